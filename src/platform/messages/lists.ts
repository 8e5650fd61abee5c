import { texts } from '../../guideline/message.js';

/** The lists of the worklist. */
export const LIST_MESSAGES = texts({
  'not-together': {
    en: '{name} and {other} do not go together: leave one of them out.',
    zh: '{name} 不能与 {other} 同时使用：请去掉其中一个。',
  },
  'too-many-saved-lists': {
    en: 'One caller can save {own} lists, and a hospital can share {shared}. Remove one that nobody needs.',
    zh: '每人最多保存 {own} 个列表，每家医院最多共享 {shared} 个。请删除不再需要的列表。',
  },
  'bulk-failed': {
    en: 'This row could not be changed just now. Nothing was changed in it; send it again.',
    zh: '此行暂时无法更改，未作任何更改。请重新提交此行。',
  },
  'bulk-not-tried': {
    en: 'There was no time left for this row. Nothing was changed in it; send it again.',
    zh: '本次处理时间已用完，此行未处理。请重新提交此行。',
  },
  'too-many-items-of-patient': {
    en: 'One appointment covers {limit} items of a patient at most: choose fewer.',
    zh: '一次预约最多包含同一患者的 {limit} 个项目：请减少所选项目。',
  },
  'too-many-streams': {
    en: 'One caller can have {own} streams open, and a hospital {hospital}. Close one, or ask with follow=false.',
    zh: '每个调用者最多打开 {own} 个事件流，每家医院最多 {hospital} 个。请关闭一个，或使用 follow=false 查询。',
  },
  'unknown-position': {
    en: 'Last-Event-ID is not the id of an event of this stream: leave it out, and load the lists again.',
    zh: 'Last-Event-ID 不是此事件流的事件编号：请去掉该请求头，并重新加载列表。',
  },
});
