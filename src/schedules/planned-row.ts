import { pairItems } from '../guideline/comparison.js';
import type { PlannedItem } from '../guideline/planned-item.js';
import { ItemIds } from './item-ids.js';
import type { SurveillanceItem } from './surveillance-item.entity.js';
import { urgentDay } from './urgent-day.js';

/** An item's row in the database, without the columns that the database fills in. */
export type ItemRow = Omit<
  SurveillanceItem,
  'changedAt' | 'overtakenOn' | 'stepWard' | 'stepDepartment' | 'stepGroup' | 'stepKm'
>;

/** The patient of a plan, and the guideline (`id@version`) by which it was computed. */
export interface PlanOwner {
  readonly hospitalId: string;
  readonly patientId: string;
  readonly guideline: string;
}

/** The step columns of a completed or cancelled item. */
export const NO_STEP = { step: null, stepOn: null, stepUntil: null } as const;

/** The columns that the plan determines. */
export function plannedColumns(planned: PlannedItem, { guideline }: Pick<PlanOwner, 'guideline'>) {
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
    urgentOn: urgentDay(planned),
    missedOn: planned.missedOn,
    beforeEnrolment: planned.beforeEnrolment,
    projected: planned.projected,
    deviates: planned.deviates,
    state: planned.completedOn === null ? ('active' as const) : ('completed' as const),
    completedOn: planned.completedOn,
    completedByEventId: planned.completedBy,
  };
}

/** The row of an item that is not stored yet. */
export function newRow(
  planned: PlannedItem,
  owner: PlanOwner,
  { id, nextReminderOn }: Pick<ItemRow, 'id' | 'nextReminderOn'>,
): ItemRow {
  return {
    id,
    hospitalId: owner.hospitalId,
    patientId: owner.patientId,
    ...plannedColumns(planned, owner),
    cancelledByEventId: null,
    revision: 1,
    nextReminderOn,
    ...NO_STEP,
    steps: null,
  };
}

/**
 * Whether a stored item may be paired with a planned item of another key on the same day. A cancelled item may be
 * paired only with its own key.
 */
export const isOpenToOthers = ({ state }: Pick<ItemRow, 'state'>): boolean => state !== 'cancelled';

/** The items of the plan that have no row. `rows` are all rows of the patient, including cancelled items. */
export const withoutRow = (
  rows: readonly ItemRow[],
  planned: readonly PlannedItem[],
): readonly PlannedItem[] =>
  pairItems(rows, planned, isOpenToOthers).pairs.flatMap(([row, item]) => (row === null ? [item] : []));

/** The items of the plan that have no row, in the form of rows, without the day of the next reminder. */
export function computedItems(
  rows: readonly ItemRow[],
  planned: readonly PlannedItem[],
  owner: PlanOwner,
): ItemRow[] {
  const ids = new ItemIds(owner.patientId, rows);
  return withoutRow(rows, planned).map((item) =>
    newRow(item, owner, { id: ids.next(item.key), nextReminderOn: null }),
  );
}
