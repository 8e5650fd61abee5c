import { texts } from '../../guideline/message.js';

/** Backups, restores, and the verification of the audit trail. */
export const BACKUP_MESSAGES = texts({
  'backup-usage': { en: 'backup: which file? One, or - .', zh: 'backup：请指定一个文件，或 - 。' },
  'backup-taken': {
    en: '{file}: {rows} rows of {tables} tables as of {takenAt}, nedwatch {program}, {migrations} migrations',
    zh: '{file}：{tables} 张表共 {rows} 行，时刻 {takenAt}，nedwatch {program}，{migrations} 次迁移',
  },
  'backup-folder-usage': {
    en: 'backup: a file or --folder, not both.',
    zh: 'backup：文件与 --folder 只能用其一。',
  },
  'backup-keep-usage': {
    en: 'backup: --keep goes with --folder.',
    zh: 'backup：--keep 须与 --folder 同用。',
  },
  'backup-keep-numbers': {
    en: '--keep: {text} is not right: days, weeks and months of which to keep the newest backup, at least one day, such as 14,8,12.',
    zh: '--keep：{text} 有误：请给出保留最新备份的天数、周数和月数，至少一天，例如 14,8,12。',
  },
  'backup-checked': { en: '{taken}; restored and verified', zh: '{taken}；已试恢复并核对' },
  'backups-expired': {
    en: '{kept} backups kept, {count} deleted: {deleted}',
    zh: '保留 {kept} 份备份，删除 {count} 份：{deleted}',
  },
  'backups-kept': { en: '{kept} backups kept, none deleted', zh: '保留 {kept} 份备份，未删除任何一份' },
  'backup-not-good': {
    en: 'The backup is not good, and no older one was deleted: {file}',
    zh: '此备份不合格，未删除任何旧备份：{file}',
  },
  'folder-in-use': {
    en: 'another backup is being made in {folder}. Wait until it is done.',
    zh: '{folder} 中正在进行另一次备份，请等它结束。',
  },
  'check-not-possible': {
    en: 'the backup could not be checked, because no PostgreSQL could be started to restore it into: {detail}\nRestore it into an empty database of your own instead: DATABASE_URL=… bin/nedwatch restore FILE.',
    zh: '无法检查备份，因为不能启动用于试恢复的 PostgreSQL：{detail}\n请改为恢复到自备的空库：DATABASE_URL=… bin/nedwatch restore FILE。',
  },
  'keys-do-not-open': {
    en: '{file} can be restored, but the master key of this installation does not open the names and secrets in it. A backup made under an earlier master key needs that one: NEDWATCH_MASTER_KEY.',
    zh: '{file} 可以恢复，但本安装的主密钥打不开其中的姓名和密钥。用先前主密钥做的备份需要那把密钥：NEDWATCH_MASTER_KEY。',
  },
  'sealed-value-unopened': {
    en: 'The keys of this installation open the hospital keys of the backup, but not a sealed value of the column {table}.{column}: the value was changed or moved in the database. Keep an older backup that passes this check, and look for who changed the column.',
    zh: '本安装的密钥能打开备份中的医院密钥，但打不开 {table}.{column} 列中的一个密封值：该值在数据库中被改动或移动过。请保留一份能通过此检查的较早备份，并查明谁改动了该列。',
  },
  'keys-apart': {
    en: 'Keys are never part of a backup. Keep a copy of {folder} ({keys}) in another place than the backups. Histories can be read in it, and with these keys names too: guard it like the database.',
    zh: '备份中从不含密钥。请把 {folder}（{keys}）另存一份，并与备份分开存放。备份中的病史可以读出，有了密钥姓名也可以读出：请像数据库一样保管。',
  },
  'keys-elsewhere': {
    en: 'Keys are never part of a backup. There are none on this machine. Histories can be read in it, and with these keys names too: guard it like the database.',
    zh: '备份中从不含密钥，本机上也没有密钥。备份中的病史可以读出，有了密钥姓名也可以读出：请像数据库一样保管。',
  },
  'restore-usage': { en: 'restore: which file? Exactly one.', zh: 'restore：请指定一个文件。' },
  restored: {
    en: '{file}: {rows} rows of {tables} tables are restored and verified, as of {takenAt}.\nThe API keys are those of that time; messages not yet delivered then are sent when the program starts.\nWhat was audited since is gone from the database: an audit anchor written since will say so, and is right.',
    zh: '{file}：{tables} 张表共 {rows} 行已恢复并核对，时刻 {takenAt}。\nAPI 密钥为当时的密钥；当时尚未送达的消息会在程序启动后发送。\n此后的审计记录已不在数据库中：此后写入的审计锚文件会指出这一点，这是正确的。',
  },

  'backup-refused': { en: '{code}: {why}', zh: '{code}：{why}' },
  'file-changed': { en: 'the file has changed while it was read.', zh: '读取过程中文件发生了变化。' },
  'tables-differ': {
    en: 'the tables of this database and of the backup are not the same ({different}). Restore into a new, empty database.',
    zh: '此数据库与备份的表不一致（{different}）。请恢复到一个新的空库。',
  },
  'rows-differ': {
    en: 'read back, the rows of {table} are not those of the backup ({found} instead of {rows}).',
    zh: '读回核对时，{table} 的行与备份不符（{found} 行，应为 {rows} 行）。',
  },
  'nothing-to-back-up': {
    en: 'nedwatch has never run on this database.',
    zh: 'nedwatch 从未在此数据库上运行过。',
  },
  'schema-changing': {
    en: 'the tables are being changed just now. Try again in a minute.',
    zh: '表结构正在变更，请一分钟后重试。',
  },
  'file-unreadable': { en: '{file} cannot be read: {detail}.', zh: '无法读取 {file}：{detail}。' },
  'file-unwritable': { en: '{file} cannot be written: {detail}.', zh: '无法写入 {file}：{detail}。' },
  'backup-broken': {
    en: '{file} is damaged, incomplete or no backup: {what}. Take another copy of it, or an older backup.',
    zh: '{file} 已损坏、不完整或不是备份：{what}。请换用它的另一份副本，或更早的备份。',
  },
  'something-follows': { en: 'something follows the manifest', zh: '清单之后还有内容' },
  'end-missing': { en: 'its end is missing', zh: '末尾缺失' },
  'rows-not-as-written': {
    en: 'the rows of {table} are not those that were written',
    zh: '{table} 的各行与写入时不符',
  },
  'table-not-in-manifest': {
    en: 'its manifest does not know {table}',
    zh: '清单中没有 {table}',
  },
  'manifest-not-json': { en: 'its manifest is no JSON', zh: '清单不是 JSON' },
  'manifest-wrong': { en: 'its manifest is not right: {faults}', zh: '清单有误：{faults}' },
  'foreign-entry': {
    en: 'it holds {name}, which no backup does',
    zh: '其中有 {name}，备份不会含有它',
  },
  'backup-form-newer': {
    en: '{file} was made by nedwatch {program}, in a form ({form}) that this version cannot read. Restore it with that version.',
    zh: '{file} 由 nedwatch {program} 生成，其格式（{form}）本版本无法读取。请用该版本恢复。',
  },
  'backup-schema-newer': {
    en: '{file} was made by nedwatch {program}, whose database has what this version does not know ({unknown}). Restore it with that version.',
    zh: '{file} 由 nedwatch {program} 生成，其数据库含有本版本不认识的内容（{unknown}）。请用该版本恢复。',
  },
  'database-newer': {
    en: 'a newer version of nedwatch has been on this database ({unknown}). Restore with that one.',
    zh: '此数据库曾由更新版本的 nedwatch 使用（{unknown}）。请用该版本恢复。',
  },
  'database-in-use': {
    en: 'other nedwatch processes run on this database. Stop them all first.',
    zh: '此数据库上还有其他 nedwatch 进程在运行，请先全部停止。',
  },
  'database-not-empty': {
    en: 'there is a hospital in this database. --replace puts the backup in its place, and everything there is lost.',
    zh: '此数据库中已有医院。--replace 会以备份取代现有数据，现有数据将全部丢失。',
  },
  'not-readable': {
    en: 'this login may not read {tables}. Let NEDWATCH_OWNER_URL name the login that owns the tables, or grant it SELECT on all tables and sequences.',
    zh: '此登录账号无权读取 {tables}。请让 NEDWATCH_OWNER_URL 使用这些表的所有者账号，或授予其对全部表和序列的 SELECT 权限。',
  },
  'rows-hidden': {
    en: 'row-level security may hide rows of {tables} from this login, and a backup without them would be none. Let NEDWATCH_OWNER_URL name the login that owns the tables, or one with BYPASSRLS.',
    zh: '行级安全可能使此登录账号看不到 {tables} 的部分行，缺少这些行的备份不可用。请让 NEDWATCH_OWNER_URL 使用这些表的所有者账号，或具有 BYPASSRLS 的账号。',
  },
  'rows-refused': {
    en: 'PostgreSQL does not take the rows of this backup: {detail}.',
    zh: 'PostgreSQL 不接受此备份中的行：{detail}。',
  },
});
