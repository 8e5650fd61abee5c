import { Injectable } from '@nestjs/common';
import { Any } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import type { CalendarDate } from '../../guideline/calendar.js';
import { PatientsService } from '../../patients/patients.service.js';
import { DomainError, invalid, notFound } from '../../platform/domain-error.js';
import { msg } from '../../platform/messages/dictionary.js';
import { SchedulesService } from '../../schedules/schedules.service.js';
import type { SurveillanceItem } from '../../schedules/surveillance-item.entity.js';
import { HospitalScope, type HospitalTransaction, notePatient } from '../../tenancy/hospital-scope.js';
import { recordChange } from '../changes/worklist-changes.js';
import type { AppointmentTime } from '../steps/item-step.entity.js';
import type { StepKind } from '../steps/item-transitions.js';
import { reasonOf } from '../steps/step-reasons.js';
import { recordSteps } from '../steps/step-recording.js';
import { refuseChangedItem, transitionOf } from '../steps/step-refusals.js';
import { refuseWrongDay } from '../steps/step-schemas.js';
import { Appointment, AppointmentItem, type AppointmentOutcome } from './appointment.entity.js';
import {
  outsideItems,
  refuseChangedAppointment,
  refuseClosed,
  refuseOutsideWindow,
} from './appointment-refusals.js';
import {
  type AppointmentWithItems,
  lockAppointment,
  openTexts,
  sealTexts,
  withItems,
} from './appointment-rows.js';
import type { BookingInput, MoveInput, OutcomeInput } from './appointment-schemas.js';
import { type AnsweredAppointment, appointmentView } from './appointment-views.js';

/** The appointment that a call changes, and the `If-Match` that came with the call. */
export interface AppointmentCall {
  readonly appointmentId: string;
  readonly ifMatch: string | undefined;
}

export interface OpenAppointments {
  /** First and last day, both included. */
  readonly from: CalendarDate | undefined;
  readonly to: CalendarDate | undefined;
  /** Only those that the plan has changed under. */
  readonly needsAttention: boolean;
  readonly limit: number;
  /** Day and id of the last one seen. */
  readonly after: readonly [CalendarDate, string] | undefined;
}

const STEP_OF: Readonly<Record<AppointmentOutcome, StepKind>> = {
  attended: 'attend',
  not_attended: 'not_attend',
  cancelled_by_patient: 'cancel_appointment',
  cancelled_by_hospital: 'cancel_appointment',
};

/** Appointments of patients. Booking, moving and ending one moves all its items in the same transaction. */
@Injectable()
export class AppointmentsService {
  constructor(
    private readonly scope: HospitalScope,
    private readonly patients: PatientsService,
    private readonly schedules: SchedulesService,
  ) {}

  /** Books items of one patient. `ifMatch` names the `ETag` of every item. */
  async book(input: BookingInput, ifMatch: string | undefined): Promise<AnsweredAppointment> {
    return this.scope.transaction(async (tx) => {
      await this.patients.lock(tx, input.patientId);
      const items = await this.lockItems(tx, input);
      for (const item of items) await refuseChangedItem(tx, item, ifMatch);
      await refuseBooked(tx, items);
      for (const item of items) transitionOf('book', item, tx);
      refuseWrongDay(input.date, tx.today, '/date', 0);
      const outside = await outsideItems(tx, items, input.date);
      await refuseOutsideWindow(tx, outside, input.date, input.reason);
      const appointment = newAppointment(tx, input, outside.length > 0);
      await tx.db.insert(Appointment, await sealTexts(tx, appointment.id, appointment));
      await tx.db.insert(
        AppointmentItem,
        items.map(({ id: itemId }) => ({
          ...{
            hospitalId: tx.hospital.id,
            appointmentId: appointment.id,
            patientId: input.patientId,
            itemId,
          },
          ...{ outsideWindow: outside.some(({ item }) => item.id === itemId), isOpen: true },
        })),
      );
      await recordSteps(tx, items, {
        ...{ step: 'book', to: 'booked', on: input.date, appointmentId: appointment.id },
        ...{ reason: appointment.reason, detail: { appointment: timeOf(appointment) } },
      });
      return this.changed(tx, appointment.id);
    });
  }

  /** Moves an open appointment, or changes what is written of it. A nurse who saves it has looked at it: `attentionSince` ends. */
  async move({ appointmentId, ifMatch }: AppointmentCall, input: MoveInput): Promise<AnsweredAppointment> {
    return this.scope.transaction(async (tx) => {
      const found = await this.locked(tx, appointmentId, ifMatch);
      const { appointment } = found;
      refuseClosed(appointment);
      const after = { ...appointment, ...timesAfter(appointment, input), ...textsIn(input) };
      const isMoved = (['date', 'time', 'halfDay'] as const).some(
        (part) => after[part] !== appointment[part],
      );
      const items = found.items.map(({ item }) => item).filter(isBooked);
      let outside = appointment.outsideWindow;
      if (after.date !== appointment.date) {
        refuseWrongDay(after.date, tx.today, '/date', 0);
        const beyond = await outsideItems(tx, items, after.date);
        await refuseOutsideWindow(tx, beyond, after.date, input.reason);
        outside = beyond.length > 0;
        await markOutside(
          tx,
          appointmentId,
          beyond.map(({ item }) => item.id),
        );
      }
      if (input.reason !== undefined) Object.assign(after, wordedReason(input.reason));
      else if (after.date !== appointment.date) Object.assign(after, { reason: null, reasonNote: null });
      const { place, room, note, reason, reasonNote } = after;
      await this.update(tx, appointment, {
        ...{ date: after.date, time: after.time, halfDay: after.halfDay, place },
        ...(await sealTexts(tx, appointmentId, { room, note, reasonNote })),
        ...{
          reason,
          outsideWindow: outside,
          moves: appointment.moves + Number(isMoved),
          attentionSince: null,
        },
      });
      if (isMoved && items.length > 0)
        await recordSteps(tx, items, {
          ...{
            step: 'move',
            to: 'booked',
            on: after.date,
            appointmentId,
            reason: input.reason ? reason : null,
          },
          detail: { appointment: timeOf(after), before: timeOf(appointment) },
        });
      return this.changed(tx, appointmentId);
    });
  }

  /** Records how the appointment ended, and moves its booked items. The same outcome again changes nothing. */
  async end({ appointmentId, ifMatch }: AppointmentCall, input: OutcomeInput): Promise<AnsweredAppointment> {
    return this.scope.transaction(async (tx) => {
      const { appointment, items } = await this.locked(tx, appointmentId, ifMatch);
      const { outcome, note = null } = input;
      if (appointment.outcome === outcome) return this.answer(tx, { appointment, items });
      refuseClosed(appointment);
      refuseNotYet(appointment, outcome, tx.today);
      await this.update(tx, appointment, {
        ...(await sealTexts(tx, appointmentId, { outcomeNote: note })),
        ...{ outcome, outcomeBy: tx.caller.name, outcomeAt: tx.now, attentionSince: null },
      });
      await tx.db.update(AppointmentItem, { hospitalId: tx.hospital.id, appointmentId }, { isOpen: false });
      const booked = items.map(({ item }) => item).filter(isBooked);
      if (booked.length > 0) {
        const step = STEP_OF[outcome];
        const { to } = transitionOf(step, booked[0] as SurveillanceItem, tx);
        const detail = step === 'cancel_appointment' ? { cancelledBy: cancelling(outcome) } : {};
        const on = to === 'to_book' ? null : appointment.date;
        await recordSteps(tx, booked, { step, to, on, note, appointmentId, detail });
      }
      return this.changed(tx, appointmentId);
    });
  }

  async get(id: string): Promise<AnsweredAppointment> {
    return this.scope.transaction(async (tx) => {
      const found = await tx.db.findOneBy(Appointment, { id, hospitalId: tx.hospital.id });
      if (!found) throw notFound('appointment', id);
      await this.patients.find(tx, found.patientId);
      return this.answer(tx, await withItems(tx, found));
    });
  }

  /** The appointments of a patient, the latest day first; one more than `limit` says that there are more. */
  async ofPatient(
    patientId: string,
    limit: number,
    after: readonly [CalendarDate, string] | undefined,
  ): Promise<readonly Appointment[]> {
    return this.scope.transaction(async (tx) => {
      await this.patients.find(tx, patientId);
      const query = tx.db
        .createQueryBuilder(Appointment, 'a')
        .where('a.hospitalId = :hospitalId AND a.patientId = :patientId', {
          hospitalId: tx.hospital.id,
          patientId,
        })
        .orderBy('a.date', 'DESC')
        .addOrderBy('a.id', 'DESC')
        .limit(limit + 1);
      if (after) query.andWhere('(a.date, a.id) < (:date, :id)', { date: after[0], id: after[1] });
      return openTexts(tx, await query.getMany());
    });
  }

  /** The open appointments of the hospital, the earliest day first; one more than `limit` says that there are more. */
  async open({ from, to, needsAttention, limit, after }: OpenAppointments): Promise<readonly Appointment[]> {
    return this.scope.transaction(async (tx) => {
      const query = tx.db
        .createQueryBuilder(Appointment, 'a')
        .where('a.hospitalId = :hospitalId AND a.outcome IS NULL', { hospitalId: tx.hospital.id })
        .orderBy('a.date')
        .addOrderBy('a.id')
        .limit(limit + 1);
      if (needsAttention) query.andWhere('a.attentionSince IS NOT NULL');
      if (from !== undefined) query.andWhere('a.date >= :from', { from });
      if (to !== undefined) query.andWhere('a.date <= :to', { to });
      if (after) query.andWhere('(a.date, a.id) > (:date, :id)', { date: after[0], id: after[1] });
      const found = await query.getMany();
      for (const { patientId } of found.slice(0, limit)) notePatient(patientId);
      return openTexts(tx, found);
    });
  }

  private async lockItems(
    tx: HospitalTransaction,
    { patientId, itemIds }: BookingInput,
  ): Promise<SurveillanceItem[]> {
    const items: SurveillanceItem[] = [];
    for (const [index, itemId] of itemIds.entries()) {
      const refuse = (code: string, message: ReturnType<typeof msg>): never => {
        throw invalid('invalid-input', msg('invalid-input'), [
          { pointer: `/itemIds/${index}`, code, message },
        ]);
      };
      if (items.some(({ id }) => id === itemId)) refuse('named-twice', msg('item-named-twice'));
      const { item } = await this.schedules.lockItem(tx, itemId);
      if (item.patientId !== patientId) refuse('other-patient', msg('item-of-other-patient'));
      items.push(item);
    }
    return items;
  }

  private async locked(
    tx: HospitalTransaction,
    appointmentId: string,
    ifMatch: string | undefined,
  ): Promise<AppointmentWithItems> {
    const found = await lockAppointment(tx, appointmentId, {
      ...{ patients: this.patients, schedules: this.schedules },
    });
    const [appointment] = (await openTexts(tx, [found.appointment])) as [Appointment];
    refuseChangedAppointment(tx, appointment, ifMatch, (now) => appointmentView(now, tx.hospital.language));
    return { ...found, appointment };
  }

  private async update(
    { db, hospital, caller, now }: HospitalTransaction,
    { id, version }: Appointment,
    changes: Partial<Appointment>,
  ): Promise<void> {
    const by = { version: version + 1, changedBy: caller.name, changedAt: now };
    await db.update(Appointment, { id, hospitalId: hospital.id }, { ...changes, ...by });
  }

  private async changed(tx: HospitalTransaction, id: string): Promise<AnsweredAppointment> {
    const appointment = await tx.db.findOneByOrFail(Appointment, { id, hospitalId: tx.hospital.id });
    await recordChange(tx, { patientId: appointment.patientId, kind: 'appointment' });
    return this.answer(tx, await withItems(tx, appointment));
  }

  private async answer(
    tx: HospitalTransaction,
    { appointment, items }: AppointmentWithItems,
  ): Promise<AnsweredAppointment> {
    const [opened] = (await openTexts(tx, [appointment])) as [Appointment];
    const booked = items.map(({ item }) => item).filter(isBooked);
    const outside = appointment.outcome === null ? await outsideItems(tx, booked, appointment.date) : [];
    return { appointment: opened, items, outside, today: tx.today };
  }
}

const isBooked = ({ state, step }: SurveillanceItem): boolean => state === 'active' && step === 'booked';
const cancelling = (outcome: AppointmentOutcome): 'patient' | 'hospital' =>
  outcome === 'cancelled_by_patient' ? 'patient' : 'hospital';
const timeOf = ({ date, time, halfDay, place }: Appointment): AppointmentTime => ({
  date,
  time,
  halfDay,
  place,
});

function wordedReason(given: string): Pick<Appointment, 'reason' | 'reasonNote'> {
  const { reason, note } = reasonOf('book', given, undefined);
  return { reason, reasonNote: note };
}

function newAppointment(tx: HospitalTransaction, input: BookingInput, outsideWindow: boolean): Appointment {
  const { date, time = null, halfDay = null, place = null, room = null, note = null } = input;
  return {
    ...{ id: uuidv7(), hospitalId: tx.hospital.id, patientId: input.patientId },
    ...{ date, time, halfDay, place, room, note, outsideWindow, version: 1, moves: 0, attentionSince: null },
    ...(input.reason === undefined ? { reason: null, reasonNote: null } : wordedReason(input.reason)),
    ...{ outcome: null, outcomeNote: null, outcomeBy: null, outcomeAt: null },
    ...{ bookedBy: tx.caller.name, bookedAt: tx.now, changedBy: tx.caller.name, changedAt: tx.now },
  };
}

/** What is left out stays; a half-day takes the place of a time, and the reverse. */
function timesAfter(
  before: Appointment,
  { date = before.date, time, halfDay, place = before.place }: MoveInput,
): AppointmentTime {
  return {
    ...{ date, place },
    time: time === undefined ? (halfDay ? null : before.time) : time,
    halfDay: halfDay === undefined ? (time ? null : before.halfDay) : halfDay,
  };
}

const textsIn = ({ room, note }: MoveInput): Partial<Pick<Appointment, 'room' | 'note'>> => ({
  ...(room !== undefined && { room }),
  ...(note !== undefined && { note }),
});

async function markOutside(
  { db, hospital }: HospitalTransaction,
  appointmentId: string,
  itemIds: readonly string[],
): Promise<void> {
  await db.query(
    `UPDATE appointment_item SET outside_window = item_id = ANY ($3)
      WHERE hospital_id = $1 AND appointment_id = $2 AND is_open`,
    [hospital.id, appointmentId, itemIds],
  );
}

/** Refuses (409 `already-booked`) items that have an open appointment, and names it. */
async function refuseBooked(
  { db, hospital }: HospitalTransaction,
  items: readonly SurveillanceItem[],
): Promise<void> {
  const ids = items.map(({ id }) => id);
  const [open] = await db.findBy(AppointmentItem, {
    hospitalId: hospital.id,
    itemId: Any(ids),
    isOpen: true,
  });
  if (!open) return;
  const { id, date } = await db.findOneByOrFail(Appointment, {
    id: open.appointmentId,
    hospitalId: hospital.id,
  });
  throw new DomainError('conflict', 'already-booked', msg('already-booked', { id, date }), [], {
    ...{ itemId: open.itemId, appointmentId: id, date },
  });
}

/** Refuses (409 `appointment-not-yet`) to say whether a patient came on a day that has not come. */
function refuseNotYet({ date }: Appointment, outcome: AppointmentOutcome, today: CalendarDate): void {
  if (date <= today || STEP_OF[outcome] === 'cancel_appointment') return;
  throw new DomainError('conflict', 'appointment-not-yet', msg('appointment-not-yet', { date }));
}
