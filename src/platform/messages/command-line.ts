import { texts } from '../../guideline/message.js';

/** Texts of the command line: its help, errors in a command, and results of a command. */
export const COMMAND_LINE_MESSAGES = texts({
  'two-lines': { en: '{before}\n{after}', zh: '{before}\n{after}' },
  'two-clauses': { en: '{before}; {after}', zh: '{before}；{after}' },
  usage: {
    en: 'usage: bin/nedwatch COMMAND\n\n{commands}\n\nThe environment variables are explained in .env.example.',
    zh: '用法：bin/nedwatch 命令\n\n{commands}\n\n环境变量的说明见 .env.example。',
  },
  'more-errors': {
    en: '… and {count} more errors. --all-errors lists every one.',
    zh: '……另有 {count} 处错误。--all-errors 列出全部。',
  },
  'no-such-file': {
    en: '{file}: there is no such file or folder.',
    zh: '{file}：没有这个文件或文件夹。',
  },
  'not-a-file': {
    en: 'A folder was named where a file is wanted.',
    zh: '此处需要文件，给出的是文件夹。',
  },
  'file-not-permitted': {
    en: '{file}: this user may not read or write it.',
    zh: '{file}：当前用户无权读写。',
  },
  'does-up': {
    en: 'run the program; port 0 is any free one, --demo fills an empty database',
    zh: '运行程序；端口 0 表示任一空闲端口，--demo 向空库载入演示数据',
  },
  'does-plan': {
    en: 'patients in, one JSON object a line (demo/patients.ndjson), their follow-up out; needs no database',
    zh: '读入患者（每行一个 JSON 对象，见 demo/patients.ndjson），输出其随访计划；不需要数据库',
  },
  'does-guideline': {
    en: "check a hospital's own protocol, print the form of one, or print a published one",
    zh: '检查本院方案文件，输出其格式定义，或输出已发布的指南',
  },
  'does-import': {
    en: 'read CSV files (UTF-8) into the database: rosters and events, as in demo/',
    zh: '把 CSV 文件（UTF-8）导入数据库：名册与事件，如 demo/ 所示',
  },
  'does-audit': {
    en: 'see whether the audit trail is whole, print it as FHIR AuditEvents, or accept it as it is, as after a restore',
    zh: '核验审计记录是否完整，以 FHIR AuditEvent 输出，或在恢复备份后予以接受',
  },
  'does-keys': {
    en: 'show with which keys fields are sealed, give hospitals new ones (a worker then reseals), make an administrator secret, or change the master key',
    zh: '显示字段用哪些密钥加密，为医院更换密钥（由 worker 重新加密），生成管理员密钥，或更换主密钥',
  },
  'does-doctor': {
    en: 'prove from the database that every reminder and event was told, or name what was not',
    zh: '凭数据库证明每条提醒和事件都已告知，或列出遗漏',
  },
  'does-migrate': {
    en: 'bring the database up to date and end',
    zh: '把数据库结构升级到最新，然后结束',
  },
  'does-backup': {
    en: 'write all data to a file (-: standard output) while the program runs, or into a folder, checked; or restore one as a check',
    zh: '在程序运行中把全部数据写入文件（-：标准输出），或写入文件夹并检查；或试恢复一份备份作为检查',
  },
  'does-restore': {
    en: 'read a backup into an empty database; --replace: in place of what is there',
    zh: '把备份恢复到空库；--replace：取代库中现有的数据',
  },
  'does-hospital': {
    en: 'move a hospital into the database NEDWATCH_MOVE_TO_URL; --cancel: take back a move that was ended early; --delete-left: delete what a moved hospital has left behind; directory: list the hospitals of this database for the map of a proxy',
    zh: '把一所医院迁往数据库 NEDWATCH_MOVE_TO_URL；--cancel：撤回中途终止的迁移；--delete-left：删除已迁走医院遗留的数据；directory：列出此数据库的医院，供代理的映射表使用',
  },
  'does-version': { en: 'print the version', zh: '显示版本' },
  'does-help': { en: 'print this', zh: '显示此帮助' },

  'which-command': { en: 'Which command?', zh: '请指定命令。' },
  'no-command': { en: 'There is no command {name}.', zh: '没有命令 {name}。' },
  'unknown-option': { en: "Unknown option '{option}'.", zh: '不认识选项 {option}。' },
  'option-needs-value': { en: "Option '{option}' needs a value.", zh: '选项 {option} 需要一个值。' },
  'option-takes-none': { en: "Option '{option}' takes no value.", zh: '选项 {option} 不带值。' },
  'unexpected-argument': {
    en: "Unexpected argument '{argument}'. This command takes none.",
    zh: '多余的参数 {argument}：此命令不接受参数。',
  },
  'not-a-port': {
    en: '--port: {given} is no port: use a number up to 65535, or 0 for any free one.',
    zh: '--port：{given} 不是端口：请用不大于 65535 的数字，0 表示任一空闲端口。',
  },
  'no-such-hospital': {
    en: '--hospital: there is no hospital {name}.',
    zh: '--hospital：没有医院 {name}。',
  },

  'not-a-language': {
    en: '{given} is not a language here: use zh or en.',
    zh: '不支持语言 {given}：请用 zh 或 en。',
  },
  'no-guideline-or-file': {
    en: 'there is no guideline and no file {name}. Published: {known}.',
    zh: '没有名为 {name} 的指南或文件。已发布的指南：{known}。',
  },
  line: { en: 'line {number}:', zh: '第 {number} 行：' },
  'line-not-json': { en: 'not JSON: {detail}', zh: '不是 JSON：{detail}' },
  'too-far': {
    en: '{until} lies after {furthest}: plan {years} years at most.',
    zh: '{until} 晚于 {furthest}：最多计划 {years} 年。',
  },
  'guideline-usage': {
    en: 'guideline: check FILE, schema, or show [ID].',
    zh: 'guideline：请用 check 文件、schema 或 show [编号]。',
  },
  'guideline-sound': {
    en: '{file}: {guideline}, {rules} rules, no fault found',
    zh: '{file}：{guideline}，{rules} 条规则，未发现问题',
  },
  'no-guideline-published': {
    en: 'There is no guideline {name}. Published: {known}.',
    zh: '没有指南 {name}。已发布：{known}。',
  },

  'import-which-file': { en: 'import: which file?', zh: 'import：请指定文件。' },
  'not-an-import-kind': {
    en: '--kind: {given} is neither roster nor events.',
    zh: '--kind：{given} 既不是 roster（名册）也不是 events（事件）。',
  },
  imported: {
    en: '{kind}: {created} created, {updated} updated, {unchanged} unchanged, {rejected} rejected; {outcome}',
    zh: '{kind}：新建 {created}，更新 {updated}，未变 {unchanged}，拒绝 {rejected}；{outcome}',
  },
  'nothing-written': { en: 'dry run, nothing written', zh: '仅试运行，未写入' },
  'plans-changed': {
    en: 'plans: {added} items added, {moved} moved, {cancelled} cancelled, {kept} kept',
    zh: '计划：新增 {added} 项，移动 {moved}，取消 {cancelled}，保留 {kept}',
  },
  'patients-done': { en: '{done} of {all} patients', zh: '已处理 {done} 人，共 {all} 人' },

  'keys-usage': {
    en: 'keys: status, rotate, new-admin or change-master?',
    zh: 'keys：请用 status、rotate、new-admin 或 change-master。',
  },
  'keys-revoke-usage': {
    en: '--revoke: only with keys new-admin.',
    zh: '--revoke：只用于 keys new-admin。',
  },
  'new-admin-no-hospital': {
    en: 'keys new-admin: there is no hospital yet. Start the program: it shows the first secret.',
    zh: 'keys new-admin：还没有医院。请启动程序，它会显示首个密钥。',
  },
  'secrets-revoked': {
    en: '{revoked} administrator secrets made before are revoked.',
    zh: '此前生成的 {revoked} 个管理员密钥已吊销。',
  },
  'secrets-still-taken': {
    en: 'administrator secrets made before are still taken; --revoke ends them.',
    zh: '此前生成的管理员密钥仍然有效；--revoke 可将其吊销。',
  },
  'of-hospital': { en: 'hospital {id}: {what}', zh: '医院 {id}：{what}' },
  'key-rotated': {
    en: 'key {number} is the newest; what is sealed under older ones is resealed by a worker',
    zh: '最新密钥为第 {number} 号；用旧密钥加密的内容由 worker 重新加密',
  },
  'master-others-run': {
    en: 'keys change-master: other nedwatch processes run on this database. Stop them all first.',
    zh: 'keys change-master：此数据库上还有其他 nedwatch 进程在运行，请先全部停止。',
  },
  'master-key-missing': {
    en: 'keys change-master: say the new key: NEDWATCH_NEW_MASTER_KEY=$(openssl rand -base64 32).',
    zh: 'keys change-master：请给出新密钥：NEDWATCH_NEW_MASTER_KEY=$(openssl rand -base64 32)。',
  },
  'master-not-changed': {
    en: 'keys change-master: {why} Nothing has changed.',
    zh: 'keys change-master：{why}未作任何更改。',
  },
  'master-changed': {
    en: '{count} keys and secrets are sealed with the new master key. {next}',
    zh: '{count} 个密钥和机密已用新的主密钥加密。{next}',
  },
  'master-from-environment': {
    en: 'From now on set NEDWATCH_MASTER_KEY to what NEDWATCH_NEW_MASTER_KEY was, on every machine.',
    zh: '今后请在每台机器上把 NEDWATCH_MASTER_KEY 设为原 NEDWATCH_NEW_MASTER_KEY 的值。',
  },
  'master-in-file': {
    en: 'The new key is {file}: keep a copy elsewhere. The one before is {before}: backups made until now need it.',
    zh: '新密钥在 {file}，请另存一份。原密钥在 {before}，此前的备份需要它。',
  },
  'patients-in-clear': { en: '{patients} patients in clear', zh: '{patients} 位患者未加密' },
  'patients-under-key': {
    en: '{patients} patients under key {number}',
    zh: '{patients} 位患者使用第 {number} 号密钥',
  },
  'newest-key-done': {
    en: 'newest key {number}, nothing left to reseal',
    zh: '最新密钥为第 {number} 号，无须重新加密',
  },
  'newest-key-resealing': {
    en: 'newest key {number}, resealing',
    zh: '最新密钥为第 {number} 号，正在重新加密',
  },
  'no-key-yet': { en: 'no key yet', zh: '尚无密钥' },

  'doctor-usage': { en: 'doctor: what is {given}?', zh: 'doctor：不认识参数 {given}。' },
  'doctor-days': {
    en: 'doctor --days: a whole number of days, from 1 to 3660.',
    zh: 'doctor --days：请填写 1 到 3660 的整数天数。',
  },
  'doctor-result': {
    en: 'hospital {id}: {checks} checks over {days} days, {count} violations',
    zh: '医院 {id}：近 {days} 天，{checks} 项核对，发现 {count} 处遗漏',
  },
  migrated: { en: 'The database is up to date.', zh: '数据库结构已是最新。' },
});
