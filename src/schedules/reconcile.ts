import { v7 as uuidv7 } from 'uuid';
import type { CalendarDate } from '../guideline/calendar.js';
import { pairItems, sameWindow } from '../guideline/comparison.js';
import type { Plan } from '../guideline/planner.js';
import type { PlannedItem } from '../guideline/planned-item.js';
import { rulesFor, type ReminderPolicy } from '../tenancy/policy/reminder-policy.js';
import { firstReminderOn, reminderOnUnderNewRules } from './reminder-calendar.js';
import type { SurveillanceItem } from './surveillance-item.entity.js';

/** An item as it should stand in the database. */
export type ItemRow = Omit<SurveillanceItem, 'changedAt'>;

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
  readonly update: readonly (readonly [before: SurveillanceItem, after: ItemRow])[];
  readonly change: PlanDiff;
}

export interface Circumstances {
  readonly hospitalId: string;
  readonly patientId: string;
  readonly guideline: string;
  readonly today: CalendarDate;
  readonly reminders: ReminderPolicy;
  /** What was in force when the items were stored. */
  readonly remindersBefore: ReminderPolicy;
  /** The event, added or voided, for whose sake the plan was drawn up again. */
  readonly causeEventId: string | null;
}

/**
 * Brings what is stored in line with a freshly drawn plan. What is done stays, whatever the plan says
 * now; the same plan twice changes nothing. A slot that comes back is the item it was before.
 */
export function reconcile(
  stored: readonly SurveillanceItem[],
  plan: Plan,
  where: Circumstances,
): Reconciliation {
  const isActive = ({ state }: SurveillanceItem): boolean => state !== 'cancelled';
  const { pairs, left } = pairItems(stored, plan.items, isActive);
  const insert: ItemRow[] = [];
  const update: (readonly [SurveillanceItem, ItemRow])[] = [];
  let [added, moved, kept] = [0, 0, 0];

  for (const [before, planned] of pairs) {
    if (!before) {
      insert.push(newRow(planned, where));
      added++;
      continue;
    }
    const after = rowAfter(before, planned, where);
    if (sameRow(before, after)) {
      kept++;
      continue;
    }
    update.push([before, after]);
    if (before.state === 'cancelled') added++;
    else if (sameWindow(before, after)) kept++;
    else moved++;
  }

  const gone = left.filter(({ state }) => state === 'active');
  kept += left.filter(({ state }) => state === 'completed').length;
  for (const item of gone)
    update.push([
      item,
      {
        ...item,
        state: 'cancelled',
        cancelledByEventId: endOf(item, plan, where),
        nextReminderOn: null,
        ...NO_STEP,
      },
    ]);
  return { insert, update, change: { added, moved, cancelled: gone.length, kept } };
}

/** Of an item that is done or cancelled: nothing has to be done for it any more. */
const NO_STEP = { step: null, stepOn: null, stepUntil: null } as const;

/** The event that ended the item's stretch of follow-up, or the one that was taken back. */
function endOf(item: SurveillanceItem, { runs }: Plan, { causeEventId }: Circumstances): string | null {
  const ended = runs.findLast(
    ({ pathway, start }) => pathway.id === item.pathway && start <= item.measuredFrom,
  );
  return ended?.endedBy?.id ?? causeEventId;
}

function newRow(planned: PlannedItem, where: Circumstances): ItemRow {
  return {
    id: uuidv7(),
    hospitalId: where.hospitalId,
    patientId: where.patientId,
    ...columnsOf(planned, where),
    cancelledByEventId: null,
    revision: 1,
    nextReminderOn: reminderOf(planned, where),
    ...NO_STEP,
    steps: null,
  };
}

function rowAfter(before: SurveillanceItem, planned: PlannedItem, where: Circumstances): ItemRow {
  const columns = columnsOf(planned, where);
  const step = columns.state === 'active' ? {} : NO_STEP;
  const after = { ...before, ...columns, ...step, cancelledByEventId: null };
  if (before.state === after.state && sameDates(before, after))
    return { ...after, nextReminderOn: reminderThatStays(before, where) };
  const revision = sameWindow(before, after) ? before.revision : before.revision + 1;
  return { ...after, revision, nextReminderOn: reminderOf(planned, where) };
}

function columnsOf(planned: PlannedItem, { guideline }: Circumstances) {
  return {
    guideline,
    key: planned.key,
    pathway: planned.pathway,
    rule: planned.rule,
    activity: planned.activity,
    covers: [...planned.covers],
    alsoFor: [...planned.alsoFor],
    sequence: planned.sequence,
    phase: planned.phase,
    measuredFrom: planned.measuredFrom,
    earliest: planned.earliest,
    due: planned.due,
    overdue: planned.overdue,
    missedOn: planned.missedOn,
    beforeEnrolment: planned.beforeEnrolment,
    projected: planned.projected,
    deviates: planned.deviates,
    state: planned.completedOn === null ? ('active' as const) : ('completed' as const),
    completedOn: planned.completedOn,
    completedByEventId: planned.completedBy,
  };
}

function reminderOf(planned: PlannedItem, { today, reminders }: Circumstances): CalendarDate | null {
  return planned.completedOn !== null || planned.beforeEnrolment
    ? null
    : firstReminderOn(today, planned, rulesFor(reminders, planned.activity));
}

/** Of an item as it was before: its next reminder stays too, unless other rules hold for reminders. */
function reminderThatStays(item: SurveillanceItem, where: Circumstances): CalendarDate | null {
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

function sameRow(before: SurveillanceItem, after: ItemRow): boolean {
  const columns = Object.keys(after) as (keyof ItemRow)[];
  return columns.every((column) => String(before[column]) === String(after[column]));
}
