import { texts } from '../../guideline/message.js';

/** The card and the letter that a patient is given. */
export const PRINTED_PAGE_MESSAGES = texts({
  'card-title': { en: 'Follow-up card', zh: '随访卡' },
  'letter-title': { en: 'Your follow-up examinations', zh: '随访检查通知' },
  'page-mrn': { en: 'MRN', zh: '病案号' },
  'page-phone': { en: 'Telephone', zh: '联系电话' },
  'page-hours': { en: 'Hours', zh: '接听时间' },
  'page-address': { en: 'Address', zh: '地址' },
  'page-ward': { en: 'Ward', zh: '科室' },
  'page-printed-on': { en: 'Printed on {day}', zh: '打印日期：{day}' },
  'page-when': { en: 'When', zh: '时间' },
  'page-what': { en: 'Examination', zh: '检查项目' },
  'page-next': { en: 'Your next dates', zh: '近期检查安排' },
  'page-prepare': { en: 'How to prepare', zh: '检查前准备' },
  'page-booked': { en: 'Booked', zh: '已预约' },
  'page-none': {
    en: 'No examination is planned in the coming 12 months. Your ward will call you.',
    zh: '未来 12 个月内暂无检查安排，科室会与您联系。',
  },
  'page-window': { en: '{first} to {last}', zh: '{first} 至 {last}' },
  'page-until': { en: 'By {last}', zh: '{last} 前（含当日）' },
  'page-from': { en: 'From {first} on', zh: '{first} 起' },
  'page-soon': { en: 'As soon as possible', zh: '请尽快完成' },
  'page-was-due': { en: 'It was due on {due}.', zh: '原应于 {due} 检查' },
  'page-to-book': {
    en: 'Where no day is booked yet, please arrange one with us.',
    zh: '未标注“已预约”的检查，请与我们预约具体日期。',
  },
  'page-morning': { en: 'morning', zh: '上午' },
  'page-afternoon': { en: 'afternoon', zh: '下午' },
  'page-more': {
    en: 'Later dates follow. The ward tells you in time.',
    zh: '之后还有其他检查，科室会及时通知您。',
  },
  'card-keep': {
    en: 'Bring this card to every visit. Call us if a date does not suit you, or if you have new complaints.',
    zh: '每次就诊请携带此卡。如时间不便或出现新的不适，请及时来电。',
  },
  'card-code': { en: 'For the hospital', zh: '院内识别码' },
  'letter-to': { en: 'Dear {name},', zh: '{name}，您好：' },
  'letter-greeting': {
    en: 'After your treatment, regular examinations make sure that a change is found early. These are your next dates.',
    zh: '治疗结束后，定期复查有助于及早发现变化。以下是您近期的检查安排。',
  },
  'letter-closing': {
    en: 'If a date does not suit you, or if an examination was done elsewhere, please call us. We wish you good health.',
    zh: '如时间不便，或已在其他医院完成检查，请与我们联系。祝您健康！',
  },
});
