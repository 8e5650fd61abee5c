import { texts } from '../../guideline/message.js';

/** Proposed visits: why on this day, and why none. */
export const VISIT_MESSAGES = texts({
  'visit-at-appointment': {
    en: 'The patient has an appointment on {date}: no additional trip.',
    zh: '患者 {date} 已有预约：无需另跑一趟。',
  },
  'visit-late': {
    en: '{count} of the exams are overdue: {date} is the next possible working day.',
    zh: '其中 {count} 项检查已逾期：{date} 是最近可安排的工作日。',
  },
  'visit-together': {
    en: '{count} exams are possible in one visit. No other day allows more.',
    zh: '{count} 项检查可在一次就诊中完成，其他日期都不会更多。',
  },
  'visit-nearest': {
    en: 'The possible working day nearest to the due day {due}.',
    zh: '距应查日期 {due} 最近的可安排工作日。',
  },
  'visit-due-on-special-day': {
    en: 'The due day {due} is no working day: {name}.',
    zh: '应查日期 {due} 不是工作日：{name}。',
  },
  'visit-due-on-weekend': {
    en: 'The due day {due} is no working day of the week.',
    zh: '应查日期 {due} 是休息日。',
  },
  'visit-due-day-full': {
    en: 'On the due day {due} the capacity is used up.',
    zh: '应查日期 {due} 名额已满。',
  },
  'visit-early': {
    en: 'No day of the window from {earliest} to {last} is possible, so the exam is before it. Booking it needs a reason.',
    zh: '时间窗 {earliest} 至 {last} 内没有可安排的日期，因此提前。预约时须填写原因。',
  },
  'visit-provisional-year': {
    en: 'The public holidays of {year} are not known yet: check the day again once they are imported.',
    zh: '{year} 年放假安排尚未导入：导入后请再次核对此日期。',
  },
  'visit-no-working-day': {
    en: 'No working day is left from {earliest} to {last} (due {due}), and none shortly before. Choose a day by hand, or enter an additional working day.',
    zh: '{earliest} 至 {last}（应查 {due}）没有剩余的工作日，之前也没有。请人工选择日期，或在工作日历中登记加班日。',
  },
  'visit-overtaken': {
    en: 'The exam is overdue, and no working day with capacity is left before {missedOn}, when the next one takes its place.',
    zh: '检查已逾期，且在 {missedOn} 由下一次检查取代之前，没有可安排的工作日。',
  },
  'visit-no-capacity': {
    en: 'The capacity is used up from {earliest} to {last} (due {due}), and shortly before. Move other appointments, or raise the capacity.',
    zh: '{earliest} 至 {last}（应查 {due}）及之前名额已满。请调整其他预约，或增加名额。',
  },
});
