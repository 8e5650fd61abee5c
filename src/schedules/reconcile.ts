import type { CalendarDate } from '../guideline/calendar.js';
import { pairItems, sameWindow } from '../guideline/comparison.js';
import type { Plan } from '../guideline/planner.js';
import type { PlannedItem } from '../guideline/planned-item.js';
import { rulesFor, type ReminderPolicy } from '../tenancy/policy/reminder-policy.js';
import { ItemIds } from './item-ids.js';
import {
  isOpenToOthers,
  type ItemRow,
  newRow,
  NO_STEP,
  plannedColumns,
  type PlanOwner,
  withoutRow,
} from './planned-row.js';
import { firstReminderOn, type RemindedDates, reminderOnUnderNewRules } from './reminder-calendar.js';
import { storedOn } from './stored-window.js';
import type { SurveillanceItem } from './surveillance-item.entity.js';

/** The number of items that a new plan adds, moves, cancels and keeps. */
export interface PlanDiff {
  readonly added: number;
  readonly moved: number;
  readonly cancelled: number;
  readonly kept: number;
}

export interface Reconciliation {
  readonly insert: readonly ItemRow[];
  /** The rows that change. */
  readonly update: readonly Change[];
  /** `update`, and the changes of items that get their row now. */
  readonly changes: readonly Change[];
  readonly change: PlanDiff;
}

type Change = readonly [before: ItemRow, after: ItemRow];

export interface ReconciliationContext extends PlanOwner {
  readonly today: CalendarDate;
  readonly reminders: ReminderPolicy;
  /** The reminder policy when the items were stored. */
  readonly remindersBefore: ReminderPolicy;
  /** The event that was recorded or voided and so changed the plan. */
  readonly causeEventId: string | null;
  /** All items of the previous plan, because those without a row are compared too. */
  readonly before: readonly PlannedItem[];
}

/**
 * Computes the changes of the stored items for a new plan. Idempotent. A completed item does not change, whatever the
 * new plan contains. An item that returns after it was cancelled has the same row and id. Items far ahead are counted
 * in the diff and get no row.
 */
export function reconcile(
  stored: readonly SurveillanceItem[],
  plan: Plan,
  context: ReconciliationContext,
): Reconciliation {
  const computed = new Set(
    withoutRow(stored, context.before).map((item) => newRow(item, context, { id: '', nextReminderOn: null })),
  );
  const { pairs, left } = pairItems<ItemRow, PlannedItem>(
    [...stored, ...computed],
    plan.items,
    isOpenToOthers,
  );
  const isStored = storedOn(context.today, context.patientId);
  const ids = new ItemIds(context.patientId, stored);
  const [insert, update, changes]: [ItemRow[], Change[], Change[]] = [[], [], []];
  const counts = { added: 0, moved: 0, cancelled: 0, kept: 0 };

  for (const [before, planned] of pairs) {
    if (before !== null && !computed.has(before)) {
      const after = rowAfter(before, planned, context);
      counts[kindOfChange(before, after)]++;
      if (!sameRow(before, after)) update.push([before, after]);
      continue;
    }
    counts[kindOfChange(before, planned)]++;
    if (!isStored(planned)) continue;
    const after = newRow(planned, context, {
      id: ids.next(planned.key),
      nextReminderOn: reminderOf(planned, context),
    });
    insert.push(after);
    if (before !== null) changes.push([before, after]);
  }

  for (const item of left) {
    if (item.state === 'completed') counts.kept++;
    if (item.state !== 'active') continue;
    counts.cancelled++;
    if (!computed.has(item)) update.push([item, cancelled(item, plan, context)]);
  }
  return { insert, update, changes: [...update, ...changes], change: counts };
}

function kindOfChange(before: ItemRow | null, after: Dated): 'added' | 'kept' | 'moved' {
  if (before === null || before.state === 'cancelled') return 'added';
  return sameWindow(before, after) ? 'kept' : 'moved';
}

const cancelled = (item: ItemRow, plan: Plan, context: ReconciliationContext): ItemRow => ({
  ...item,
  state: 'cancelled',
  cancelledByEventId: endingEvent(item, plan, context),
  nextReminderOn: null,
  ...NO_STEP,
});

/** The event that ended the pathway of the item, or the event that was voided. */
function endingEvent(item: ItemRow, { runs }: Plan, { causeEventId }: ReconciliationContext): string | null {
  const ended = runs.findLast(
    ({ pathway, start }) => pathway.id === item.pathway && start <= item.measuredFrom,
  );
  return ended?.endedBy?.id ?? causeEventId;
}

function rowAfter(before: ItemRow, planned: PlannedItem, context: ReconciliationContext): ItemRow {
  const columns = plannedColumns(planned, context);
  const step = columns.state === 'active' ? {} : NO_STEP;
  const after = { ...before, ...columns, ...step, cancelledByEventId: null };
  if (before.state === after.state && sameDates(before, after))
    return { ...after, nextReminderOn: unmovedReminder(before, context) };
  const revision = sameWindow(before, after) ? before.revision : before.revision + 1;
  return { ...after, revision, nextReminderOn: reminderOf(planned, context) };
}

/** The day of the next reminder of a new or moved item; null if it gets none. */
export function reminderOf(
  planned: Pick<PlannedItem, 'activity' | 'completedOn' | 'beforeEnrolment'> & RemindedDates,
  { today, reminders }: Pick<ReconciliationContext, 'today' | 'reminders'>,
): CalendarDate | null {
  return planned.completedOn !== null || planned.beforeEnrolment
    ? null
    : firstReminderOn(today, planned, rulesFor(reminders, planned.activity));
}

/** The day of the next reminder of an item that did not move. It changes only when the reminder policy did. */
function unmovedReminder(item: ItemRow, context: ReconciliationContext): CalendarDate | null {
  const { today, reminders, remindersBefore } = context;
  if (reminders === remindersBefore || item.state !== 'active' || item.beforeEnrolment)
    return item.nextReminderOn;
  return reminderOnUnderNewRules(today, item, rulesFor(reminders, item.activity), {
    rules: rulesFor(remindersBefore, item.activity),
    nextReminderOn: item.nextReminderOn,
  });
}

type Dated = Pick<ItemRow, 'earliest' | 'due' | 'overdue' | 'missedOn' | 'beforeEnrolment'>;

/** Whether both have their reminders on the same days. */
const sameDates = (a: Dated, b: Dated): boolean =>
  sameWindow(a, b) && a.missedOn === b.missedOn && a.beforeEnrolment === b.beforeEnrolment;

function sameRow(before: ItemRow, after: ItemRow): boolean {
  const columns = Object.keys(after) as (keyof ItemRow)[];
  return columns.every((column) => String(before[column]) === String(after[column]));
}
