import { messagesOf, texts } from './message.js';

/** What can be wrong with a patient's facts or a guideline. Part of the program's one dictionary. */
export const GUIDELINE_MESSAGES = texts({
  'date-in-future': { en: '{date} lies after {today}.', zh: '{date} 晚于今天（{today}）。' },
  'enrolment-in-future': {
    en: '{date} lies after {today}: follow-up is taken over once that day has come.',
    zh: '{date} 晚于今天（{today}）：到那一天才开始负责随访。',
  },
  'event-in-future': {
    en: '{type} on {date} lies after {today}: an event is recorded once it has happened.',
    zh: '{type} 的日期 {date} 晚于今天（{today}）：事件发生后才能登记。',
  },
  'before-birth': {
    en: '{date} lies before the birth on {birthDate}.',
    zh: '{date} 早于出生日期 {birthDate}。',
  },
  'event-before-birth': {
    en: '{type} on {date} lies before the birth on {birthDate}.',
    zh: '{type} 的日期 {date} 早于出生日期 {birthDate}。',
  },
  'after-death': {
    en: '{type} on {date} lies after the death on {death}: correct whichever date is wrong.',
    zh: '{type} 的日期 {date} 晚于死亡日期 {death}：请更正有误的日期。',
  },
});

export const msg = messagesOf<typeof GUIDELINE_MESSAGES>();
