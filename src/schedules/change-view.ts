import { z } from 'zod';
import type { CalendarDate } from '../guideline/calendar.js';
import type { ItemChange } from '../guideline/comparison.js';
import { type PlannedItem, statusOn } from '../guideline/planned-item.js';
import { ITEM_STATUSES } from './item-view.js';

/** The days of an item and its status. */
export const Window = z.object({
  earliest: z.iso.date(),
  due: z.iso.date(),
  overdue: z.iso.date().describe('The first late day; 9999-12-31: it is never late'),
  status: z.enum(ITEM_STATUSES),
});

/** What becomes of one item of a plan. */
export const ChangeView = z.object({
  change: z.enum(['kept', 'moved', 'cancelled', 'added']),
  rule: z.string(),
  activity: z.string(),
  before: Window.nullable(),
  after: Window.nullable(),
});

export const windowOf = (item: PlannedItem, today: CalendarDate): z.input<typeof Window> => ({
  earliest: item.earliest,
  due: item.due,
  overdue: item.overdue,
  status: statusOn(today, item),
});

export function changeView(
  { change, before, after }: ItemChange,
  today: CalendarDate,
): z.input<typeof ChangeView> {
  const item = after ?? before;
  if (item === null) throw new Error('A change is one of an item.');
  return {
    change,
    rule: item.rule,
    activity: item.activity,
    before: before && windowOf(before, today),
    after: after && windowOf(after, today),
  };
}
