import { texts } from '../../guideline/message.js';

/** Patients, their events and consents. */
export const PATIENT_MESSAGES = texts({
  'contradictory-dates': {
    en: 'The dates contradict each other: {faults}',
    zh: '日期有矛盾：{faults}',
  },
  'too-many-events': {
    en: 'This patient has {limit} events, and a patient can have no more. Void those that are wrong or recorded twice.',
    zh: '该患者已有 {limit} 个事件，不能再添加。请作废有误或重复登记的事件。',
  },
  'too-many-turns': {
    en: 'This patient has {limit} events that are no examination, and a patient can have no more. Void those that are wrong or recorded twice.',
    zh: '该患者已有 {limit} 个非检查类事件，不能再添加此类事件。请作废有误或重复登记的事件。',
  },
  'unknown-event': {
    en: 'This patient has no such event, or it was voided.',
    zh: '该患者没有此事件，或此事件已作废。',
  },
  'out-of-reach': {
    en: 'You see the patients of {departments} alone: name one of these departments.',
    zh: '您只能查看以下科室的患者：{departments}，请填写其中一个科室。',
  },
  'own-patients-only': {
    en: 'You see your own patients alone: name {name} as the responsible nurse.',
    zh: '您只能查看自己负责的患者：请将责任护士填写为 {name}。',
  },
  'patient-erased': {
    en: 'All that identified this patient was erased: nothing can be added or changed any more.',
    zh: '该患者的身份信息已全部删除，不能再添加或修改任何内容。',
  },
  'search-terms-required': {
    en: 'Say at least one of name, surname, phone, identityNumber, mrn.',
    zh: 'name（姓名）、surname（姓）、phone（电话）、identityNumber（证件号）、mrn（病案号）至少填写一项。',
  },
  'correction-required': {
    en: 'Say at least one field to correct.',
    zh: '请至少填写一个要更正的字段。',
  },
  'said-in-future': {
    en: '{date} lies after {today}: what the patient said is recorded once it was said.',
    zh: '{date} 晚于今天（{today}）：患者表达意愿之后才能登记。',
  },
  'mrn-length': {
    en: 'Write 1 to 64 characters that can be seen.',
    zh: '请填写 1 至 64 个可见字符。',
  },
  'mrn-taken': {
    en: 'A patient with mrn {mrn} is already registered.',
    zh: '病案号 {mrn} 的患者已登记。',
  },
  'mrn-taken-in-other-form': {
    en: 'A patient with mrn {existing} is already registered, and {mrn} differs from it by its form alone.',
    zh: '病案号 {existing} 的患者已登记，{mrn} 只是写法不同。',
  },
});
