import { v7 as uuidv7 } from 'uuid';
import type { SealContext } from '../../encryption/hospital-keys.js';
import type { CalendarDate } from '../../guideline/calendar.js';
import type { ItemRow } from '../../schedules/planned-row.js';
import type { HospitalTransaction } from '../../tenancy/hospital-scope.js';
import { type Position, stepColumn, type StepKind, storedPosition } from './item-transitions.js';
import { ItemStepRecord, type StepDetail } from './item-step.entity.js';

/** A step that a person takes, and where it leaves the item. */
export interface TakenStep {
  readonly step: StepKind;
  readonly to: Position;
  /** The day of the step: of the appointment, of the examination, of the refusal. */
  readonly on?: CalendarDate | null;
  /** The day on which the item returns, or the patient is asked again. */
  readonly until?: CalendarDate | null;
  readonly reason?: string | null;
  readonly note?: string | null;
  readonly detail?: StepDetail;
  readonly appointmentId?: string;
  /** The clinical event that the step recorded, and that undoing it voids. */
  readonly eventId?: string;
  /** The same for all steps of one call; without it, the steps that are recorded together have one of their own. */
  readonly groupId?: string;
}

type Writing = Pick<HospitalTransaction, 'db' | 'hospital' | 'keys' | 'caller' | 'now'>;

export const noteOf = (row: string): SealContext => ({ table: 'item_step', column: 'note', row });

/**
 * Records one step of the caller on each of these items of one locked patient, and moves the items: one insert and one
 * update. `items` are as they were before the step. An item that the step completed keeps the columns that re-planning
 * has given it; only its counter changes. Returns open items as they are after the step.
 */
export async function recordSteps(
  tx: Writing,
  items: readonly ItemRow[],
  taken: TakenStep,
): Promise<ItemRow[]> {
  const { to, on = null, until = null, note = null } = taken;
  const keys = note === null ? null : await tx.keys();
  const { groupId = uuidv7() } = taken;
  const records = items.map((item): ItemStepRecord => {
    const id = uuidv7();
    return {
      ...{ id, hospitalId: tx.hospital.id, patientId: item.patientId, itemId: item.id, groupId },
      number: (item.steps ?? 0) + 1,
      step: taken.step,
      ...{ fromPosition: storedPosition(item), fromOn: item.stepOn, fromUntil: item.stepUntil },
      ...{ toPosition: to, toOn: on, toUntil: until },
      reason: taken.reason ?? null,
      note: keys === null || note === null ? null : keys.seal(note, noteOf(id)),
      detail: taken.detail ?? {},
      ...{ appointmentId: taken.appointmentId ?? null, eventId: taken.eventId ?? null },
      ...{ author: tx.caller.name, callerId: tx.caller.id, takenAt: tx.now },
      ...{ undoneNumber: null, undoneAt: null, undoneBy: null, undoneById: null },
    };
  });
  await tx.db.insert(ItemStepRecord, records);
  const step = stepColumn(to);
  const columns =
    to === 'completed'
      ? { step: null, stepOn: null, stepUntil: null }
      : { step, stepOn: on, stepUntil: until };
  await moveItems(
    tx,
    records.map(({ itemId, number }) => ({ itemId, number, ...columns })),
  );
  return items.map((item) => ({ ...item, ...columns, steps: (item.steps ?? 0) + 1 }));
}

/** The columns of an item that people change. */
export interface ItemMove extends Pick<ItemRow, 'step' | 'stepOn' | 'stepUntil'> {
  readonly itemId: string;
  /** What the item's `steps` counts from now on. */
  readonly number: number;
}

/** Writes the columns in one statement. `changed_at` stays: it says since when the dates of the plan have stood. */
export async function moveItems({ db, hospital }: Writing, moves: readonly ItemMove[]): Promise<void> {
  if (moves.length === 0) return;
  await db.query(
    `UPDATE surveillance_item i SET step = n.step, step_on = n.step_on, step_until = n.step_until, steps = n.steps
       FROM unnest($2::uuid[], $3::text[], $4::date[], $5::date[], $6::integer[]) AS n (id, step, step_on, step_until, steps)
      WHERE i.hospital_id = $1 AND i.id = n.id`,
    [
      ...[hospital.id, moves.map(({ itemId }) => itemId), moves.map(({ step }) => step)],
      ...[moves.map(({ stepOn }) => stepOn), moves.map(({ stepUntil }) => stepUntil)],
      moves.map(({ number }) => number),
    ],
  );
}

/** What `recordSteps` leaves in the item's row. */
export const afterStep = ({
  toPosition,
  toOn,
  toUntil,
}: ItemStepRecord): Omit<ItemMove, 'itemId' | 'number'> =>
  toPosition === 'completed'
    ? { step: null, stepOn: null, stepUntil: null }
    : { step: stepColumn(toPosition), stepOn: toOn, stepUntil: toUntil };

/** What stood in the item's row before the step. */
export const beforeStep = ({
  fromPosition,
  fromOn,
  fromUntil,
}: ItemStepRecord): Omit<ItemMove, 'itemId' | 'number'> => ({
  ...{ step: stepColumn(fromPosition), stepOn: fromOn, stepUntil: fromUntil },
});

/** A step to be undone, and its item as it is now. */
export interface UndoneStep {
  readonly record: ItemStepRecord;
  readonly item: ItemRow;
  /** Where the item goes, if not where it was before the step. */
  readonly before?: Omit<ItemMove, 'itemId' | 'number'>;
}

/** Marks steps as undone by the caller, and gives each item back what stood in its row before. */
export async function restoreItems(tx: Writing, undone: readonly UndoneStep[]): Promise<void> {
  const moves = undone.map(({ record, item, before = beforeStep(record) }) => ({
    ...{ itemId: item.id, number: (item.steps ?? 0) + 1 },
    // An item that the plan no longer asks for has nothing to be restored.
    ...(item.state === 'active' ? before : { step: null, stepOn: null, stepUntil: null }),
  }));
  await moveItems(tx, moves);
  await tx.db.query(
    `UPDATE item_step s SET undone_number = n.number, undone_at = $4, undone_by = $5, undone_by_id = $6
       FROM unnest($2::uuid[], $3::integer[]) AS n (id, number) WHERE s.hospital_id = $1 AND s.id = n.id`,
    [
      ...[tx.hospital.id, undone.map(({ record }) => record.id), moves.map(({ number }) => number)],
      ...[tx.now, tx.caller.name, tx.caller.id],
    ],
  );
}
