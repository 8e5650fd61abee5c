import { texts } from '../../guideline/message.js';

/** Calendar feeds: their entries, and what they refuse. */
export const CALENDAR_FEED_MESSAGES = texts({
  'calendar-name': { en: 'Follow-up', zh: '随访日历' },
  'calendar-about': {
    en: 'Booked examinations are confirmed; due dates that are not booked yet are tentative.',
    zh: '已预约的检查为“已确认”，尚未预约的应检日期为“暂定”。',
  },
  'calendar-about-cut': {
    en: 'Booked examinations are confirmed; due dates that are not booked yet are tentative. Only the first {limit} dates are shown, until {last}.',
    zh: '已预约的检查为“已确认”，尚未预约的应检日期为“暂定”。仅显示前 {limit} 项，至 {last} 为止。',
  },
  'calendar-due': { en: '{activity}: {patient} (due)', zh: '{activity}：{patient}（应检）' },
  'calendar-returns': {
    en: '{activity}: {patient} (deferred until this day)',
    zh: '{activity}：{patient}（延期至本日）',
  },
  'calendar-booked': { en: '{activity}: {patient}', zh: '{activity}：{patient}' },
  'calendar-booked-at': { en: '{at} {activity}: {patient}', zh: '{at} {activity}：{patient}' },
  'calendar-done': { en: '{activity}: {patient} (done)', zh: '{activity}：{patient}（已完成）' },
  'calendar-cancelled': { en: 'Cancelled: {activity}: {patient}', zh: '已取消：{activity}：{patient}' },
  'calendar-morning': { en: 'morning', zh: '上午' },
  'calendar-afternoon': { en: 'afternoon', zh: '下午' },
  'calendar-window': { en: 'In time from {earliest} to {last}.', zh: '可做日期：{earliest} 至 {last}。' },
  'calendar-window-open': { en: 'In time from {earliest} on.', zh: '可做日期：{earliest} 起。' },
  'calendar-patient': { en: 'MRN {mrn}.', zh: '病案号 {mrn}。' },

  'no-such-calendar': {
    en: 'There is no calendar at this address. It was removed, or the account that it belongs to has ended. Create a new one: POST /calendar-feeds.',
    zh: '此地址没有日历：日历已删除，或其所属账号已停用。请新建日历订阅：POST /calendar-feeds。',
  },
  'too-many-calendar-feeds': {
    en: 'A caller can have {own} calendar feeds, and a hospital {hospital}. Remove one that nobody uses.',
    zh: '每人最多 {own} 个日历订阅，每家医院最多 {hospital} 个。请删除不再使用的订阅。',
  },
  'calendar-too-often': {
    en: 'This calendar was read too often. Read it again later; every four hours is enough.',
    zh: '读取此日历过于频繁，请稍后再读；每四小时读取一次即可。',
  },
});
