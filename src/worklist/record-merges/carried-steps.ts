import { Any, IsNull, Not } from 'typeorm';
import { keyOfAddedItem } from '../../guideline/by-hand.js';
import type { CalendarDate } from '../../guideline/calendar.js';
import type { ClinicalDecision } from '../../schedules/clinical-decision.entity.js';
import type { SchedulesService } from '../../schedules/schedules.service.js';
import { storedPlan } from '../../schedules/stored-plan.js';
import { SurveillanceItem } from '../../schedules/surveillance-item.entity.js';
import type { HospitalTransaction } from '../../tenancy/hospital-scope.js';
import { AppointmentItem } from '../appointments/appointment.entity.js';
import { followUpEnd } from '../steps/ended-follow-up.js';
import { ItemStepRecord } from '../steps/item-step.entity.js';
import { storedPosition } from '../steps/item-transitions.js';
import { recordSteps, restoreItems } from '../steps/step-recording.js';
import type { EndedStep, MergeRecord } from './record-merge.entity.js';

/** Of items of the source, by their ids, the target's open item of the same date of the same rule. */
export type Counterparts = ReadonlyMap<string, SurveillanceItem>;

/** The open items of a record with what people have done about them. */
export const itemsWithSteps = (
  { db, hospital }: HospitalTransaction,
  patientId: string,
): Promise<SurveillanceItem[]> =>
  db.find(SurveillanceItem, {
    where: { hospitalId: hospital.id, patientId, state: 'active', step: Not(IsNull()) },
    order: { due: 'ASC', id: 'ASC' },
  });

/**
 * The target's items that can take over these steps, because they have none of their own. Each gets its row. A target whose
 * follow-up has ended takes over none: nothing is to be done about its items.
 */
export async function counterpartsOf(
  tx: HospitalTransaction,
  schedules: SchedulesService,
  targetId: string,
  ended: readonly EndedStep[],
  copiedKeys: ReadonlyMap<string, string>,
): Promise<Counterparts> {
  const found = new Map<string, SurveillanceItem>();
  if (ended.length === 0 || (await followUpEnd(tx, targetId)) !== null) return found;
  const { items } = await storedPlan(tx, targetId);
  for (const { id, guideline, key } of ended) {
    const keyHere = copiedKeys.get(key) ?? key;
    const same = items.find((item) => item.guideline === guideline && item.key === keyHere);
    if (same?.state === 'active' && same.step === null)
      found.set(id, (await schedules.lockItem(tx, same.id)).item);
  }
  return found;
}

/** By the key of an item that a decision of the source added, the key of the item that the copy of the decision adds. */
export const keysOfCopies = (
  decisions: readonly Pick<ClinicalDecision, 'id' | 'kind' | 'detail'>[],
  copies: MergeRecord['decisions'],
): ReadonlyMap<string, string> =>
  new Map(
    copies.flatMap(([source, copy]) => {
      const decision = decisions.find(({ id }) => id === source);
      if (decision?.kind !== 'added_item') return [];
      const due = decision.detail['due'] as CalendarDate;
      return [[keyOfAddedItem({ due, id: source }), keyOfAddedItem({ due, id: copy })] as const];
    }),
  );

/** Gives the steps to the target's items. A booking comes with its appointment, which is named by the source's item. */
export async function carrySteps(
  tx: HospitalTransaction,
  ended: readonly EndedStep[],
  counterparts: Counterparts,
  appointmentOf: ReadonlyMap<string, string>,
): Promise<MergeRecord['carriedSteps']> {
  const carried: { id: string; steps: number }[] = [];
  for (const { id, step, stepOn, stepUntil } of ended) {
    const item = counterparts.get(id);
    const appointmentId = appointmentOf.get(id);
    // A booking without its appointment would be lost.
    if (!item || (step === 'booked' && appointmentId === undefined)) continue;
    const [after] = await recordSteps(tx, [item], {
      ...{ step: 'merge', to: storedPosition({ state: 'active', step }), on: stepOn, until: stepUntil },
      ...{ detail: { fromItemId: id }, ...(appointmentId !== undefined && { appointmentId }) },
    });
    carried.push({ id: item.id, steps: after?.steps ?? 0 });
  }
  return carried;
}

/**
 * Takes a step that was carried off the target's items whose step is still the carried one. A booking stays with an
 * appointment that stays.
 */
export async function takeBackSteps(
  tx: HospitalTransaction,
  carried: MergeRecord['carriedSteps'],
): Promise<void> {
  if (carried.length === 0) return;
  const [hospitalId, ids] = [tx.hospital.id, carried.map(({ id }) => id)];
  const items = await tx.db.findBy(SurveillanceItem, { hospitalId, id: Any(ids) });
  const records = await tx.db.findBy(ItemStepRecord, {
    ...{ hospitalId, itemId: Any(ids), step: 'merge', undoneAt: IsNull() },
  });
  const covered = await tx.db.findBy(AppointmentItem, { hospitalId, itemId: Any(ids), isOpen: true });
  const untouched = carried.flatMap(({ id, steps }) => {
    if (covered.some(({ itemId }) => itemId === id)) return [];
    const item = items.find((one) => one.id === id && one.steps === steps);
    const record = records.find((one) => one.itemId === id && one.number === steps);
    return item && record ? [{ item, record }] : [];
  });
  await restoreItems(tx, untouched);
}

/** Gives the source's items, which are open again, the steps that they had. */
export async function restoreSteps(
  { db, hospital }: HospitalTransaction,
  ended: readonly EndedStep[],
): Promise<void> {
  if (ended.length === 0) return;
  await db.query(
    `UPDATE surveillance_item i SET step = s.step, step_on = s.step_on, step_until = s.step_until
       FROM unnest($2::uuid[], $3::text[], $4::date[], $5::date[]) AS s (id, step, step_on, step_until)
      WHERE i.hospital_id = $1 AND i.id = s.id AND i.state = 'active' AND i.step IS NULL`,
    [
      ...[hospital.id, ended.map(({ id }) => id), ended.map(({ step }) => step)],
      ...[ended.map(({ stepOn }) => stepOn), ended.map(({ stepUntil }) => stepUntil)],
    ],
  );
}
