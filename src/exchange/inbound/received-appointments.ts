import { Injectable } from '@nestjs/common';
import type { CalendarDate } from '../../guideline/calendar.js';
import type { Message } from '../../guideline/message.js';
import { PatientsService } from '../../patients/patients.service.js';
import { DomainError, invalid } from '../../platform/domain-error.js';
import { msg } from '../../platform/messages/dictionary.js';
import { HospitalScope, type HospitalTransaction } from '../../tenancy/hospital-scope.js';
import type { AppointmentOutcome } from '../../worklist/appointments/appointment.entity.js';
import { AppointmentsService } from '../../worklist/appointments/appointments.service.js';
import { isOutside } from '../../worklist/steps/item-window.js';
import type { StepReason } from '../../worklist/steps/step-reasons.js';
import type { Mapping } from '../mappings/mapping-file.js';
import { type AppliedChange, done, noted } from './applied-change.js';
import { bookableItems } from './bookable-items.js';
import { Inbox, type InboxKey } from './inbox.js';
import { type AppointmentNames, type LinkedAppointment, LinkedAppointments } from './linked-appointments.js';

/** What a system of the hospital says of an appointment, in whichever format. */
export interface ReceivedAppointment extends AppointmentNames {
  readonly kind: InboxKey['kind'];
  readonly patientId: string;
  readonly sourceId: string;
  readonly sentAt: Date;
  readonly state: 'booked' | AppointmentOutcome;
  readonly activities: readonly string[];
  /** The hospital's day and time; undefined where they were not sent. */
  readonly date: CalendarDate | undefined;
  readonly time: string | undefined;
  readonly place: string | undefined;
  /** What a person reads of it in the inbox. */
  readonly text: string;
  /** The fields that a refusal names. */
  readonly fields: { readonly start: string; readonly service: string };
}

/** A hospital system names no reason for a day outside the window of an item. */
const REASON: StepReason = 'hospital_system';

/** Appointments of the hospital's systems are booked, moved and ended by the same rules as those of people. */
@Injectable()
export class ReceivedAppointments {
  constructor(
    private readonly scope: HospitalScope,
    private readonly patients: PatientsService,
    private readonly appointments: AppointmentsService,
    private readonly linked: LinkedAppointments,
    private readonly inbox: Inbox,
  ) {}

  /** Idempotent, in whatever order the messages come. What the worklist refuses is refused, or kept for a person. */
  async apply(
    tx: HospitalTransaction,
    received: ReceivedAppointment,
    mapping: Mapping,
  ): Promise<AppliedChange> {
    await this.patients.lock(tx, received.patientId);
    const link = await this.linked.find(tx, received);
    if (link && link.sentAt > received.sentAt) return about(received, noted(msg('appointment-superseded')));
    try {
      const applied = await this.scope.joined((within) => this.applyNow(within, received, link));
      await this.inbox.settle(tx, inboxKey(received));
      return applied;
    } catch (error) {
      if (!(error instanceof DomainError) || error.issueType === 'busy' || mapping.uninterpreted === 'refuse')
        throw error;
      return this.leave(tx, received, error.faults[0]?.message ?? error.text);
    }
  }

  private async applyNow(
    tx: HospitalTransaction,
    received: ReceivedAppointment,
    link: LinkedAppointment | undefined,
  ): Promise<AppliedChange> {
    if (link && !(await this.isOf(tx, link, received.patientId)))
      throw refusal(received.fields.service, msg('appointment-of-other-patient'));
    const { state } = received;
    const open = await this.openAppointment(tx, received, link);
    const store = (appointmentId: string | undefined): Promise<void> =>
      this.linked.store(tx, received, {
        ...{ id: link?.id, patientId: received.patientId, appointmentId, sentAt: received.sentAt },
      });
    if (state !== 'booked' && open === undefined) {
      await store(link?.appointmentId);
      return about(received, noted(msg('appointment-never-booked')));
    }
    const applied =
      open === undefined
        ? await this.book(tx, received)
        : state === 'booked'
          ? await this.move(open, received)
          : await this.end(open, received, state);
    await store(applied.appointmentId);
    return applied.change;
  }

  /** An appointment moves with its record when that is merged. */
  private async isOf(tx: HospitalTransaction, link: LinkedAppointment, patientId: string): Promise<boolean> {
    return (
      link.patientId === patientId || (await this.patients.find(tx, link.patientId)).mergedInto === patientId
    );
  }

  /** The open appointment that is meant: the linked one, else one that a person booked for the same items. */
  private async openAppointment(
    tx: HospitalTransaction,
    { patientId, activities, date, state }: ReceivedAppointment,
    link: LinkedAppointment | undefined,
  ): Promise<string | undefined> {
    if (link?.appointmentId !== undefined) {
      const { appointment } = await this.appointments.get(link.appointmentId);
      return appointment.outcome === null ? appointment.id : undefined;
    }
    if (date === undefined) return undefined;
    const { booked } = await bookableItems(tx, patientId, { activities, day: date });
    if (booked === undefined || (await this.linked.isLinked(tx, booked.appointmentId))) return undefined;
    // A cancelled appointment is that of a person only where the day is the same.
    return state === 'booked' || booked.item.stepOn === date ? booked.appointmentId : undefined;
  }

  private async book(tx: HospitalTransaction, received: ReceivedAppointment): Promise<Applied> {
    const { patientId, activities, date, time, place } = received;
    if (date === undefined) throw refusal(received.fields.start, msg('appointment-day-required'));
    const { free } = await bookableItems(tx, patientId, { activities, day: date });
    if (free.length === 0)
      throw refusal(received.fields.service, msg('appointment-without-item', { activities }));
    const { appointment } = await this.appointments.book(
      {
        ...{ patientId, itemIds: free.map(({ id }) => id), date },
        ...(time !== undefined && { time }),
        ...(place !== undefined && { place }),
        ...(free.some((item) => isOutside(item, date)) && { reason: REASON }),
      },
      undefined,
    );
    const { id: appointmentId, version } = appointment;
    return { appointmentId, change: done([{ is: 'booked', patientId, appointmentId, version }]) };
  }

  private async move(appointmentId: string, received: ReceivedAppointment): Promise<Applied> {
    const { patientId, date } = received;
    if (date === undefined) throw refusal(received.fields.start, msg('appointment-day-required'));
    const { appointment: before, items } = await this.appointments.get(appointmentId);
    // A message without a time leaves that of the same day; one without a place leaves the place.
    const { time = before.date === date ? before.time : null, place = before.place } = received;
    if (before.date === date && before.time === time && before.place === place)
      return { appointmentId, change: about(received, noted(msg('appointment-same-again'))) };
    const { appointment } = await this.appointments.move(
      { appointmentId, ifMatch: undefined },
      {
        ...{ date, time, place },
        ...(items.some(({ item }) => isOutside(item, date)) && { reason: REASON }),
      },
    );
    const was = { date: before.date, time: before.time, halfDay: before.halfDay, place: before.place };
    const { version } = appointment;
    return { appointmentId, change: done([{ is: 'moved', patientId, appointmentId, version, before: was }]) };
  }

  private async end(
    appointmentId: string,
    { patientId }: ReceivedAppointment,
    outcome: AppointmentOutcome,
  ): Promise<Applied> {
    const { appointment } = await this.appointments.end({ appointmentId, ifMatch: undefined }, { outcome });
    const { version } = appointment;
    return { appointmentId, change: done([{ is: 'ended', patientId, appointmentId, version }]) };
  }

  private async leave(
    tx: HospitalTransaction,
    received: ReceivedAppointment,
    reason: Message,
  ): Promise<AppliedChange> {
    const { patientId, sourceId, text, date, activities } = received;
    const [activity] = activities;
    await this.inbox.keep(tx, {
      ...{ ...inboxKey(received), patientId, sourceId, activity, reason, text },
      ...(date !== undefined && { proposed: { date } }),
    });
    return about(received, noted(msg('kept-in-inbox')));
  }
}

interface Applied {
  readonly appointmentId: string;
  readonly change: AppliedChange;
}

const about = ({ patientId }: ReceivedAppointment, change: AppliedChange): AppliedChange => ({
  ...change,
  patientIds: [patientId],
});

const refusal = (pointer: string, message: Message): DomainError =>
  invalid('invalid-input', msg('invalid-input'), [{ pointer, code: 'not-interpreted', message }]);

const inboxKey = ({ kind, sender, fillerId, placerId }: ReceivedAppointment): InboxKey => ({
  ...{ kind, subject: 'appointment', key: `${sender} ${fillerId ?? placerId ?? ''}` },
});
