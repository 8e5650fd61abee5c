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

/** What a new plan does to the items of a patient, in numbers. */
export interface PlanDiff {
  readonly added: number;
  readonly moved: number;
  readonly cancelled: number;
  readonly kept: number;
}

export interface Reconciliation {
  readonly insert: readonly ItemRow[];
  /** What changes in stored items: each before and after. */
  readonly update: readonly Change[];
  /** What becomes of items that have a row from now on: each before and after. */
  readonly changes: readonly Change[];
  readonly change: PlanDiff;
}

type Change = readonly [before: ItemRow, after: ItemRow];

export interface Circumstances extends PlanOwner {
  readonly today: CalendarDate;
  readonly reminders: ReminderPolicy;
  /** What was in force when the items were stored. */
  readonly remindersBefore: ReminderPolicy;
  /** The event, added or voided, for whose sake the plan was drawn up again. */
  readonly causeEventId: string | null;
  /** All items of the plan as it was before: those without a row are compared, too. */
  readonly before: readonly PlannedItem[];
}

/**
 * Brings what is stored in line with a freshly drawn plan. What is done stays, whatever the plan says now; the same plan
 * twice changes nothing. A slot that comes back is the item it was before. Items far ahead get no row, and are counted.
 */
export function reconcile(
  stored: readonly SurveillanceItem[],
  plan: Plan,
  where: Circumstances,
): Reconciliation {
  const computed = new Set(
    withoutRow(stored, where.before).map((item) => newRow(item, where, { id: '', nextReminderOn: null })),
  );
  const { pairs, left } = pairItems<ItemRow, PlannedItem>(
    [...stored, ...computed],
    plan.items,
    isOpenToOthers,
  );
  const isStored = storedOn(where.today, where.patientId);
  const ids = new ItemIds(where.patientId, stored);
  const [insert, update, changes]: [ItemRow[], Change[], Change[]] = [[], [], []];
  const counts = { added: 0, moved: 0, cancelled: 0, kept: 0 };

  for (const [before, planned] of pairs) {
    if (before !== null && !computed.has(before)) {
      const after = rowAfter(before, planned, where);
      counts[countedAs(before, after)]++;
      if (!sameRow(before, after)) update.push([before, after]);
      continue;
    }
    counts[countedAs(before, planned)]++;
    if (!isStored(planned)) continue;
    const after = newRow(planned, where, {
      id: ids.next(planned.key),
      nextReminderOn: reminderOf(planned, where),
    });
    insert.push(after);
    if (before !== null) changes.push([before, after]);
  }

  for (const item of left) {
    if (item.state === 'completed') counts.kept++;
    if (item.state !== 'active') continue;
    counts.cancelled++;
    if (!computed.has(item)) update.push([item, cancelled(item, plan, where)]);
  }
  return { insert, update, changes: [...update, ...changes], change: counts };
}

function countedAs(before: ItemRow | null, after: Dated): 'added' | 'kept' | 'moved' {
  if (before === null || before.state === 'cancelled') return 'added';
  return sameWindow(before, after) ? 'kept' : 'moved';
}

const cancelled = (item: ItemRow, plan: Plan, where: Circumstances): ItemRow => ({
  ...item,
  state: 'cancelled',
  cancelledByEventId: endOf(item, plan, where),
  nextReminderOn: null,
  ...NO_STEP,
});

/** The event that ended the item's stretch of follow-up, or the one that was taken back. */
function endOf(item: ItemRow, { runs }: Plan, { causeEventId }: Circumstances): string | null {
  const ended = runs.findLast(
    ({ pathway, start }) => pathway.id === item.pathway && start <= item.measuredFrom,
  );
  return ended?.endedBy?.id ?? causeEventId;
}

function rowAfter(before: ItemRow, planned: PlannedItem, where: Circumstances): ItemRow {
  const columns = plannedColumns(planned, where);
  const step = columns.state === 'active' ? {} : NO_STEP;
  const after = { ...before, ...columns, ...step, cancelledByEventId: null };
  if (before.state === after.state && sameDates(before, after))
    return { ...after, nextReminderOn: reminderThatStays(before, where) };
  const revision = sameWindow(before, after) ? before.revision : before.revision + 1;
  return { ...after, revision, nextReminderOn: reminderOf(planned, where) };
}

/** The day on which a new or moved item wants a reminder; null: it wants none. */
export function reminderOf(
  planned: Pick<PlannedItem, 'activity' | 'completedOn' | 'beforeEnrolment'> & RemindedDates,
  { today, reminders }: Pick<Circumstances, 'today' | 'reminders'>,
): CalendarDate | null {
  return planned.completedOn !== null || planned.beforeEnrolment
    ? null
    : firstReminderOn(today, planned, rulesFor(reminders, planned.activity));
}

/** Of an item as it was before: its next reminder stays too, unless other rules hold for reminders. */
function reminderThatStays(item: ItemRow, where: Circumstances): CalendarDate | null {
  const { today, reminders, remindersBefore } = where;
  if (reminders === remindersBefore || item.state !== 'active' || item.beforeEnrolment)
    return item.nextReminderOn;
  return reminderOnUnderNewRules(today, item, rulesFor(reminders, item.activity), {
    rules: rulesFor(remindersBefore, item.activity),
    nextReminderOn: item.nextReminderOn,
  });
}

type Dated = Pick<ItemRow, 'earliest' | 'due' | 'overdue' | 'missedOn' | 'beforeEnrolment'>;

/** Whether the reminders of both fall on the same days. */
const sameDates = (a: Dated, b: Dated): boolean =>
  sameWindow(a, b) && a.missedOn === b.missedOn && a.beforeEnrolment === b.beforeEnrolment;

function sameRow(before: ItemRow, after: ItemRow): boolean {
  const columns = Object.keys(after) as (keyof ItemRow)[];
  return columns.every((column) => String(before[column]) === String(after[column]));
}
