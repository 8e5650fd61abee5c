import { pairItems } from '../guideline/comparison.js';
import type { PlannedItem } from '../guideline/planned-item.js';
import { ItemIds } from './item-ids.js';
import type { SurveillanceItem } from './surveillance-item.entity.js';

/** An item as it should stand in the database. */
export type ItemRow = Omit<SurveillanceItem, 'changedAt' | 'urgentOn' | 'overtakenOn'>;

/** Whose plan it is, and by which guideline it was drawn up (`id@version`). */
export interface PlanOwner {
  readonly hospitalId: string;
  readonly patientId: string;
  readonly guideline: string;
}

/** Of an item that is done or cancelled: nothing has to be done for it any more. */
export const NO_STEP = { step: null, stepOn: null, stepUntil: null } as const;

/** The columns that follow from the plan. */
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
    missedOn: planned.missedOn,
    beforeEnrolment: planned.beforeEnrolment,
    projected: planned.projected,
    deviates: planned.deviates,
    state: planned.completedOn === null ? ('active' as const) : ('completed' as const),
    completedOn: planned.completedOn,
    completedByEventId: planned.completedBy,
  };
}

/** The row of an item that has none yet. */
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

/** A cancelled item may come back under its own key, and is not taken for another one of the same day. */
export const isOpenToOthers = ({ state }: Pick<ItemRow, 'state'>): boolean => state !== 'cancelled';

/** The items of the plan for which the patient has no row. `rows` are all of the patient, cancelled ones too. */
export const withoutRow = (
  rows: readonly ItemRow[],
  planned: readonly PlannedItem[],
): readonly PlannedItem[] =>
  pairItems(rows, planned, isOpenToOthers).pairs.flatMap(([row, item]) => (row === null ? [item] : []));

/** The items of the plan that have no row, as the row would be, without the day of a reminder. */
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
