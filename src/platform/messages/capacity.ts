import { texts } from '../../guideline/message.js';

/** Daily capacity, load and forecasts. */
export const CAPACITY_MESSAGES = texts({
  'range-backwards': {
    en: 'The last day is before the first one, {from}. Exchange them.',
    zh: '结束日期早于开始日期 {from}。请互换。',
  },
  'range-too-long': {
    en: 'One calendar shows {days} days at most. Ask for fewer.',
    zh: '日历每次最多显示 {days} 天。请缩小范围。',
  },
  'capacity-twice': {
    en: 'There is a row for this place and activity already. Leave one of them out.',
    zh: '该地点和检查项目已有一行。请去掉其中一行。',
  },
});
