import { Injectable } from '@nestjs/common';
import { Any } from 'typeorm';
import { msg } from '../../../platform/messages/dictionary.js';
import type { HospitalTransaction } from '../../../tenancy/hospital-scope.js';
import {
  Appointment as AppointmentRecord,
  AppointmentItem,
} from '../../../worklist/appointments/appointment.entity.js';
import type { AnsweredAppointment } from '../../../worklist/appointments/appointment-views.js';
import { AppointmentsService } from '../../../worklist/appointments/appointments.service.js';
import type { Act, AppointmentBefore } from '../../inbound/applied-change.js';
import { bookableItems } from '../../inbound/bookable-items.js';
import { EventRecords, type KnownResource } from './event-records.js';
import { type EntryOutcome, type InboundContext, type InboundEntry, keptNothing } from './inbound-entry.js';
import { KnownPatients } from './known-patients.js';
import { readingContext } from './exam-resources.js';
import { type AppointmentReading, readAppointment } from './reading/appointment.js';
import { pointedAt, refusedAt } from './reading/fault.js';
import type { Appointment } from './reading/resources.js';

type AppointmentAct = Extract<Act, { readonly appointmentId: string }>;

/** Why a day may lie outside of the window of an item. */
const REASON = 'hospital_system';

/** The expression of each part of a booking. */
const ELEMENTS = { '/date': 'start', '/time': 'start', '/itemIds': 'basedOn', '/place': 'participant' };

/** Appointments: booked, moved, ended, as the nurses' own are. */
@Injectable()
export class AppointmentResources {
  constructor(
    private readonly known: KnownPatients,
    private readonly records: EventRecords,
    private readonly appointments: AppointmentsService,
  ) {}

  async apply(
    tx: HospitalTransaction,
    entry: InboundEntry<Appointment>,
    context: InboundContext,
  ): Promise<EntryOutcome> {
    const { resource, at, fullUrl } = entry;
    const reading = readAppointment(resource, readingContext(tx, context, entry));
    if (reading === undefined) return keptNothing('Appointment', msg('fhir-not-agreed'));
    const { reference, at: participant } = reading.patient;
    const patient = await this.known.referred(tx, reference, { context, at: participant, fullUrl });
    if ('notFollowed' in patient) return keptNothing('Appointment', msg('fhir-not-followed'));
    const found = await this.records.find(tx, entry, patient.id, context);
    if (this.records.isRepeated(found)) return this.records.unchanged(found);
    const acts = await pointedAt(at, ELEMENTS, () => this.write(tx, found, reading));
    const appointmentId = acts.at(-1)?.appointmentId ?? found.link?.appointmentId ?? undefined;
    if (appointmentId === undefined)
      return keptNothing('Appointment', msg('fhir-taken-back-before'), patient.id);
    const outcome = await this.records.remember(tx, found, { eventId: null, appointmentId }, context);
    return { ...outcome, acts };
  }

  /** What was done; nothing for an appointment that was cancelled before it was known. */
  private async write(
    tx: HospitalTransaction,
    { link, patientId, entry }: KnownResource,
    reading: AppointmentReading,
  ): Promise<readonly AppointmentAct[]> {
    const { day, time, place, outcome } = reading;
    const act = (
      is: AppointmentAct['is'],
      { appointment: { id, version } }: AnsweredAppointment,
    ): AppointmentAct => ({
      ...{ is, patientId, appointmentId: id, version },
    });
    const known = link?.appointmentId ?? undefined;
    const call = { appointmentId: known ?? '', ifMatch: undefined };
    if (outcome !== undefined) {
      if (known !== undefined) return [act('ended', await this.appointments.end(call, { outcome }))];
      if (outcome.startsWith('cancelled')) return [];
      throw refusedAt(`${entry.at}.status`, 'not-allowed', msg('fhir-appointment-unknown'));
    }
    if (day === undefined) return [];
    if (known === undefined)
      return [act('booked', await this.book(tx, patientId, { ...reading, day }, entry.at))];
    const times = { date: day, time: time ?? null, ...(place !== undefined && { place }) };
    const { appointment } = await this.appointments.get(known);
    const before: AppointmentBefore = {
      ...{
        date: appointment.date,
        time: appointment.time,
        halfDay: appointment.halfDay,
        place: appointment.place,
      },
    };
    return [{ ...act('moved', await this.appointments.move(call, { ...times, reason: REASON })), before }];
  }

  private async book(
    tx: HospitalTransaction,
    patientId: string,
    {
      itemIds,
      activities,
      day,
      time,
      place,
    }: AppointmentReading & { readonly day: NonNullable<AppointmentReading['day']> },
    at: string,
  ): Promise<AnsweredAppointment> {
    const items =
      itemIds.length > 0
        ? itemIds
        : (await bookableItems(tx, patientId, { activities, day })).free.map(({ id }) => id);
    if (items.length === 0) throw refusedAt(`${at}.basedOn`, 'not-interpreted', msg('fhir-no-item'));
    const booked = await bookedTogether(tx, items, day);
    if (booked !== undefined) return this.appointments.get(booked);
    return this.appointments.book(
      {
        ...{ patientId, itemIds: [...items], date: day, reason: REASON, note: undefined },
        ...(time !== undefined && { time }),
        ...(place !== undefined && { place }),
      },
      undefined,
    );
  }
}

/** The open appointment that has all these items on this day: another message has booked it. */
async function bookedTogether(
  { db, hospital }: HospitalTransaction,
  itemIds: readonly string[],
  day: string,
): Promise<string | undefined> {
  const covered = await db.findBy(AppointmentItem, {
    ...{ hospitalId: hospital.id, itemId: Any([...itemIds]), isOpen: true },
  });
  const [first] = covered;
  if (!first || covered.length !== itemIds.length) return undefined;
  if (covered.some(({ appointmentId }) => appointmentId !== first.appointmentId)) return undefined;
  const appointment = await db.findOneBy(AppointmentRecord, {
    id: first.appointmentId,
    hospitalId: hospital.id,
  });
  return appointment?.date === day ? appointment.id : undefined;
}
