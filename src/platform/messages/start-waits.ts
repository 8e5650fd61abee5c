import { texts } from '../../guideline/message.js';

/** What a start reports while it waits, and when it gives up. */
export const START_WAIT_MESSAGES = texts({
  'start-waits': {
    en: 'nedwatch waits for {what} {seconds} s of at most {limit} s.',
    zh: 'nedwatch 正在等待{what}已等 {seconds} 秒，最多 {limit} 秒。',
  },
  'start-gave-up': {
    en: 'nedwatch does not start: it has waited {seconds} s for {what} NEDWATCH_START_WAIT_SECONDS sets how long.',
    zh: 'nedwatch 未启动：已等待 {seconds} 秒，等待的是{what}等待时长由 NEDWATCH_START_WAIT_SECONDS 设定。',
  },
  'start-migrates': {
    en: 'nedwatch brings the database up to date: {seconds} s so far.',
    zh: 'nedwatch 正在更新数据库结构：已用 {seconds} 秒。',
  },
  'wait-database': { en: 'the database of {variable}: {fault}.', zh: ' {variable} 指定的数据库：{fault}。' },
  'wait-redis': { en: 'the Redis of REDIS_URL: {fault}.', zh: ' REDIS_URL 指定的 Redis：{fault}。' },
  'wait-migration-lock': {
    en: 'the migration lock, which another nedwatch process holds{holder}. If none is starting or restoring, end that session: SELECT pg_terminate_backend(pid).',
    zh: '迁移锁，它由另一个 nedwatch 进程持有{holder}。如果没有进程正在启动或恢复，请结束该会话：SELECT pg_terminate_backend(pid)。',
  },
  'lock-holder': { en: ' ({holders})', zh: '（{holders}）' },
  'wait-start': {
    en: 'another nedwatch process that is starting on this database.',
    zh: '另一个正在此数据库上启动的 nedwatch 进程。',
  },
  'wait-restore': {
    en: 'a restore or a change of the master key on this database to end.',
    zh: '此数据库上的恢复或主密钥更换结束。',
  },
  'wait-tables': {
    en: 'the tables of the database, which another session has locked.',
    zh: '被另一个会话锁定的数据表。',
  },
  'wait-other-clock': {
    en: 'the leases of nedwatch processes that keep another time, if they were killed ({holders}).',
    zh: '使用另一时间的 nedwatch 进程的租约到期（如果它们已被杀死：{holders}）。',
  },
  'wait-leases': {
    en: 'the leases of nedwatch processes that run or were killed lately ({holders}).',
    zh: '正在运行或刚被杀死的 nedwatch 进程的租约到期（{holders}）。',
  },
  'no-answer-yet': { en: 'no answer yet', zh: '尚无应答' },
  'migration-table-locked': {
    en: 'nedwatch does not start: a migration has waited too long for a table that another session has locked. End that session (SELECT pid, state, query FROM pg_stat_activity), and start again. NEDWATCH_START_WAIT_SECONDS sets how long.',
    zh: 'nedwatch 未启动：升级数据库结构时，等待被另一个会话锁定的数据表过久。请结束该会话（SELECT pid, state, query FROM pg_stat_activity），然后重新启动。等待时长由 NEDWATCH_START_WAIT_SECONDS 设定。',
  },
  'redis-refuses': {
    en: 'nedwatch does not start, because the Redis of REDIS_URL does not let it in: {detail}',
    zh: 'nedwatch 未启动，因为 REDIS_URL 指定的 Redis 拒绝其登录：{detail}',
  },
  'port-taken': {
    en: 'nedwatch does not start, because it cannot listen on port {port} of {host}: {why}. End that program, or choose another port: --port N, or NEDWATCH_PORT (and NEDWATCH_HOST).',
    zh: 'nedwatch 未启动，因为无法监听 {host} 的端口 {port}：{why}。请结束该程序，或另选端口：--port N，或 NEDWATCH_PORT（及 NEDWATCH_HOST）。',
  },
  'port-in-use': { en: 'another program has it', zh: '该端口已被另一个程序占用' },
  'env-database-url': {
    en: 'needs DATABASE_URL: name the database there too',
    zh: '须同时设置 DATABASE_URL：请在其中也指定该数据库',
  },

  'address-pooled': {
    en: 'DATABASE_URL leads through a connection pooler. Name the same database without it in NEDWATCH_DIRECT_URL: migrations, backup and the queue on PostgreSQL need a session of their own.',
    zh: 'DATABASE_URL 经由连接池。请在 NEDWATCH_DIRECT_URL 中指定不经连接池的同一数据库：升级结构、备份和 PostgreSQL 上的队列需要独立的会话。',
  },
  'direct-address-pooled': {
    en: '{variable} leads through a connection pooler. It has to name the database without one: migrations, backup and the queue on PostgreSQL need a session of their own.',
    zh: '{variable} 经由连接池。它须指定不经连接池的数据库：升级结构、备份和 PostgreSQL 上的队列需要独立的会话。',
  },
  'not-a-standby': {
    en: 'NEDWATCH_STANDBY_URL leads to another database than DATABASE_URL. It has to name the standbys of the same database: docs/operations/cell.md.',
    zh: 'NEDWATCH_STANDBY_URL 与 DATABASE_URL 指向不同的数据库。它须指定同一数据库的备库：docs/operations/cell.zh-CN.md。',
  },
  'login-unsafe': {
    en: 'nedwatch does not start, because {fault}',
    zh: 'nedwatch 未启动，因为{fault}',
  },
  'login-owns-nothing': {
    en: 'nedwatch does not start, because the login that migrates works as {role}, which owns nothing. Name the login of the owner in NEDWATCH_OWNER_URL: docs/postgresql.md.',
    zh: 'nedwatch 未启动，因为升级结构所用的登录以 {role} 身份工作，而该角色不拥有任何表。请在 NEDWATCH_OWNER_URL 中指定表所有者的登录：docs/postgresql.zh-CN.md。',
  },
  'login-unknown': { en: 'the role of its login is unknown.', zh: '其登录的角色未知。' },
  'role-sees-all': {
    en: 'row-level security would not bind the database role {role}: it is a superuser, bypasses row security or owns tables. {remedy}',
    zh: '行级安全对数据库角色 {role} 不起作用：它是超级用户、可绕过行级安全或拥有数据表。{remedy}',
  },
  'take-from-role': { en: 'Take that from the role {wanted}.', zh: '请取消角色 {wanted} 的这些权限。' },
  'login-leaves-role': {
    en: 'the login {login} of DATABASE_URL could give up the role {wanted}: it is a superuser, bypasses row security, creates roles or owns tables, itself or by a role that it is a member of. Let DATABASE_URL name a login that is a member of {wanted} alone: docs/postgresql.md, "Use two logins".',
    zh: 'DATABASE_URL 的登录 {login} 可以放弃角色 {wanted}：它本身或它所属的角色是超级用户、可绕过行级安全、可创建角色或拥有数据表。请让 DATABASE_URL 使用仅属于 {wanted} 的登录：docs/postgresql.zh-CN.md“使用两个登录”。',
  },
  'one-login': {
    en: 'WARNING: the login {login} of DATABASE_URL owns the tables or is a superuser, and the program works with it: row-level security does not hold if a statement is ever slipped in. Use two logins: docs/postgresql.md.',
    zh: '警告：DATABASE_URL 的登录 {login} 拥有数据表或是超级用户，而程序以它工作：一旦有语句被注入，行级安全便不再有效。请使用两个登录：docs/postgresql.zh-CN.md。',
  },
  'role-has-no-rights': {
    en: 'the database role {role} has no rights of {wanted}. {remedy}',
    zh: '数据库角色 {role} 没有 {wanted} 的权限。{remedy}',
  },
  'role-by-login': {
    en: `Through a pooler the login sets the role: ALTER ROLE "{login}" SET role = '{wanted}'; and reconnect the pooler (RECONNECT).`,
    zh: `经由连接池时由登录设定角色：ALTER ROLE "{login}" SET role = '{wanted}'; 然后让连接池重新连接（RECONNECT）。`,
  },
  'login-keeps-locks': {
    en: `a lost connection of the login {login} would keep its locks. Set a limit: ALTER ROLE "{login}" SET idle_in_transaction_session_timeout = '30s'; and reconnect the pooler (RECONNECT).`,
    zh: `登录 {login} 的连接丢失后会一直持有锁。请设定时限：ALTER ROLE "{login}" SET idle_in_transaction_session_timeout = '30s'; 然后让连接池重新连接（RECONNECT）。`,
  },
  'pooler-drops-zone': {
    en: 'the connection pooler does not pass on the time zone. Let it track TimeZone, as pgbouncer does by itself.',
    zh: '连接池不传递时区。请让它跟踪 TimeZone（pgbouncer 默认如此）。',
  },
  'lease-other-clock': {
    en: 'nedwatch ends, because other nedwatch processes put this database on another clock while this one was out of its reach. Start it again.',
    zh: 'nedwatch 结束运行，因为在它与数据库失去连接期间，其他 nedwatch 进程更改了此数据库的时钟。请重新启动。',
  },
  'lease-restored': {
    en: 'nedwatch ends, because its database, which was out of reach, is being restored or gets another master key. Start it again afterwards.',
    zh: 'nedwatch 结束运行，因为在它与数据库失去连接期间，数据库开始恢复或更换主密钥。请在完成之后重新启动。',
  },
});
