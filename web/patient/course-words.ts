import type { Preview } from '../calls/record.js';
import { dictionary } from '../words/dictionary.js';

type Change = Preview['changes'][number]['change'];

const zhChanges: Record<Change, string> = { added: '新增', moved: '改期', cancelled: '取消', kept: '不变' };
const enChanges: Record<Change, string> = {
  added: 'added',
  moved: 'moved',
  cancelled: 'cancelled',
  kept: 'unchanged',
};

export const courseWords = dictionary(
  {
    changes: zhChanges,
    events: '病程事件',
    add: '录入事件',
    addKey: '录入病程事件',
    noEvents: '还没有病程事件',
    noEventsHelp: '手术、复发、治疗开始和结束、检查等事件会显示在这里，计划由此推算。',
    showVoided: (count: number) => `显示已作废的 ${count} 条`,
    voided: (by: string, reason: string) => `${by === '' ? '' : `${by} `}已作废：${reason}`,
    void: '作废',
    voidOf: (event: string) => `作废：${event}`,
    voidReason: '为何作废',
    voidReasonHelp: '事件保留在记录中，只是不再影响计划。',
    voidedDone: '已作废',
    confirmed: (name: string) => `${name} 已确认数值无误`,
    toJudge: '待医生判断',
    type: '事件',
    chooseType: '请选择事件',
    typesOfPlan: '改变计划的事件',
    typesOfExams: '检查（计划外或外院）',
    date: '日期',
    optional: '（可不填）',
    choose: '请选择',
    preview: '计划将如何变化',
    previewing: '正在推算…',
    previewMissing: '填完日期和必填项后，这里显示计划将如何变化。',
    unchanged: '计划不变。',
    counts: (added: number, moved: number, cancelled: number, kept: number) =>
      `新增 ${added}，改期 ${moved}，取消 ${cancelled}，不变 ${kept}`,
    rest: (count: number) => `另有 ${count} 项（更远的日期）`,
    wouldBeOff: (activities: string, missing: number) => `将停用：${activities}，少 ${missing} 项`,
    save: '保存并更新计划',
    saved: (added: number, moved: number, cancelled: number) =>
      `已录入：新增 ${added}，改期 ${moved}，取消 ${cancelled}`,
    cancel: '取消',
    close: '关闭',
    loading: '正在读取…',
    values: '数值',
  },
  {
    changes: enChanges,
    events: 'Events',
    add: 'Record an event',
    addKey: 'Record an event',
    noEvents: 'No event is recorded',
    noEventsHelp:
      'Operations, recurrence, start and end of treatment and exams appear here; the plan follows from them.',
    showVoided: (count: number) => `Show ${count} voided`,
    voided: (by: string, reason: string) => `voided${by === '' ? '' : ` by ${by}`}: ${reason}`,
    void: 'Void',
    voidOf: (event: string) => `Void: ${event}`,
    voidReason: 'Why it is wrong',
    voidReasonHelp: 'The event stays in the record and no longer affects the plan.',
    voidedDone: 'Voided',
    confirmed: (name: string) => `values confirmed by ${name}`,
    toJudge: 'to be judged',
    type: 'Event',
    chooseType: 'Choose an event',
    typesOfPlan: 'Events that change the plan',
    typesOfExams: 'Exams outside of the plan or elsewhere',
    date: 'Day',
    optional: '(optional)',
    choose: 'Choose',
    preview: 'How the plan would change',
    previewing: 'Computing…',
    previewMissing: 'Fill in the day and what is required, and the change of the plan appears here.',
    unchanged: 'The plan stays as it is.',
    counts: (added: number, moved: number, cancelled: number, kept: number) =>
      `${added} added, ${moved} moved, ${cancelled} cancelled, ${kept} unchanged`,
    rest: (count: number) => `and ${count} more, further ahead`,
    wouldBeOff: (activities: string, missing: number) =>
      `Would be switched off: ${activities}, ${missing} items less`,
    save: 'Save and update the plan',
    saved: (added: number, moved: number, cancelled: number) =>
      `Recorded: ${added} added, ${moved} moved, ${cancelled} cancelled`,
    cancel: 'Cancel',
    close: 'Close',
    loading: 'Loading…',
    values: 'Values',
  },
);
