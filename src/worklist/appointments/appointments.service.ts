import { Injectable } from '@nestjs/common';
import { Any } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import type { CalendarDate } from '../../guideline/calendar.js';
import { inAllRecords } from '../../patients/merged-records.js';
import { PatientsService } from '../../patients/patients.service.js';
import { DomainError, invalid, notFound } from '../../platform/domain-error.js';
import { msg } from '../../platform/messages/dictionary.js';
import { SchedulesService } from '../../schedules/schedules.service.js';
import type { SurveillanceItem } from '../../schedules/surveillance-item.entity.js';
import { HospitalScope, type HospitalTransaction } from '../../tenancy/hospital-scope.js';
import { recordChange } from '../changes/worklist-changes.js';
import { refuseEndedFollowUp } from '../steps/ended-follow-up.js';
import { positionOn, type StepKind } from '../steps/item-transitions.js';
import { recordSteps } from '../steps/step-recording.js';
import { refuseChangedItem, transitionOf } from '../steps/step-refusals.js';
import { refuseWrongDay } from '../steps/step-schemas.js';
import {
  appointmentsOf,
  listedAppointments,
  type ListedAppointment,
  openAppointments,
  type OpenAppointments,
} from './appointment-lists.js';
import { Appointment, AppointmentItem, type AppointmentOutcome } from './appointment.entity.js';
import {
  outsideItems,
  refuseChangedAppointment,
  refuseClosed,
  refuseOutsideWindow,
} from './appointment-refusals.js';
import {
  type AppointmentWithItems,
  coverItems,
  isBooked,
  lockAppointment,
  markOutside,
  openTexts,
  sealTexts,
  uncoverItems,
  withItems,
} from './appointment-rows.js';
import type { BookingInput, MoveInput, OutcomeInput } from './appointment-schemas.js';
import { type AnsweredAppointment, appointmentView } from './appointment-views.js';
import { changedBy, isMoved, newAppointment, timeOf } from './changed-appointment.js';

/** The appointment that a call changes, and the `If-Match` that came with the call. */
export interface AppointmentCall {
  readonly appointmentId: string;
  readonly ifMatch: string | undefined;
}

/** What a change of an appointment does to its items. */
interface ItemChanges {
  /** Booked before and after. */
  readonly kept: readonly SurveillanceItem[];
  /** Booked from now on. */
  readonly added: readonly SurveillanceItem[];
  /** Booked until now. */
  readonly removed: readonly SurveillanceItem[];
  /** Covered no longer; those that the plan had taken away among them. */
  readonly uncovered: readonly SurveillanceItem[];
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

  /** Books items of one patient. `ifMatch` names the `ETag` of every item, in the order of `itemIds`. */
  async book(input: BookingInput, ifMatch: string | undefined): Promise<AnsweredAppointment> {
    return this.scope.transaction(async (tx) => {
      await this.patients.lock(tx, input.patientId);
      const items = await this.lockItems(tx, input.patientId, input.itemIds);
      for (const [index, item] of items.entries())
        await refuseChangedItem(tx, item, tagOf(ifMatch, { index, of: items.length }));
      await refuseEndedFollowUp(tx, input.patientId);
      await refuseBooked(tx, items);
      for (const item of items) transitionOf('book', item, tx);
      refuseWrongDay(input.date, tx.today, '/date', 0);
      const outside = await outsideItems(tx, items, input.date);
      await refuseOutsideWindow(tx, outside, input.date, input.reason);
      const appointment = newAppointment(tx, input, outside.length > 0);
      await tx.db.insert(Appointment, await sealTexts(tx, appointment.id, appointment));
      await coverItems(tx, appointment, idsOf(items));
      await markOutside(tx, appointment.id, idsOf(outside.map(({ item }) => item)));
      await recordSteps(tx, items, {
        ...{ step: 'book', to: 'booked', on: input.date, appointmentId: appointment.id },
        ...{ reason: appointment.reason, detail: { appointment: timeOf(appointment) } },
      });
      return this.changed(tx, appointment.id);
    });
  }

  /**
   * Moves an open appointment, or changes its items or what is written of it. A nurse who saves it has seen what the plan
   * did to it: `attentionSince` ends, and items that the plan took away and brought back are booked again.
   */
  async move({ appointmentId, ifMatch }: AppointmentCall, input: MoveInput): Promise<AnsweredAppointment> {
    return this.scope.transaction(async (tx) => {
      const found = await this.locked(tx, appointmentId, ifMatch);
      const { appointment } = found;
      refuseClosed(appointment);
      const after = changedBy(appointment, input);
      const hasNewDate = after.date !== appointment.date;
      if (hasNewDate) refuseWrongDay(after.date, tx.today, '/date', 0);
      const items = await this.itemChanges(tx, found, { itemIds: input.itemIds, on: after.date });
      if (items.added.length > 0) refuseWrongDay(after.date, tx.today, '/date', 0);
      const checked = hasNewDate ? [...items.kept, ...items.added] : items.added;
      const beyond = await outsideItems(tx, checked, after.date);
      await refuseOutsideWindow(tx, beyond, after.date, input.reason);
      const outside = [
        ...idsOf(beyond.map(({ item }) => item)),
        ...(hasNewDate
          ? []
          : found.items.filter(({ outsideWindow }) => outsideWindow).map(({ item }) => item.id)),
      ].filter((id) => !items.uncovered.some((item) => item.id === id));
      await uncoverItems(tx, appointmentId, idsOf(items.uncovered));
      await coverItems(tx, appointment, idsOf(items.added));
      await markOutside(tx, appointmentId, outside);
      const { date, time, halfDay, place, room, note, reason, reasonNote } = after;
      await this.update(tx, appointment, {
        ...{ date, time, halfDay, place, reason },
        ...(await sealTexts(tx, appointmentId, { room, note, reasonNote })),
        outsideWindow: items.kept.length + items.added.length > 0 ? outside.length > 0 : after.outsideWindow,
        moves: appointment.moves + Number(isMoved(appointment, after)),
        attentionSince: null,
        ...(isMoved(appointment, after) && { confirmedAt: null }),
      });
      await recordMove(tx, appointment, { after, items, reason: input.reason ? reason : null });
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

  /** Those of the patient, and of records that were merged into it; see `appointmentsOf`. */
  async ofPatient(
    patientId: string,
    limit: number,
    after: readonly [CalendarDate, string] | undefined,
  ): Promise<readonly Appointment[]> {
    return this.scope.transaction(async (tx) => {
      await this.patients.find(tx, patientId);
      return inAllRecords(tx, patientId, (records) => appointmentsOf(tx, records, limit, after));
    });
  }

  /** See `openAppointments`; each with its patient and items. */
  async open(asked: OpenAppointments): Promise<readonly ListedAppointment[]> {
    return this.scope.transaction(async (tx) => listedAppointments(tx, await openAppointments(tx, asked)));
  }

  private async lockItems(
    tx: HospitalTransaction,
    patientId: string,
    itemIds: readonly string[],
  ): Promise<SurveillanceItem[]> {
    const items: SurveillanceItem[] = [];
    for (const [index, itemId] of itemIds.entries()) {
      const refuse = (code: string, message: ReturnType<typeof msg>): never => {
        throw invalid('invalid-input', msg('invalid-input'), [
          { pointer: `/itemIds/${index}`, code, message },
        ]);
      };
      const { item } = await this.schedules.lockItem(tx, itemId);
      if (items.some(({ id }) => id === item.id)) refuse('named-twice', msg('item-named-twice'));
      if (item.patientId !== patientId) refuse('other-patient', msg('item-of-other-patient'));
      items.push(item);
    }
    return items;
  }

  /** Refuses (409) an item that cannot be booked now. Without `itemIds` the appointment covers what it covered. */
  private async itemChanges(
    tx: HospitalTransaction,
    { appointment, items }: AppointmentWithItems,
    { itemIds, on }: { readonly itemIds: readonly string[] | undefined; readonly on: CalendarDate },
  ): Promise<ItemChanges> {
    const covered = items.map(({ item }) => item);
    const wanted = itemIds && (await this.lockItems(tx, appointment.patientId, itemIds));
    const isCovered = ({ id }: SurveillanceItem): boolean => covered.some((item) => item.id === id);
    const isWanted = ({ id }: SurveillanceItem): boolean => wanted?.some((item) => item.id === id) ?? true;
    const kept = covered.filter((item) => isBooked(item) && isWanted(item));
    const broughtBack = covered.filter(
      (item) => on > tx.today && item.state === 'active' && positionOn(item, tx.today) === 'to_book',
    );
    const added = (wanted ?? broughtBack).filter(({ id }) => !kept.some((item) => item.id === id));
    if (added.length > 0) await refuseEndedFollowUp(tx, appointment.patientId);
    const elsewhere = added.filter((item) => !isCovered(item));
    await refuseBooked(tx, elsewhere);
    for (const item of added) transitionOf('book', item, tx);
    const uncovered = covered.filter((item) => !isWanted(item));
    return { kept, added, uncovered, removed: uncovered.filter(isBooked) };
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

/** The tag of one item; the items of a patient often have equal ones. A header with another number of tags counts as a whole. */
function tagOf(
  ifMatch: string | undefined,
  { index, of }: { readonly index: number; readonly of: number },
): string | undefined {
  const tags = ifMatch?.split(',') ?? [];
  return tags.length === of ? tags[index] : ifMatch;
}

const idsOf = (items: readonly { readonly id: string }[]): string[] => items.map(({ id }) => id);

const cancelling = (outcome: AppointmentOutcome): 'patient' | 'hospital' =>
  outcome === 'cancelled_by_patient' ? 'patient' : 'hospital';

/** The steps of one change of an appointment, which are undone together. */
async function recordMove(
  tx: HospitalTransaction,
  before: Appointment,
  {
    after,
    items: { kept, added, removed },
    reason,
  }: { readonly after: Appointment; readonly items: ItemChanges; readonly reason: string | null },
): Promise<void> {
  const [groupId, appointmentId] = [uuidv7(), before.id];
  const to = { to: 'booked', on: after.date, appointmentId, reason, groupId } as const;
  const appointment = timeOf(after);
  if (isMoved(before, after) && kept.length > 0)
    await recordSteps(tx, kept, { step: 'move', ...to, detail: { appointment, before: timeOf(before) } });
  if (added.length > 0) await recordSteps(tx, added, { step: 'book', ...to, detail: { appointment } });
  if (removed.length > 0)
    await recordSteps(tx, removed, {
      ...{ step: 'cancel_appointment', to: 'to_book', appointmentId, groupId },
      detail: { cancelledBy: 'hospital' },
    });
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
