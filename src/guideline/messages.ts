import { messagesOf, texts } from './message.js';

/** Problems of a patient's facts or a guideline. Part of the program's one dictionary. */
export const GUIDELINE_MESSAGES = texts({
  'date-in-future': { en: '{date} lies after {today}.', zh: '{date} 晚于今天（{today}）。' },
  'enrolment-in-future': {
    en: '{date} lies after {today}: follow-up is taken over once that day has come.',
    zh: '{date} 晚于今天（{today}）：到那一天才开始负责随访。',
  },
  'event-in-future': {
    en: '{event} on {date} lies after {today}: an event is recorded once it has happened.',
    zh: '{event}的日期 {date} 晚于今天（{today}）：事件发生后才能登记。',
  },
  'before-birth': {
    en: '{date} lies before the birth on {birthDate}.',
    zh: '{date} 早于出生日期 {birthDate}。',
  },
  'event-before-birth': {
    en: '{event} on {date} lies before the birth on {birthDate}.',
    zh: '{event}的日期 {date} 早于出生日期 {birthDate}。',
  },
  'after-death': {
    en: '{event} on {date} lies after the death on {death}: correct whichever date is wrong.',
    zh: '{event}的日期 {date} 晚于死亡日期 {death}：请更正有误的日期。',
  },

  // Problems of a guideline that its schema does not detect.
  'includes-itself': { en: '{activity} would include itself.', zh: '{activity} 会包含自身。' },
  'rule-not-routine': {
    en: 'The guideline itself calls it no routine ({section}).',
    zh: '指南本身说明它不作为常规（{section}）。',
  },
  'result-not-counted': {
    en: '{result} is none of the results that count.',
    zh: '{result} 不在计入的结果之列。',
  },
  'nothing-assumed': {
    en: 'Nothing is none of the results that count.',
    zh: '未设定 assumed：须为计入的结果之一。',
  },
  'event-without-field': {
    en: '{event} has no field {field}; it has {known}.',
    zh: '{event} 没有字段 {field}；其字段为：{known}。',
  },
  'event-without-fields': {
    en: '{event} has no field {field}; it has none.',
    zh: '{event} 没有字段 {field}；它没有任何字段。',
  },
  'field-never-has': {
    en: '{field} is never {value}; it is {known}.',
    zh: '{field} 不会取值 {value}；可取：{known}。',
  },
  'reserved-field': {
    en: 'Every event has its {field}: name the field otherwise.',
    zh: '每个事件都已有 {field}：请另取字段名。',
  },
  'finding-cycle': {
    en: 'A finding of {activity} leads back to {activity}: it would ask for itself for ever.',
    zh: '{activity} 的发现会再次要求 {activity}：将无休止地重复。',
  },
  'activity-already-known': {
    en: '{activity} is an activity of the house: it needs no declaring.',
    zh: '{activity} 是内置的检查，无须声明。',
  },
  'activity-never-done': {
    en: 'After each of its outcomes {activity} counts as not done: leave one out of notDone.',
    zh: '{activity} 的每一种结果都被列为未完成：notDone 中至少须去掉一种。',
  },
  'event-records-other': {
    en: 'The event {event} already records {activity}: each activity needs an event of its own.',
    zh: '事件 {event} 已用于记录 {activity}：每项检查须各用一种事件。',
  },
  'id-twice': {
    en: 'There is another {id}: each needs a name of its own.',
    zh: '已有另一个 {id}：名称不得重复。',
  },
  'no-such-pathway': {
    en: 'There is no pathway {name}; there are {known}.',
    zh: '没有路径 {name}；现有：{known}。',
  },
  'no-such-activity': {
    en: 'There is no activity {name}; there are {known}.',
    zh: '没有检查 {name}；现有：{known}。',
  },
  'no-such-rule': {
    en: 'There is no rule {name}; there are {known}.',
    zh: '没有规则 {name}；现有：{known}。',
  },
  'no-such-event': {
    en: 'There is no event {name}: declare it under /events, or use {known}.',
    zh: '没有事件 {name}：请在 /events 中声明，或使用 {known}。',
  },
  'endless-phase': {
    en: 'Only the last phase may have no end: what follows is never reached.',
    zh: '只有最后一个阶段可以没有终点：其后的阶段永远到不了。',
  },
  'empty-phase': {
    en: 'Not one date falls before {until}: the phase would be empty.',
    zh: '{until} 之前没有任何日期：该阶段将为空。',
  },
  'window-unit': {
    en: '{period}: write a window in weeks or days.',
    zh: '{period}：窗口请以周或日为单位。',
  },
  'out-of-order': {
    en: '{period} is not later than the date before it.',
    zh: '{period} 不晚于其前一个日期。',
  },
  'interval-too-short': {
    en: '{period} is less than a week: nothing is repeated more often.',
    zh: '{period} 短于一周：任何检查的重复间隔都不得更短。',
  },
  'no-time': {
    en: '{period} is or can be no time at all: the planner would never get on.',
    zh: '{period} 的长度为零或可能为零：计划将无法推进。',
  },
  'period-backwards': {
    en: '{period} can lead backwards: subtract less.',
    zh: '{period} 可能倒退到起点之前：请减少所减的部分。',
  },
  'period-too-long-here': {
    en: '{period} is longer than {years} years.',
    zh: '{period} 超过 {years} 年。',
  },
  'counted-too-few': {
    en: 'The case counts from examination {needs} but is for {count} counted: it would never apply.',
    zh: '该情形从第 {needs} 次检查起算，却只用于已计入 {count} 次之时：永远不会适用。',
  },
  'limit-never-late': {
    en: 'A limit cannot be never late: leave out one of the two.',
    zh: '期限不可能永不逾期：二者请只留其一。',
  },
  'range-upside-down': {
    en: '{short} is longer than {long}: write the short end first.',
    zh: '{short} 比 {long} 长：请把较短的一端写在前面。',
  },
});

export const msg = messagesOf<typeof GUIDELINE_MESSAGES>();
