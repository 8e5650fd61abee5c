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

/** What a change does to a plan. */
export const planChangeWords = dictionary(
  {
    changes: zhChanges,
    completed: '完成',
    preview: '计划将如何变化',
    previewing: '正在推算…',
    previewMissing: '填完日期和必填项后，这里显示计划将如何变化。',
    unchanged: '计划不变。',
    counts: (added: number, moved: number, cancelled: number, kept: number) =>
      `新增 ${added}，改期 ${moved}，取消 ${cancelled}${kept === 0 ? '' : `，不变 ${kept}`}`,
    rest: (count: number) => `另有 ${count} 项（更远的日期）`,
    wouldBeOff: (activities: string, missing: number) => `将停用：${activities}，少 ${missing} 项`,
  },
  {
    changes: enChanges,
    completed: 'done',
    preview: 'How the plan would change',
    previewing: 'Computing…',
    previewMissing: 'Fill in the day and what is required, and the change of the plan appears here.',
    unchanged: 'The plan stays as it is.',
    counts: (added: number, moved: number, cancelled: number, kept: number) =>
      `${added} added, ${moved} moved, ${cancelled} cancelled${kept === 0 ? '' : `, ${kept} unchanged`}`,
    rest: (count: number) => `and ${count} more, further ahead`,
    wouldBeOff: (activities: string, missing: number) =>
      `Would be switched off: ${activities}, ${missing} items less`,
  },
);
