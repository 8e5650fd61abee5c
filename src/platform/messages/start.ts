import { texts } from '../../guideline/message.js';

/** Why the program does not start, and what it reports after the start. */
export const START_MESSAGES = texts({
  'bad-environment': {
    en: 'nedwatch does not start, because the environment is not right:\n{lines}',
    zh: 'nedwatch 未启动，环境变量有误：\n{lines}',
  },
  'env-fault': { en: '  {name}: {fault}', zh: '  {name}：{fault}' },
  'env-base64': { en: 'must be base64', zh: '须为 base64' },
  'env-key-bytes': {
    en: 'must be 32 bytes, in base64: openssl rand -base64 32',
    zh: '须为 32 字节的 base64：openssl rand -base64 32',
  },
  'env-postgres': { en: 'must be a postgres:// address', zh: '须为 postgres:// 地址' },
  'env-redis': {
    en: 'must be redis:// or rediss:// addresses, separated by commas',
    zh: '须为 redis:// 或 rediss:// 地址，多个以逗号分隔',
  },
  'env-instant': {
    en: 'must be an instant with its offset, such as 2026-11-01T08:00:00+08:00',
    zh: '须为带时区偏移的时刻，例如 2026-11-01T08:00:00+08:00',
  },
  'env-addresses': {
    en: 'must be addresses or ranges such as 10.1.2.0/24, separated by commas',
    zh: '须为 IP 地址或网段，例如 10.1.2.0/24，多个以逗号分隔',
  },
  'env-tls-pair': {
    en: 'is missing: TLS needs it beside {one}',
    zh: '缺失：提供 TLS 时须与 {one} 一同设置',
  },
  'bad-certificate': {
    en: 'The certificate for HTTPS cannot be used:\n  {variable}: {fault}',
    zh: '无法使用 HTTPS 证书：\n  {variable}：{fault}',
  },
  'certificate-unreadable': { en: '{file} cannot be read: {detail}', zh: '无法读取 {file}：{detail}' },
  'certificate-not-pem': {
    en: '{file} is no certificate in PEM (-----BEGIN CERTIFICATE-----): {detail}',
    zh: '{file} 不是 PEM 格式的证书（-----BEGIN CERTIFICATE-----）：{detail}',
  },
  'certificate-key-not-pem': {
    en: '{file} is no private key in PEM without a passphrase: {detail}',
    zh: '{file} 不是无口令的 PEM 格式私钥：{detail}',
  },
  'certificate-key-other': {
    en: '{file} is not the key of the certificate in {certificate}',
    zh: '{file} 不是 {certificate} 中证书的私钥',
  },
  'env-admin-key': {
    en: 'is too weak: leave it out and a key is generated, or set one from openssl rand -base64 32 (at least 20 characters, 8 of them different, no row, repetition or placeholder)',
    zh: '强度不足：请留空由程序生成，或使用 openssl rand -base64 32 的输出（至少 20 个字符，其中至少 8 种不同字符，不能是顺序、重复或示例内容）',
  },
  'env-public-url': {
    en: 'must be an address such as https://nedwatch.hospital.example',
    zh: '须为网址，例如 https://nedwatch.hospital.example',
  },
  'env-audit-days-at-most': {
    en: 'must be at most 36525: a hundred years',
    zh: '不得超过 36525（一百年）',
  },
  'env-audit-days': {
    en: 'must be at least 184: the law asks for six months',
    zh: '不得少于 184：法规要求保存六个月',
  },
  'env-anchor-url': {
    en: 'must be an address such as https://log.hospital.example/nedwatch',
    zh: '须为网址，例如 https://log.hospital.example/nedwatch',
  },
  'env-anchor-login': {
    en: 'must not carry a user name or password: give a token in NEDWATCH_ANCHOR_TOKEN',
    zh: '不得含用户名或密码：请在 NEDWATCH_ANCHOR_TOKEN 中给出令牌',
  },
  'env-trace-url': {
    en: 'must be an address such as http://127.0.0.1:4318/v1/traces',
    zh: '须为网址，例如 http://127.0.0.1:4318/v1/traces',
  },
  'env-trace-login': {
    en: 'must not carry a user name or password: let the collector accept requests from this machine alone',
    zh: '不得含用户名或密码：请让收集器只接受来自本机的请求',
  },
  'env-anchor-token': {
    en: 'must be a bearer token: letters, digits and - . _ ~ + / alone',
    zh: '须为 bearer 令牌：仅限字母、数字和 - . _ ~ + /',
  },
  'env-proxy': {
    en: 'must be an address such as http://proxy.hospital.example:3128',
    zh: '须为网址，例如 http://proxy.hospital.example:3128',
  },
  'env-clock': {
    en: 'is for demonstrations and tests: unset it when NODE_ENV=production',
    zh: '仅用于演示和测试：NODE_ENV=production 时请勿设置',
  },
  'env-loopback': {
    en: 'is for development and tests: unset it when NODE_ENV=production',
    zh: '仅用于开发和测试：NODE_ENV=production 时请勿设置',
  },

  'data-elsewhere': {
    en: "data {directory} (PostgreSQL's own user cannot reach {wanted})",
    zh: '数据目录 {directory}（PostgreSQL 的系统用户无法访问 {wanted}）',
  },
  'pages-at': { en: 'pages {address}/', zh: '网页 {address}/' },
  'mllp-at': { en: 'HL7 v2 {address}', zh: 'HL7 v2 {address}' },
  'reference-at': { en: 'API reference {address}/api/docs', zh: '接口文档 {address}/api/docs' },
  'demo-not-empty': {
    en: '--demo fills an empty program alone, and this one has people or patients. Start it without --demo, or give the demonstration a data folder of its own: NEDWATCH_DATA=.data-demo npm start -- --demo',
    zh: '--demo 只用于空的程序，而此程序中已有用户或患者。请不带 --demo 启动，或为演示另设数据目录：NEDWATCH_DATA=.data-demo npm start -- --demo',
  },
  'demo-interrupted': {
    en: 'The demonstration was interrupted while it was being made. Remove its data folder and start again.',
    zh: '上次生成演示数据时中断。请删除其数据目录后重新启动。',
  },
  'first-run-at': {
    en: 'set up your hospital in the browser, within 24 hours: {address}/first-run#{token}',
    zh: '请在 24 小时内用浏览器打开，完成首次设置：{address}/first-run#{token}',
  },
  'administrator-secret': {
    en: 'administrator secret, shown this once: {secret}',
    zh: '管理员密钥（仅显示这一次）：{secret}',
  },

  'database-unusable': {
    en: '{variable} names a database that cannot be used: {detail}. See that it runs, exists and lets this user in.',
    zh: '{variable} 指向的数据库无法使用：{detail}。请确认它正在运行、确实存在并允许此用户登录。',
  },
  'clock-differs': {
    en: 'NEDWATCH_CLOCK is {asked}, but other nedwatch processes on this database started from {running}. Stop them first, or use the same value.',
    zh: 'NEDWATCH_CLOCK 为 {asked}，但此数据库上的其他 nedwatch 进程从 {running} 开始计时。请先停止它们，或使用相同的值。',
  },
  'real-time': { en: 'the real time', zh: '真实时间' },
  'clock-shifted': {
    en: 'Other nedwatch processes on this database run on a shifted clock. Stop them first.',
    zh: '此数据库上的其他 nedwatch 进程使用了偏移的时钟。请先停止它们。',
  },
  'redis-unsafe': {
    en: 'nedwatch does not start, because the Redis at {where} can lose jobs:\n{lines}',
    zh: 'nedwatch 未启动，因为 {where} 上的 Redis 可能丢失任务：\n{lines}',
  },
  'redis-evicts': {
    en: '  maxmemory-policy is {policy}: a full Redis would drop jobs. Set "maxmemory-policy noeviction".',
    zh: '  maxmemory-policy 为 {policy}：Redis 内存满时会丢弃任务。请设置“maxmemory-policy noeviction”。',
  },
  'redis-forgets': {
    en: '  appendonly is no: a Redis that is killed would forget its jobs. Set "appendonly yes".',
    zh: '  appendonly 为 no：Redis 被强制结束时会丢失任务。请设置“appendonly yes”。',
  },
  'wrong-master-key': {
    en: 'nedwatch does not start, because the master key is not the one with which names and secrets in this database are sealed. Set NEDWATCH_MASTER_KEY to that key, or put the file keys/secrets.key back under NEDWATCH_DATA from where its copy is kept. Where keys/secrets.key.next lies beside it, a change of the key was cut off at its end: that one is the key, rename it.',
    zh: 'nedwatch 未启动，因为主密钥不是加密此数据库中姓名和机密所用的那一把。请把 NEDWATCH_MASTER_KEY 设为该密钥，或把另存的 keys/secrets.key 放回 NEDWATCH_DATA 之下。如果旁边有 keys/secrets.key.next，说明更换密钥在最后一步被中断：它就是当前密钥，请把它改名。',
  },
  'master-key-opens-nothing': {
    en: 'The present master key does not open what it should have sealed.',
    zh: '当前主密钥无法打开本应由它加密的内容。',
  },

  'embedded-moved': {
    en: 'PostgreSQL came back on another port. Start nedwatch again.',
    zh: 'PostgreSQL 恢复后换了端口，请重新启动 nedwatch。',
  },
  'embedded-no-folder': {
    en: 'The embedded PostgreSQL finds no folder for its data:\n{refusals}\nSet NEDWATCH_DATA to a folder that you may write to, or DATABASE_URL to a PostgreSQL of your own.',
    zh: '自带的 PostgreSQL 找不到可存放数据的目录：\n{refusals}\n请把 NEDWATCH_DATA 设为可写入的目录，或把 DATABASE_URL 设为自备的 PostgreSQL。',
  },
  'embedded-root': {
    en: 'PostgreSQL does not run as root, and this system has neither a user "postgres" nor "nobody". Start nedwatch as an ordinary user, or set DATABASE_URL to a PostgreSQL of your own.',
    zh: 'PostgreSQL 不能以 root 运行，而本系统既没有 postgres 用户也没有 nobody 用户。请以普通用户启动 nedwatch，或把 DATABASE_URL 设为自备的 PostgreSQL。',
  },
  'embedded-held': {
    en: 'Another nedwatch process holds {directory} and neither starts nor stops its server. End the nedwatch processes of this folder and start again.',
    zh: '另一个 nedwatch 进程占用了 {directory}，既不启动也不停止其数据库。请结束使用该目录的 nedwatch 进程，然后重新启动。',
  },
  'embedded-not-created': {
    en: 'The embedded PostgreSQL could not create its data: {why}\nMake room or permission for it, or set DATABASE_URL to a PostgreSQL of your own.',
    zh: '自带的 PostgreSQL 无法创建数据：{why}\n请腾出空间或授予权限，或把 DATABASE_URL 设为自备的 PostgreSQL。',
  },
  'embedded-nameless-user': {
    en: 'The embedded PostgreSQL could not create its data: {why}\nPostgreSQL asks that the user it runs as has a line in /etc/passwd: start nedwatch as one that has, or set DATABASE_URL to a PostgreSQL of your own.',
    zh: '自带的 PostgreSQL 无法创建数据：{why}\nPostgreSQL 要求其运行用户在 /etc/passwd 中有记录：请以这样的用户启动 nedwatch，或把 DATABASE_URL 设为自备的 PostgreSQL。',
  },
  'embedded-not-started': {
    en: 'The embedded PostgreSQL does not start. The end of its log:\n{log}\nRepair what it says, or set DATABASE_URL to a PostgreSQL of your own.',
    zh: '自带的 PostgreSQL 无法启动。其日志末尾：\n{log}\n请按日志修复，或把 DATABASE_URL 设为自备的 PostgreSQL。',
  },
  'embedded-not-runnable': {
    en: 'The embedded PostgreSQL does not run on this system: {why}\nSet DATABASE_URL to a PostgreSQL of your own.',
    zh: '自带的 PostgreSQL 无法在本系统上运行：{why}\n请把 DATABASE_URL 设为自备的 PostgreSQL。',
  },
  'embedded-not-installed': {
    en: 'There is no embedded PostgreSQL for {system} on {architecture} (package {name} is not installed). Set DATABASE_URL to a PostgreSQL of your own.',
    zh: '没有适用于 {system}（{architecture}）的自带 PostgreSQL（未安装软件包 {name}）。请把 DATABASE_URL 设为自备的 PostgreSQL。',
  },
});
