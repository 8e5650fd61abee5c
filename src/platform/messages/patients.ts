import { texts } from '../../guideline/message.js';

/** Patients, their events and consents. */
export const PATIENT_MESSAGES = texts({
  'contradictory-dates': {
    en: 'The dates contradict each other: {faults}',
    zh: '日期有矛盾：{faults}',
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
    zh: '您只能查看自己负责的患者：请将负责护士填写为 {name}。',
  },
  'patient-erased': {
    en: 'All that identified this patient was erased: nothing can be added or changed any more.',
    zh: '该患者的身份信息已全部删除，不能再添加或修改任何内容。',
  },
  'mrn-taken': {
    en: 'A patient with mrn {mrn} is already registered.',
    zh: '病历号 {mrn} 的患者已登记。',
  },
  'mrn-unique': {
    en: 'Each mrn stands for one patient of the hospital.',
    zh: '院内每个病历号只对应一名患者。',
  },
});
