import { texts } from '../../guideline/message.js';

/** Uploaded files: rosters, events, guidelines. */
export const IMPORT_MESSAGES = texts({
  'form-required': {
    en: 'Send multipart/form-data with the parts file and kind.',
    zh: '请用 multipart/form-data 发送 file 和 kind 两部分。',
  },
  'not-a-form': {
    en: 'The body is not a whole multipart/form-data form.',
    zh: '请求正文不是完整的 multipart/form-data 表单。',
  },
  'file-required': {
    en: 'Send the file as a part of the form with a file name.',
    zh: '请把文件作为表单中带文件名的部分发送。',
  },
  'not-csv': {
    en: 'This is an XLSX file: save it as "CSV UTF-8" and send that.',
    zh: '这是 XLSX 文件：请另存为“CSV UTF-8”后再导入。',
  },
  'file-not-utf8': {
    en: 'Line {line} is not UTF-8 (GBK?): save the file as "CSV UTF-8".',
    zh: '第 {line} 行不是 UTF-8 编码（可能是 GBK）：请把文件另存为“CSV UTF-8”。',
  },
  'line-not-csv': { en: 'Line {line} is not CSV: {detail}.', zh: '第 {line} 行不是 CSV：{detail}。' },
  'cells-of-columns': {
    en: '{detail}. Each line needs as many cells as the header has columns.',
    zh: '{detail}。每一行的单元格数须与表头的列数相同。',
  },
  'line-too-long': {
    en: 'Line {line} has more than {limit} bytes: a quote may not be closed, or line ends are missing.',
    zh: '第 {line} 行超过 {limit} 字节：可能有引号未闭合，或缺少换行。',
  },
  'too-many-columns': {
    en: 'The header has more than {limit} columns.',
    zh: '表头超过 {limit} 列。',
  },
  'too-many-rows': {
    en: 'The file has more than {limit} rows: split it into several files.',
    zh: '文件超过 {limit} 行：请拆分为多个文件。',
  },
  'file-too-complex': {
    en: 'The file could not be read within {seconds} s and the memory set aside for it: split it into several files.',
    zh: '在 {seconds} 秒及为其预留的内存内无法读完此文件：请拆分为多个文件。',
  },
  'import-in-progress': {
    en: 'Another file is being imported into this hospital. Repeat the import once that is done.',
    zh: '本院正在导入另一个文件。请在其完成后重新导入。',
  },
  'too-many-imports': {
    en: 'Files of other hospitals are being imported. Repeat the import in a few seconds.',
    zh: '正在导入其他医院的文件。请几秒后重新导入。',
  },
  'wrong-columns': { en: 'The columns are not right: {faults}', zh: '列有误：{faults}' },
  'missing-column': {
    en: 'There is no column {column}. The columns are {known}.',
    zh: '缺少列 {column}。应有的列：{known}。',
  },
  'unknown-column': {
    en: 'Nothing is known of a column {column}. The columns are {known}.',
    zh: '不认识列 {column}。应有的列：{known}。',
  },
  'column-twice': {
    en: 'There are two columns {column}. The columns are {known}.',
    zh: '列 {column} 出现了两次。应有的列：{known}。',
  },
  'type-not-importable': {
    en: '{event} needs fields that this file has no columns for: record it by POST /patients/{id}/events.',
    zh: '{event}所需的字段在此文件中没有对应的列：请用 POST /patients/{id}/events 登记。',
  },
  'rows-rejected': {
    en: '{rejected} of {rows} rows are bad, so nothing was written. Correct them, or accept the good ones (acceptGood=true, on the command line --accept-good).',
    zh: '{rows} 行中有 {rejected} 行有误，因此一行也未写入。请更正，或只写入其余各行（acceptGood=true，命令行用 --accept-good）。',
  },
  'rows-rejected-many': {
    en: '{rejected} of {rows} rows are bad, so nothing was written. They have {errors} errors, of which the first {shown} are listed. Correct them, or accept the good rows (acceptGood=true, on the command line --accept-good).',
    zh: '{rows} 行中有 {rejected} 行有误，因此一行也未写入。共有 {errors} 处错误，仅列出前 {shown} 处。请更正，或只写入其余各行（acceptGood=true，命令行用 --accept-good）。',
  },
  'errors-not-shown': {
    en: '{count} more errors are not listed.',
    zh: '另有 {count} 处错误未列出。',
  },
  'differs-from-record': {
    en: 'Recorded is {recorded}. If the record is wrong, correct it there; if the file is, correct the file.',
    zh: '已登记的是 {recorded}。如登记有误，请更正登记；如文件有误，请更正文件。',
  },
  'event-differs': {
    en: 'Recorded is {recorded}. Void the {event} or record this one by POST /patients/{id}/events.',
    zh: '已登记的是 {recorded}。请作废该{event}，或用 POST /patients/{id}/events 登记这一项。',
  },
  'event-not-recorded': {
    en: 'Recorded is no such event. Record the {event} by POST /patients/{id}/events.',
    zh: '没有登记过此类事件。请用 POST /patients/{id}/events 登记此{event}。',
  },
  'mrn-twice': {
    en: '{mrn} stands on line {before} already: one line for each patient.',
    zh: '{mrn} 已出现在第 {before} 行：每名患者只占一行。',
  },
  'ambiguous-mrn': {
    en: 'Several patients have mrn {mrn} in different forms: write it just as it is recorded.',
    zh: '有多名患者的病案号是 {mrn} 的不同写法：请与登记的写法完全一致。',
  },
  'unknown-mrn': {
    en: 'No patient of this hospital has mrn {mrn}: import the roster first.',
    zh: '本院没有病案号为 {mrn} 的患者：请先导入名册。',
  },

  'guideline-not-json': { en: 'Not JSON: {detail}', zh: '不是 JSON：{detail}' },
  'protocol-period-form': {
    en: 'Write an ISO 8601 period such as P3M, P6W or P19M4W-1D: years, months, weeks, days in this order.',
    zh: '请填写 ISO 8601 时长，例如 P3M、P6W 或 P19M4W-1D：依次为年、月、周、日。',
  },
  'too-many-entries': {
    en: 'There are more than {limit} entries here: leave some out, or split the file.',
    zh: '此处超过 {limit} 项：请减少条目或拆分文件。',
  },
  'id-form': {
    en: 'lower-case letters, digits, - and _, beginning with a letter',
    zh: '小写字母、数字、- 和 _，以字母开头',
  },
  'version-form': { en: 'three numbers, such as 1.0.0', zh: '三个数字，例如 1.0.0' },
});
