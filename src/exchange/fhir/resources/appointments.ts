import type { Appointment } from 'fhir/r4.js';
import { addDays } from '../../../guideline/calendar.js';
import { hl7Concept } from '../../../interop/fhir/codes.js';
import { instantIn, startOfDay } from '../../../interop/fhir/date-range.js';
import type { Appointment as StoredAppointment } from '../../../worklist/appointments/appointment.entity.js';
import {
  filled,
  type PatientRecord,
  type RecordedAppointment,
  referenceTo,
  type ResourceContext,
  versioned,
} from './patient-record.js';

/** The program knows when an appointment begins, not how long it takes. */
const MINUTES = 30;
const NOON = '12:00';

const ENDED: Readonly<Record<NonNullable<StoredAppointment['outcome']>, Appointment['status']>> = {
  attended: 'fulfilled',
  not_attended: 'noshow',
  cancelled_by_patient: 'cancelled',
  cancelled_by_hospital: 'cancelled',
  withdrawn: 'entered-in-error',
};

const CANCELLED_BY = { cancelled_by_patient: 'pat', cancelled_by_hospital: 'prov' } as const;

export const appointmentResources = (record: PatientRecord, context: ResourceContext): Appointment[] =>
  record.appointments.map((one) => appointmentResource(one, record, context));

/**
 * An open appointment with a time is booked. FHIR books nothing without start and end (app-3), so one for a day or a
 * half-day is proposed, with that period as the requested one.
 */
function appointmentResource(
  { appointment, itemIds }: RecordedAppointment,
  { patient }: PatientRecord,
  { timeZone }: ResourceContext,
): Appointment {
  const { id, time, place, note, outcome, confirmedAt, bookedAt, changedAt } = appointment;
  const status = outcome === null ? (time === null ? 'proposed' : 'booked') : ENDED[outcome];
  const [start, end] = extentOf(appointment, timeZone);
  const cancelledBy =
    outcome === 'cancelled_by_patient' || outcome === 'cancelled_by_hospital' ? outcome : null;
  const isAccepted = confirmedAt !== null || outcome === 'attended';
  return versioned<Appointment>(
    {
      ...{ resourceType: 'Appointment', id, status },
      cancelationReason:
        cancelledBy === null
          ? undefined
          : hl7Concept('appointment-cancellation-reason', CANCELLED_BY[cancelledBy]),
      ...(status === 'proposed' ? { requestedPeriod: [{ start, end }] } : { start, end }),
      created: bookedAt.toISOString(),
      comment: note ?? undefined,
      basedOn: filled(itemIds.map((item) => referenceTo('ServiceRequest', item))),
      participant: [
        { actor: referenceTo('Patient', patient.id), status: isAccepted ? 'accepted' : 'needs-action' },
        ...(place === null ? [] : [{ actor: { display: place }, status: 'accepted' as const }]),
      ],
    },
    changedAt,
  );
}

/** Start and end with the offset of the hospital: half an hour from the time, the half-day, or the day. */
function extentOf({ date, time, halfDay }: StoredAppointment, zone: string): readonly [string, string] {
  const next = startOfDay(addDays(date, 1), zone);
  if (time !== null) {
    const start = instantIn(`${date}T${time}:00`, zone);
    return [start, minutesAfter(start, zone)];
  }
  const noon = instantIn(`${date}T${NOON}:00`, zone);
  if (halfDay === 'morning') return [startOfDay(date, zone), noon];
  return halfDay === 'afternoon' ? [noon, next] : [startOfDay(date, zone), next];
}

const minutesAfter = (start: string, zone: string): string =>
  instantIn(new Date(new Date(start).getTime() + MINUTES * 60_000).toISOString(), zone);
