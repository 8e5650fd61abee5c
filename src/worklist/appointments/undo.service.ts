import { Injectable } from '@nestjs/common';
import { Any, IsNull, LessThan, Not } from 'typeorm';
import type { CalendarDate } from '../../guideline/calendar.js';
import { PatientsService } from '../../patients/patients.service.js';
import { DomainError } from '../../platform/domain-error.js';
import { msg, render } from '../../platform/messages/dictionary.js';
import { factsBefore } from '../../schedules/plan-facts.js';
import { SchedulesService } from '../../schedules/schedules.service.js';
import { SurveillanceItem } from '../../schedules/surveillance-item.entity.js';
import { HospitalScope, type HospitalTransaction } from '../../tenancy/hospital-scope.js';
import { recordChange } from '../changes/worklist-changes.js';
import { worklistSettings } from '../settings/worklist-settings.js';
import { ItemStepRecord } from '../steps/item-step.entity.js';
import type { StepKind } from '../steps/item-transitions.js';
import { type ItemCall, itemAtWorkNow } from '../steps/item-steps.service.js';
import { lastSteps, stepsTakenTogether } from '../steps/step-history.js';
import { afterStep, restoreItems, type UndoneStep } from '../steps/step-recording.js';
import { refuseChangedItem } from '../steps/step-refusals.js';
import { undoableUntil } from '../steps/step-undo.js';
import { type ItemAtWorkAnswer, stepText } from '../steps/step-views.js';
import { outsideItems } from './appointment-refusals.js';
import { coverItems, markOutside, uncoverItems } from './appointment-rows.js';
import { Appointment, AppointmentItem } from './appointment.entity.js';

interface Undoing extends UndoneStep {
  readonly item: SurveillanceItem;
}

/** Takes back the last step about an item, together with what the same call did to other items and to the appointment. */
@Injectable()
export class UndoService {
  constructor(
    private readonly scope: HospitalScope,
    private readonly patients: PatientsService,
    private readonly schedules: SchedulesService,
  ) {}

  /** Gives back exactly what stood before. The step stays in the history, marked as undone. */
  async undo({ itemId, ifMatch }: ItemCall): Promise<ItemAtWorkAnswer> {
    return this.scope.transaction(async (tx) => {
      const { patient, item } = await this.schedules.lockItem(tx, itemId);
      await refuseChangedItem(tx, item, ifMatch);
      const record = (await lastSteps(tx, [itemId])).get(itemId);
      if (!record) throw new DomainError('conflict', 'nothing-to-undo', msg('nothing-to-undo'));
      await refuseUndo(tx, record);
      const undoing = await undoingTogether(tx, record);
      if (record.appointmentId !== null) await restoreAppointment(tx, record.appointmentId, undoing);
      await restoreItems(tx, await this.afterVoiding(tx, patient.id, undoing));
      await recordChange(tx, {
        patientId: patient.id,
        kind: record.appointmentId === null ? 'step' : 'appointment',
      });
      return itemAtWorkNow(tx, (await this.schedules.lockItem(tx, itemId)).item);
    });
  }

  /** Voids the events that the steps recorded, plan included; returns the items as the plan then has them. */
  private async afterVoiding(
    tx: HospitalTransaction,
    patientId: string,
    undoing: readonly Undoing[],
  ): Promise<readonly Undoing[]> {
    const events = new Set(undoing.flatMap(({ record }) => record.eventId ?? []));
    if (events.size === 0) return undoing;
    const reason = render(msg('undone-void-reason', { author: tx.caller.name }), tx.hospital.language);
    for (const eventId of events) {
      const patient = await this.patients.find(tx, patientId);
      const before = await factsBefore(tx, patient);
      await this.patients.void(tx, patient, eventId, reason);
      await this.schedules.revise(tx, [patient], eventId, { before });
    }
    const now: Undoing[] = [];
    for (const { record } of undoing)
      now.push({
        ...{ record, item: (await this.schedules.lockItem(tx, record.itemId)).item },
        ...(await afterVisit(tx, record)),
      });
    return now;
  }
}

/** Where an item goes that was booked before the step: its appointment may have moved or ended meanwhile. */
async function afterVisit(
  { db, hospital }: HospitalTransaction,
  { itemId, fromPosition }: ItemStepRecord,
): Promise<Pick<UndoneStep, 'before'>> {
  if (fromPosition !== 'booked') return {};
  const rows = await db.findBy(AppointmentItem, { hospitalId: hospital.id, itemId });
  const open = rows.filter(({ isOpen }) => isOpen);
  const last = await db.findOne(Appointment, {
    where: {
      ...{ hospitalId: hospital.id },
      id: Any((open.length > 0 ? open : rows).map(({ appointmentId }) => appointmentId)),
    },
    order: { outcomeAt: 'DESC' },
  });
  if (open.length > 0 && last) return { before: { step: 'booked', stepOn: last.date, stepUntil: null } };
  const { outcome, date } = last ?? { outcome: null, date: null };
  const isVisit = outcome === 'attended' || outcome === 'not_attended';
  return { before: { step: isVisit ? outcome : null, stepOn: isVisit ? date : null, stepUntil: null } };
}

/** Refuses the caller who may not undo the step (403), or no longer (409). */
async function refuseUndo(tx: HospitalTransaction, record: ItemStepRecord): Promise<void> {
  const { steps } = await worklistSettings(tx);
  const until = undoableUntil(record, tx.caller, steps.undoMinutes);
  const step = stepText(record.step);
  if (until === null)
    throw new DomainError(
      'forbidden',
      'undo-not-yours',
      msg('undo-not-yours', { step, author: record.author }),
    );
  if (until <= tx.now)
    throw new DomainError(
      'conflict',
      'undo-too-late',
      msg('undo-too-late', { step, minutes: steps.undoMinutes }),
    );
}

/**
 * The steps of the same call with their items. Refuses (409) when more has happened to one of them or to their appointment
 * since, or the examination was on record before the step.
 */
async function undoingTogether(tx: HospitalTransaction, record: ItemStepRecord): Promise<readonly Undoing[]> {
  const together = await stepsTakenTogether(tx, record);
  const ids = together.map(({ itemId }) => itemId);
  const move = together.find(({ step }) => step === 'move');
  if (move?.appointmentId) await refuseJoined(tx, move.appointmentId, ids);
  const last = await lastSteps(tx, ids);
  const items = new Map<string, SurveillanceItem>();
  for (const item of await itemsWith(tx, ids)) items.set(item.id, item);
  return together.map((one) => {
    const item = items.get(one.itemId);
    const isForeign = one.step === 'complete' && one.eventId === null;
    if (item === undefined || isForeign || last.get(one.itemId)?.id !== one.id || !isAsLeft(one, item))
      throw notPossible(one.itemId);
    return { record: one, item };
  });
}

const notPossible = (itemId: string): DomainError =>
  new DomainError('conflict', 'undo-not-possible', msg('undo-not-possible'), [], { itemId });

/** Refuses to move an appointment back when other items were booked for its new day since. */
async function refuseJoined(
  { db, hospital }: HospitalTransaction,
  appointmentId: string,
  movedIds: readonly string[],
): Promise<void> {
  const which = { hospitalId: hospital.id, appointmentId, isOpen: true, itemId: Not(Any([...movedIds])) };
  const joined = await db.findOneBy(AppointmentItem, which);
  if (joined) throw notPossible(joined.itemId);
}

/** Whether the item is still as the step left it. */
function isAsLeft(record: ItemStepRecord, item: SurveillanceItem): boolean {
  const { step, stepOn, stepUntil } = afterStep(record);
  const state = record.toPosition === 'completed' ? 'completed' : 'active';
  return item.state === state && item.step === step && item.stepOn === stepOn && item.stepUntil === stepUntil;
}

/** Items that have steps are stored. */
const itemsWith = (
  { db, hospital }: HospitalTransaction,
  ids: readonly string[],
): Promise<SurveillanceItem[]> =>
  db
    .createQueryBuilder(SurveillanceItem, 'item')
    .where('item.hospitalId = :hospitalId AND item.id = ANY (:ids)', { hospitalId: hospital.id, ids })
    .getMany();

/** Brings the appointment back to what it was before the steps of one call. Its texts stay. */
async function restoreAppointment(
  tx: HospitalTransaction,
  appointmentId: string,
  undoing: readonly Undoing[],
): Promise<void> {
  const { db, hospital, caller, now } = tx;
  const which = { id: appointmentId, hospitalId: hospital.id };
  const appointment = await db.findOneByOrFail(Appointment, which);
  refuseEndedSince(appointment, undoing);
  const idsOf = (...steps: readonly StepKind[]): string[] =>
    undoing.filter(({ record }) => steps.includes(record.step)).map(({ item }) => item.id);
  await uncoverItems(tx, appointmentId, idsOf('book'));
  await coverItems(tx, appointment, idsOf('attend', 'not_attend', 'cancel_appointment'));
  const isEmpty = !(await db.existsBy(AppointmentItem, { hospitalId: hospital.id, appointmentId }));
  const outcome = isEmpty
    ? ({ outcome: 'withdrawn', outcomeBy: caller.name, outcomeAt: now } as const)
    : { outcome: null, outcomeNote: null, outcomeBy: null, outcomeAt: null };
  if (isEmpty) await coverWithdrawn(tx, appointment, idsOf('book'));
  await db.update(Appointment, which, {
    ...outcome,
    ...(await movedBack(tx, appointment, undoing)),
    ...{ version: appointment.version + 1, changedBy: caller.name, changedAt: now },
  });
}

/** Refuses to change an appointment that another call has ended since. */
function refuseEndedSince({ outcome, outcomeAt }: Appointment, [first]: readonly Undoing[]): void {
  if (!first || outcome === null || outcomeAt?.getTime() === first.record.takenAt.getTime()) return;
  throw notPossible(first.item.id);
}

/** A withdrawn appointment shows what it was made for. */
async function coverWithdrawn(
  tx: HospitalTransaction,
  appointment: Appointment,
  itemIds: readonly string[],
): Promise<void> {
  await coverItems(tx, appointment, itemIds);
  const items = { hospitalId: tx.hospital.id, appointmentId: appointment.id };
  await tx.db.update(AppointmentItem, items, { isOpen: false });
}

/** The columns of an appointment of which a move is undone: the day before, its mark, and the reason that was given for it. */
async function movedBack(
  tx: HospitalTransaction,
  { id, moves, reason: reasonNow }: Appointment,
  undoing: readonly Undoing[],
): Promise<Partial<Appointment>> {
  const moved = undoing.filter(({ record }) => record.step === 'move');
  const [first] = moved;
  const before = first?.record.detail.before;
  if (!first || !before) return {};
  const items = moved.map(({ item }) => item);
  const outside = (await outsideItems(tx, items, before.date)).map(({ item }) => item.id);
  await markOutside(tx, id, outside);
  const reason = await reasonOfDay(tx, first.record, before.date);
  const words = reason === reasonNow ? {} : { reason, reasonNote: null };
  return { ...before, ...words, outsideWindow: outside.length > 0, moves: Math.max(0, moves - 1) };
}

/** The reason with which the item was booked or moved to this day before the step. */
async function reasonOfDay(
  { db, hospital }: HospitalTransaction,
  { itemId, appointmentId, number }: ItemStepRecord,
  day: CalendarDate,
): Promise<string | null> {
  if (appointmentId === null) return null;
  const earlier = await db.findOne(ItemStepRecord, {
    where: {
      ...{ hospitalId: hospital.id, itemId, appointmentId, toOn: day, undoneAt: IsNull() },
      ...{ number: LessThan(number), reason: Not(IsNull()) },
    },
    order: { number: 'DESC' },
  });
  return earlier?.reason ?? null;
}
