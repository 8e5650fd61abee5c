import { texts } from '../../guideline/message.js';

/** Spreadsheets as wards keep them: refusals, questions, and remarks about rows that are no patients. */
export const SPREADSHEET_MESSAGES = texts({
  'not-a-workbook': {
    en: 'This workbook cannot be read: it is damaged or no XLSX file. Open it in the spreadsheet program, save it as .xlsx or as CSV, and send that.',
    zh: '无法读取此工作簿：文件已损坏或不是 XLSX。请用电子表格软件打开，另存为 .xlsx 或 CSV 后再导入。',
  },
  'workbook-encrypted': {
    en: 'A password is set on this workbook. Take the password off in the spreadsheet program, save it again, and send that.',
    zh: '此工作簿设有打开密码。请在电子表格软件中取消密码、重新保存后再导入。',
  },
  'workbook-old-format': {
    en: 'This is a workbook in the old format (.xls). Save it as .xlsx or as CSV and send that.',
    zh: '这是旧格式（.xls）的工作簿。请另存为 .xlsx 或 CSV 后再导入。',
  },
  'workbook-too-large': {
    en: 'This workbook unpacks to more than {megabytes} MB. Delete sheets, pictures and formatted blank rows, or split it into several files.',
    zh: '此工作簿解压后超过 {megabytes} MB。请删除多余的工作表、图片和带格式的空行，或拆分为多个文件。',
  },
  'spreadsheet-too-large': {
    en: 'The spreadsheet has more than {megabytes} MB. Split it into several files.',
    zh: '电子表格超过 {megabytes} MB。请拆分为多个文件。',
  },
  'distance-form': {
    en: 'The distance is a number of kilometres from 0 to 20,000, such as 35.',
    zh: '距离为 0 至 20,000 的公里数，例如 35。',
  },
  'note-distance-left-out': {
    en: 'The distance "{written}" is left out: it is a number of kilometres, such as 35.',
    zh: '距离“{written}”未导入：请填写公里数，例如 35。',
  },
  'too-many-cells': {
    en: 'The spreadsheet has more than {limit} cells, or very long texts in them. Delete columns that are not needed, or split it into several files.',
    zh: '电子表格超过 {limit} 个单元格，或单元格文字过长。请删除不需要的列，或拆分为多个文件。',
  },
  'too-many-sheets': {
    en: 'The workbook has more than {limit} sheets. Split it into several files.',
    zh: '工作簿超过 {limit} 张工作表。请拆分为多个文件。',
  },
  'unknown-encoding': {
    en: 'The text of the file is neither UTF-8, UTF-16 nor GB18030. Save it as "CSV UTF-8" or as .xlsx and send that.',
    zh: '文件的文字编码不是 UTF-8、UTF-16 或 GB18030。请另存为“CSV UTF-8”或 .xlsx 后再导入。',
  },
  'no-headings': {
    en: 'No row with headings was found. One of the first 40 rows needs headings such as mrn, name, sex and birth_date; or say what your headings mean, by mapping.',
    zh: '没有找到表头。前 40 行中须有一行写明住院号、姓名、性别、出生日期等列名；也可用 mapping 说明各列的含义。',
  },
  'field-without-column': {
    en: 'No column contains {field}. Say which one does: mapping={example}',
    zh: '没有任何一列是 {field}。请说明哪一列是：mapping={example}',
  },
  'column-meant-twice': {
    en: 'The columns {columns} may all be {field}. Say which one is: mapping={example}',
    zh: '列 {columns} 都可能是 {field}。请说明以哪一列为准：mapping={example}',
  },
  'mapping-form': {
    en: 'mapping is a JSON object from headings to fields, or to null for a column that is not read. Fields: {known}',
    zh: 'mapping 是 JSON 对象：列名对应字段，不读取的列对应 null。字段：{known}',
  },
  'answers-form': {
    en: 'answers is a JSON list of objects with row, column or field, value, and sheet for a workbook; or with the id of the question and value.',
    zh: 'answers 是 JSON 数组，每项含 row、column 或 field、value（工作簿另含 sheet）；或含问题的 id 和 value。',
  },
  'rows-rejected-or-asked': {
    en: '{rejected} rows are bad and {asked} wait for answers, so nothing was written. Correct or answer them, or accept the good ones (acceptGood=true).',
    zh: '{rejected} 行有误，{asked} 行待回答，因此一行也未写入。请更正或回答，或只写入其余各行（acceptGood=true）。',
  },
  'answer-unknown': {
    en: 'No question of this file fits the answer {answer}. Repeat the preview (dryRun=true) and answer its questions.',
    zh: '此文件没有与回答 {answer} 相符的问题。请重新预览（dryRun=true），再回答其中的问题。',
  },
  'rejected-row-title': { en: 'original row', zh: '原行号' },
  'rejected-reason-title': { en: 'reason for rejection', zh: '退回原因' },
  'rejected-sheet-title': { en: 'rejected', zh: '退回' },
  'row-blank': { en: 'The row is blank and was skipped.', zh: '空行，已跳过。' },
  'row-no-patient-data': {
    en: 'The row has nothing in the columns that are read, and was skipped.',
    zh: '此行在需读取的列中没有内容，已跳过。',
  },
  'row-totals': { en: 'The row sums up or explains, and was skipped.', zh: '此行是合计或说明，已跳过。' },
  'row-text-only': {
    en: 'The row has one text only, such as the heading of a group, and was skipped.',
    zh: '此行只有一段文字（如分组标题），已跳过。',
  },
  'row-headings-again': { en: 'The row repeats the headings and was skipped.', zh: '此行重复表头，已跳过。' },
  'row-left-out': { en: 'The row was left out, as answered.', zh: '按回答未导入此行。' },
  'row-continues': { en: 'The row belongs to the patient of row {of}.', zh: '此行属于第 {of} 行的患者。' },
  'row-again': {
    en: 'The patient stands in {of} already; nothing differs.',
    zh: '此患者已在{of}中，内容一致。',
  },
  'place-of-row': { en: 'row {row}', zh: '第 {row} 行' },
  'place-in-sheet': { en: 'row {row} of {sheet}', zh: '“{sheet}”第 {row} 行' },

  'ask-required': {
    en: '{column} is blank. Write it: {options}',
    zh: '“{column}”为空。请填写：{options}',
  },
  'ask-unclear': {
    en: '"{written}" cannot be read as {column}. Write one of: {options}',
    zh: '“{written}”无法识别为“{column}”。请填写其中之一：{options}',
  },
  'ask-broken-cell': {
    en: 'The cell contains an error or a formula without a result. Write the value itself.',
    zh: '单元格为错误值，或公式没有结果。请直接填写数值。',
  },
  'ask-several-values': {
    en: 'Several values stand here: {options}. Which one is right?',
    zh: '此处有多个值：{options}。以哪个为准？',
  },
  'ask-month-only': {
    en: '"{written}" has no day. Write the whole date, such as 2026-03-05.',
    zh: '“{written}”只有年月，没有日。请填写完整日期，例如 2026-03-05。',
  },
  'ask-year-only': {
    en: '"{written}" has the year alone. Write the whole date, such as 2026-03-05.',
    zh: '“{written}”只有年份。请填写完整日期，例如 2026-03-05。',
  },
  'ask-no-year': {
    en: '"{written}" shows no year. Write the whole date, such as 2026-03-05.',
    zh: '“{written}”没有年份。请填写完整日期，例如 2026-03-05。',
  },
  'ask-two-digit-year': {
    en: '"{written}" has a year of two digits. Which day is meant: {options}? Write the year with four digits.',
    zh: '“{written}”的年份只有两位。是哪一天：{options}？请用四位年份填写。',
  },
  'ask-day-or-month-first': {
    en: 'In "{written}" it is not clear whether the day or the month comes first: {options}? Write it as 2026-03-05.',
    zh: '“{written}”分不清日在前还是月在前：{options}？请按 2026-03-05 填写。',
  },
  'ask-age': {
    en: '"{written}" is an age, not a date. Write the date, such as 1960-03-05.',
    zh: '“{written}”是年龄，不是日期。请填写日期，例如 1960-03-05。',
  },
  'ask-approximate': {
    en: '"{written}" is no exact day. Write the day, such as 2026-03-05.',
    zh: '“{written}”不是确切的日期。请填写具体日期，例如 2026-03-05。',
  },
  'ask-several-dates': {
    en: '"{written}" contains several dates: {options}. Which one is meant?',
    zh: '“{written}”中有多个日期：{options}。以哪个为准？',
  },
  'ask-note-in-date': {
    en: 'Words stand beside the date in "{written}". Write the date alone: {options}',
    zh: '“{written}”的日期旁还有文字。请只填写日期：{options}',
  },
  'ask-lunar': {
    en: '"{written}" is a day of the lunar calendar. Write the day of the common calendar, such as 1960-03-05.',
    zh: '“{written}”是农历。请填写公历日期，例如 1960-03-05。',
  },
  'ask-no-date': {
    en: '"{written}" is no date. Write it as 2026-03-05.',
    zh: '“{written}”不是日期。请按 2026-03-05 填写。',
  },
  'ask-implausible-birth': {
    en: 'Born on {written}, the patient would be {age} years old. Is that right? Answer with the right date.',
    zh: '按出生日期 {written}，患者为 {age} 岁。是否正确？请回答正确的日期。',
  },
  'refuse-no-such-date': {
    en: 'There is no day "{written}". Correct it in the file.',
    zh: '不存在日期“{written}”。请在文件中更正。',
  },
  'ask-no-resection': {
    en: '"{written}": without the date of the resection no follow-up can be planned. Write the date, or leave the row out.',
    zh: '“{written}”：没有手术日期就无法安排随访。请填写日期，或不导入此行。',
  },
  'ask-site-between': {
    en: '"{written}" lies between colon and rectum, and the follow-up differs. Write colon or rectum.',
    zh: '“{written}”介于结肠与直肠之间，随访不同。请填写 colon（结肠）或 rectum（直肠）。',
  },
  'ask-site-other': {
    en: '"{written}" is neither colon nor rectum. Write colon or rectum if this follow-up is meant, or leave the row out.',
    zh: '“{written}”既不是结肠也不是直肠。如需按此随访，请填写 colon（结肠）或 rectum（直肠），否则不导入此行。',
  },
  'ask-site-several': {
    en: '"{written}" names colon and rectum. Which operation is meant? Write colon or rectum.',
    zh: '“{written}”同时写了结肠和直肠。指的是哪一次手术？请填写 colon（结肠）或 rectum（直肠）。',
  },
  'ask-stage-t': {
    en: 'In "{written}" the depth (T) was not assessed. Which stage is it: {options}?',
    zh: '“{written}”的 T 未评估。分期是哪一个：{options}？',
  },
  'ask-stage-n': {
    en: 'In "{written}" the lymph nodes (N) were not assessed or are not stated. Which stage is it: {options}?',
    zh: '“{written}”的 N 未评估或未写。分期是哪一个：{options}？',
  },
  'ask-stage-m': {
    en: 'In "{written}" metastases (M) were not assessed or are not stated. Which stage is it: {options}?',
    zh: '“{written}”的 M 未评估或未写。分期是哪一个：{options}？',
  },
  'ask-stage-zero': {
    en: '"{written}" is no stage of I to IV. Write the stage if this follow-up is meant, or leave the row out.',
    zh: '“{written}”不属于 I–IV 期。如需按此随访，请填写分期，否则不导入此行。',
  },
  'ask-stage-several': {
    en: '"{written}" names several stages, or T, N, M of another one. Which stage is it: {options}?',
    zh: '“{written}”写了多个分期，或与 TNM 不符。分期是哪一个：{options}？',
  },
  'ask-stage-old': {
    en: '"{written}" is an old staging. Write the stage I, II, III or IV.',
    zh: '“{written}”是旧的分期方法。请填写 I、II、III 或 IV 期。',
  },
  'ask-stage-clinical': {
    en: '"{written}" is the clinical stage. Write the stage by pathology: I, II, III or IV.',
    zh: '“{written}”是临床分期。请填写病理分期 I、II、III 或 IV。',
  },
  'ask-suspected': {
    en: '"{written}": only a confirmed syndrome counts. Write yes or no.',
    zh: '“{written}”：只有确诊才计入。请填写 yes（是）或 no（否）。',
  },
  'ask-stage-with-metastases': {
    en: 'Stage {written}, but liver metastases by the diagnosis, which are stage {metastatic}. Answer stage with {metastatic}, or liver_metastasis with metachronous.',
    zh: '分期为 {written}，但肝转移为同时性（属 {metastatic} 期）。请将 stage 回答为 {metastatic}，或将 liver_metastasis 回答为 metachronous（异时性）。',
  },
  'ask-metastasis-without-date': {
    en: 'Metachronous liver metastases have no date. Write the day on which they were found, or leave liver_metastasis empty.',
    zh: '异时性肝转移没有日期。请填写发现日期，或将 liver_metastasis 留空。',
  },
  'ask-metastasis-before-resection': {
    en: 'Metachronous liver metastases are dated {written}, before the operation. Write the right date, or answer liver_metastasis with synchronous.',
    zh: '异时性肝转移的日期 {written} 早于手术。请填写正确日期，或将 liver_metastasis 回答为 synchronous（同时性）。',
  },
  'ask-metastasis-denied': {
    en: 'liver_metastasis says none, but {written} stands beside it. Which one is right?',
    zh: '“肝转移”为无，但旁边写有 {written}。以哪个为准？',
  },
  'ask-ned-without-metastasis': {
    en: 'Free of disease on {written}, but no liver metastases are dated. Write their date, or leave ned_date empty.',
    zh: '{written} 达到 NED，但没有肝转移日期。请填写肝转移日期，或将 ned_date 留空。',
  },
  'ask-ned-before-metastasis': {
    en: 'Free of disease on {written}, before the metastases were found on {found}. Write the right date.',
    zh: 'NED 日期 {written} 早于发现肝转移的日期 {found}。请填写正确日期。',
  },
  'ask-ned-after-treatment': {
    en: 'The liver was treated ({written}), but no date of NED is given. Write the day on which the patient was free of disease, or no.',
    zh: '已治疗肝转移（{written}），但没有 NED 日期。请填写达到 NED 的日期；未达到请填 no。',
  },
  'ask-dead-since-when': {
    en: '"{written}" says that the patient has died. Write the date of death, or leave the row out.',
    zh: '“{written}”表示患者已死亡。请填写死亡日期，或不导入此行。',
  },
  'ask-since-when': {
    en: '"{written}" has no date. Since when? Write the date, or no.',
    zh: '“{written}”没有日期。从何时起？请填写日期；没有则填 no。',
  },
  'ask-status': {
    en: '"{written}" is no known status. Write alive, or give the date in its own column.',
    zh: '无法识别状态“{written}”。请填写 alive（存活），或在相应的列中填写日期。',
  },
  'ask-value-without-day': {
    en: '{written} has no day of the visit. Write the date of the visit.',
    zh: '{written} 没有复查日期。请填写复查日期。',
  },
  'ask-visit-before-resection': {
    en: 'The visit of {written} lies before the operation on {resection}. Is the year right? Answer with the right date.',
    zh: '复查日期 {written} 早于手术日期 {resection}。年份是否正确？请回答正确的日期。',
  },
  'ask-value-unclear': {
    en: '"{written}" is no clear value: {detail}',
    zh: '“{written}”不是明确的数值：{detail}',
  },
  'ask-value-confirm': {
    en: '{detail} Answer confirm if it is right.',
    zh: '{detail} 如无误，请回答 confirm。',
  },
  'ask-digits-lost': {
    en: '"{written}" has lost its digits in a spreadsheet program. Write the number in full.',
    zh: '“{written}”在电子表格软件中丢失了数字。请填写完整号码。',
  },
  'ask-zeros-lost': {
    en: '{written} has fewer digits than the other numbers: were leading zeros lost? Which number is it: {options}?',
    zh: '{written} 比其他号码位数少：是否丢失了开头的 0？号码是哪一个：{options}？',
  },
  'ask-name-with-note': {
    en: '"{written}" contains more than a name. Write the name alone, and a death in its own column.',
    zh: '“{written}”不只是姓名。请只填写姓名；死亡请填在相应的列中。',
  },
  'ask-differs-from-row': {
    en: '{column} is {written} here and {other} in {of}, for the same number. Which one is right: {options}? Correct or answer the row that is wrong.',
    zh: '同一号码的“{column}”此处为 {written}，{of}为 {other}。以哪个为准：{options}？请更正或回答有误的那一行。',
  },
  'ask-same-person': {
    en: 'The same person as in {of}, under the number {other}? Answer person with separate if they are two, or with skip to leave this row out.',
    zh: '与{of}（号码 {other}）是否为同一人？如为两人，请将 person 回答为 separate；如为同一人，请回答 skip，不导入此行。',
  },
  'ask-same-person-recorded': {
    en: 'A patient of the same name, birth date and sex is recorded under {mrns}. Answer person with separate if they are two, or with skip to leave this row out.',
    zh: '已登记有同名、同出生日期、同性别的患者，号码为 {mrns}。如为两人，请将 person 回答为 separate；如为同一人，请回答 skip，不导入此行。',
  },
  'ask-identity-differs': {
    en: 'The identity number says {inNumber}. Which one is right: {options}?',
    zh: '身份证号显示为 {inNumber}。以哪个为准：{options}？',
  },
  'ask-held-with-row': {
    en: 'The patient waits for the answer to a question in {of}.',
    zh: '此患者尚待回答{of}中的问题。',
  },

  'note-left-out': {
    en: '"{written}": the words beside the date were left out.',
    zh: '“{written}”：日期旁的文字未导入。',
  },
  'note-serial-number': {
    en: '{written} was read as the day number of a spreadsheet program: {date}',
    zh: '{written} 按电子表格的日期序号读为 {date}。',
  },
  'note-from-identity': {
    en: '{column} is blank and was taken from the identity number: {value}',
    zh: '“{column}”为空，已按身份证号填为 {value}。',
  },
  'note-phone-left-out': {
    en: '"{written}" is no telephone number that can be called, and was left out.',
    zh: '“{written}”不是可拨打的电话号码，未导入。',
  },
  'note-identity-left-out': {
    en: 'The identity number was left out: {detail}',
    zh: '身份证号未导入：{detail}',
  },
  'note-value-left-out': {
    en: '{column} "{written}" is no number and was left out.',
    zh: '{column}“{written}”不是数值，未导入。',
  },
  'note-synchronous': {
    en: 'Synchronous liver metastases without a date count from the diagnosis: {date}',
    zh: '同时性肝转移没有日期，按诊断日期 {date} 计。',
  },
  'note-too-long': { en: 'The text has more than {limit} characters.', zh: '文字超过 {limit} 个字符。' },
});
