import { texts } from '../../guideline/message.js';

/**
 * The identity of patients and nurses: document numbers, phone numbers, and whether two patients are the same person.
 */
export const PATIENT_IDENTITY_MESSAGES = texts({
  'check-digit': {
    en: 'is no identity card number: its last digit does not fit the others. Check it for a slip, or leave it out.',
    zh: '不是有效的居民身份证号：末位校验码不符，请核对是否有误，或留空。',
  },
  'birth-date-in-number': {
    en: 'is no identity card number: digits 7 to 14 are no day. Check it for a slip.',
    zh: '不是有效的居民身份证号：第 7 至 14 位不是存在的日期，请核对是否有误。',
  },
  'digits-in-number': {
    en: 'is no identity card number: those have 18 characters, old ones 15 digits. Check it for a slip.',
    zh: '不是有效的居民身份证号：应为 18 位（旧号为 15 位数字），请核对是否有误。',
  },
  'no-identity-number': {
    en: 'is no number of a document: write it with at least three digits, or leave it out where none is known.',
    zh: '不是证件号码：至少应含三位数字；不知道时请留空。',
  },
  'not-callable': {
    en: '{typed} is no phone number that can be called: write 13812345678, 0571-87654321 with its area code, or +85291234567; leave it out where none is known.',
    zh: '{typed} 不是可以拨打的电话号码：请填写 13812345678、带区号的 0571-87654321 或 +85291234567；不知道时请留空。',
  },
  'identity-number-differs': {
    en: 'The identity number contradicts what is said beside it: {faults}',
    zh: '证件号与所填内容矛盾：{faults}',
  },
  'birth-date-differs': {
    en: 'The number says born on {inNumber}, birthDate {birthDate}: correct what is wrong.',
    zh: '证件号中的出生日期为 {inNumber}，而填写的是 {birthDate}：请更正有误的一项。',
  },
  'sex-differs': {
    en: 'The number says {inNumber}, sex {sex}: correct what is wrong.',
    zh: '证件号表示性别为 {inNumber}，而填写的是 {sex}：请更正有误的一项。',
  },
  'identity-number-taken': {
    en: '{who} has this identity number: one of the two is a slip, or they are one person.',
    zh: '{who}已有此证件号：其中一个有误，或两者是同一人。',
  },
  'possible-duplicate': {
    en: 'The same name, birth date and sex as mrn {mrns}: check whether they are one person.',
    zh: '与病案号 {mrns} 的姓名、出生日期和性别相同：请核对是否为同一人。',
  },
  'possible-duplicate-not-shown': {
    en: 'The same name, birth date and sex as {count} patients of the hospital whom you do not see: ask whoever does.',
    zh: '与本院 {count} 名您无权查看的患者姓名、出生日期和性别相同：请向有权限的人员核实。',
  },
  'ambiguous-person': {
    en: '{people} people are called {name}: write the login of the one who is meant ({logins}).',
    zh: '有 {people} 人名叫 {name}：请填写所指之人的登录名（{logins}）。',
  },
  'unknown-person': {
    en: 'There is no person {id} in this hospital: GET /people lists them.',
    zh: '本院没有人员 {id}：可用 GET /people 查看全部人员。',
  },
  'patient-with-mrn': { en: 'The patient with mrn {mrn}', zh: '病案号 {mrn} 的患者' },
  'patient-not-shown': {
    en: 'A patient of the hospital whom you do not see',
    zh: '本院一名您无权查看的患者',
  },
  'patient-on-line': { en: 'Line {line}', zh: '第 {line} 行' },
});
