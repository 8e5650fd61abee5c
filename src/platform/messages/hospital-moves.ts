import { texts } from '../../guideline/message.js';

/** The move of a hospital into another database. */
export const HOSPITAL_MOVE_MESSAGES = texts({
  'hospital-usage': {
    en: 'hospital: move CODE, and at most one of --cancel and --delete-left; or directory CELL.',
    zh: 'hospital：move 医院代码，--cancel 与 --delete-left 至多用其一；或 directory 单元名称。',
  },
  'directory-usage': {
    en: 'hospital directory: the name of the cell, with lower-case letters, digits and hyphens, at most 40.',
    zh: 'hospital directory：给出单元名称，由小写字母、数字和连字符组成，至多 40 个字符。',
  },
  'move-to-missing': {
    en: 'NEDWATCH_MOVE_TO_URL must name the other database, with the login that owns its tables.',
    zh: '须用 NEDWATCH_MOVE_TO_URL 指定另一数据库，并使用拥有其表的登录名。',
  },
  'hospital-moved': {
    en: '{hospital} is served from {where}: {rows} rows of {tables} tables, each table with an equal SHA-256. It was not served for {seconds} s.\nIts users and systems must now use a program of that database. The rows left here are deleted by: bin/nedwatch hospital move {hospital} --delete-left',
    zh: '{hospital} 现由 {where} 提供服务：{tables} 张表共 {rows} 行，每张表的 SHA-256 均一致。停止服务 {seconds} 秒。\n其用户和系统现须使用该数据库的程序。删除此处遗留的数据：bin/nedwatch hospital move {hospital} --delete-left',
  },
  'hospital-released': {
    en: '{hospital} is served from {where}. An earlier run of this command had moved it.',
    zh: '{hospital} 现由 {where} 提供服务。此命令的上一次运行已完成迁移。',
  },
  'move-cancelled': {
    en: '{hospital} is served from {where}, as before the move.',
    zh: '{hospital} 仍由 {where} 提供服务，与迁移前相同。',
  },
  'left-deleted': {
    en: 'The rows that {hospital} had left in {where} are deleted.',
    zh: '{hospital} 遗留在 {where} 的数据已删除。',
  },
  'wait-hospital-work': {
    en: 'the end of {count} transactions that programs have begun',
    zh: '程序已开始的 {count} 个事务结束',
  },
  'move-no-such-hospital': {
    en: 'there is no hospital with the code or id {hospital} in {where}.',
    zh: '{where} 中没有代码或编号为 {hospital} 的医院。',
  },
  'move-first-hospital': {
    en: 'this is the first hospital of its database. The operator belongs to it, so it stays.',
    zh: '这是其数据库的第一所医院，运维人员属于该医院，不能迁走。',
  },
  'move-already-there': {
    en: '{hospital} is in {where} already, and served from there.',
    zh: '{hospital} 已在 {where} 中并由其提供服务。',
  },
  'move-versions-differ': {
    en: 'the schema of {where} is of another version. Run bin/nedwatch migrate of one version on both databases.',
    zh: '{where} 的数据库结构版本不同。请用同一版本对两个数据库运行 bin/nedwatch migrate。',
  },
  'move-code-taken': {
    en: 'another hospital in {where} has the code {code}. Give one of the two another code first.',
    zh: '{where} 中另一所医院已使用代码 {code}。请先为其中一所更换代码。',
  },
  'move-other-master-key': {
    en: 'the master key of this installation does not open the keys in {where}. Both databases need the same NEDWATCH_MASTER_KEY.',
    zh: '本安装的主密钥打不开 {where} 中的密钥。两个数据库须使用同一 NEDWATCH_MASTER_KEY。',
  },
  'move-runs': {
    en: 'another command moves a hospital away from {where}. Wait until it ends.',
    zh: '另一条命令正在从 {where} 迁移医院，请等它结束。',
  },
  'nothing-to-cancel': {
    en: 'no move of this hospital was ended early. Once its rows are in force at the target, move it back from there.',
    zh: '该医院没有中途终止的迁移。数据在目标处生效后，请从那里迁回。',
  },
  'nothing-left-behind': {
    en: 'this hospital has left no rows behind, or is not yet served from the other database. Finish the move first.',
    zh: '该医院没有遗留数据，或尚未由另一数据库提供服务。请先完成迁移。',
  },
  'needs-replication-role': {
    en: 'the login of the target may not suspend triggers for its session. Let an administrator of that database run once: GRANT SET ON PARAMETER session_replication_role TO the owner of the tables.',
    zh: '目标数据库的登录名不能为其会话暂停触发器。请由该数据库的管理员执行一次：GRANT SET ON PARAMETER session_replication_role TO 表的所有者。',
  },
});
