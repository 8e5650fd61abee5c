import { texts } from '../../guideline/message.js';

/** The file in which a hospital says what the codes of its systems mean. */
export const MAPPING_MESSAGES = texts({
  'mapping-not-found': {
    en: 'There is no mapping {id} in this hospital. GET /mappings lists them.',
    zh: '本院没有对照表 {id}。GET /mappings 可列出全部对照表。',
  },
  'mapping-too-large': {
    en: 'The file has {characters} characters; at most {limit} are allowed. Leave out codes that are not about follow-up.',
    zh: '文件有 {characters} 个字符，最多允许 {limit} 个。请删去与随访无关的代码。',
  },
  'too-many-mappings': {
    en: 'The hospital has {limit} stored mappings, which is the limit: use a version that is stored.',
    zh: '本院已存有 {limit} 个对照表，已达上限：请使用已存储的版本。',
  },
  'mapping-version-taken': {
    en: '{mapping} is stored with other content (SHA-256 {digest}). Give the changed file a new version.',
    zh: '{mapping} 已以其他内容存储（SHA-256 {digest}）。请为修改后的文件使用新版本号。',
  },
  'mapping-id-built-in': {
    en: '{id} is the mapping of the program: choose another id.',
    zh: '{id} 是程序自带的对照表：请另选标识。',
  },
  'mapping-number-type': {
    en: 'Name the type of identifier that is the number of the patient, such as MR; or set otherwiseFirst.',
    zh: '请写明哪种类型的标识是患者编号，例如 MR；或设置 otherwiseFirst。',
  },
  'mapping-code-twice': {
    en: 'An entry before this one has the same sender, system and code {code}: delete one of them.',
    zh: '前面已有发送方、系统和代码 {code} 均相同的条目：请删除其一。',
  },
  'mapping-code-no-exam': {
    en: 'No entry of exams has the code {code} for this sender: add it there, so that the activity is known.',
    zh: 'exams 中没有该发送方的代码 {code}：请先在其中添加，以便确定检查项目。',
  },
  'mapping-outcome-needs-condition': {
    en: 'An outcome needs a condition: say which observation of the report shows it.',
    zh: '结果须有条件：请写明由报告中的哪一项观察得出。',
  },
  'mapping-too-many-rules': {
    en: 'There are more than {limit} rules for the code {code}: join conditions, or list several words in one.',
    zh: '代码 {code} 的规则超过 {limit} 条：请合并条件，或在一个条件中列出多个词语。',
  },
  'mapping-missing-alone': {
    en: 'missing allows no other part of a condition: there is no value to compare.',
    zh: '条件含 missing 时不能有其他部分：没有可比较的值。',
  },
  'mapping-range-reversed': {
    en: 'from ({from}) is larger than to ({to}): exchange them.',
    zh: 'from（{from}）大于 to（{to}）：请对调。',
  },
  'mapping-activity-unknown': {
    en: 'The guideline in force has no activity {activity}: correct exams in the mapping, or enter the result by hand.',
    zh: '现行指南没有检查项目 {activity}：请更正对照表中的 exams，或人工录入结果。',
  },
  'mapping-no-rule': {
    en: 'No rule of the mapping says which outcome this report ({code}) has. Add a rule to reports, or enter the result by hand.',
    zh: '对照表中没有规则说明该报告（{code}）的结果。请在 reports 中添加规则，或人工录入结果。',
  },
  'mapping-rules-disagree': {
    en: 'Several rules of the mapping match this report, with different outcomes: {outcomes}. Make them exclude each other.',
    zh: '对照表中有多条规则与该报告相符，但结果不同：{outcomes}。请使其互斥。',
  },
  'mapping-two-activities': {
    en: 'The codes of this report mean several examinations: {activities}. Keep one of them in exams.',
    zh: '该报告的代码对应多个检查项目：{activities}。请在 exams 中只保留一个。',
  },
});
