import type { CalendarDate } from '../../../../guideline/calendar.js';
import { msg } from '../../../../platform/messages/dictionary.js';
import { activitiesFor } from '../../../mappings/code-tables.js';
import type { AppointmentOutcome } from '../../../../worklist/appointments/appointment.entity.js';
import { codingsOf } from './codings.js';
import { refusedAt } from './fault.js';
import { incomingCodes, missingDay, type ReadingContext, senderOf } from './reading.js';
import type { Appointment, CodeableConcept } from './resources.js';
import { dayAndTime, dayOf } from './when.js';

const OWN_ACTIVITIES = 'urn:nedwatch:activity';

/** What an Appointment says in the terms of the worklist. */
export interface AppointmentReading {
  /** Expression of the participant who is the patient. */
  readonly patient: {
    readonly reference: NonNullable<Appointment['participant'][number]['actor']>;
    readonly at: string;
  };
  /** Ids of the items that it names. */
  readonly itemIds: readonly string[];
  /** Activities that its service types mean, where it names no item. */
  readonly activities: readonly string[];
  /** Undefined: a cancelled one may have none. */
  readonly day: CalendarDate | undefined;
  readonly time: string | undefined;
  readonly place: string | undefined;
  /** How it ended; undefined: it is to come. */
  readonly outcome: AppointmentOutcome | undefined;
}

/** Undefined: it is not agreed yet. */
export function readAppointment(
  appointment: Appointment,
  context: ReadingContext,
): AppointmentReading | undefined {
  const { at, timeZone } = context;
  const { status, start, requestedPeriod, participant } = appointment;
  const index = participant.findIndex(({ actor }) => isOf(actor, 'Patient'));
  const reference = participant[index]?.actor;
  if (reference === undefined) throw refusedAt(`${at}.participant`, 'required', msg('fhir-patient-required'));
  const [period] = requestedPeriod ?? [];
  const isOneDay =
    period?.start !== undefined && dayOf(period.start, timeZone) === dayOf(period.end, timeZone);
  // A day without a time of day is agreed, and R4 has no other place for it (invariant app-3).
  if (
    status === 'waitlist' ||
    status === 'proposed' ||
    (status === 'pending' && start === undefined && !isOneDay)
  )
    return undefined;
  const agreed = start === undefined ? undefined : dayAndTime(start, timeZone);
  const day = agreed?.date ?? dayOf(period?.start, timeZone);
  const outcome = outcomeOf(appointment);
  if (day === undefined && outcome === undefined) throw missingDay(`${at}.start`, start);
  const place = participant.find(({ actor }) => isOf(actor, 'Location'))?.actor?.display;
  return {
    patient: { reference, at: `${at}.participant[${index}].actor` },
    itemIds: (appointment.basedOn ?? []).flatMap(({ reference: item }) => itemIdIn(item) ?? []),
    activities: [
      ...new Set((appointment.serviceType ?? []).flatMap((one) => activitiesOf(one, appointment, context))),
    ],
    ...{ day, time: agreed?.time, place: place?.slice(0, 100), outcome },
  };
}

const isOf = (actor: Appointment['participant'][number]['actor'], type: string): boolean =>
  actor !== undefined && (actor.type === type || new RegExp(`(^|/)${type}[/?]`).test(actor.reference ?? ''));

const itemIdIn = (reference: string | undefined): string | undefined =>
  /(?:^|\/)ServiceRequest\/([0-9a-f-]{36})(?:\/_history\/[^/]+)?$/.exec(reference ?? '')?.[1];

function activitiesOf(
  type: CodeableConcept,
  appointment: Appointment,
  { mapping }: Pick<ReadingContext, 'mapping'>,
): readonly string[] {
  const own = codingsOf(type).find(({ system }) => system === OWN_ACTIVITIES)?.code;
  return own === undefined
    ? activitiesFor(mapping, { sender: senderOf(appointment), codes: incomingCodes(type) })
    : [own];
}

/** Reasons of http://terminology.hl7.org/CodeSystem/appointment-cancellation-reason begin with `pat`, `prov` or `maint`. */
function outcomeOf({ status, cancelationReason }: Appointment): AppointmentOutcome | undefined {
  if (status === 'noshow') return 'not_attended';
  if (['arrived', 'checked-in', 'fulfilled'].includes(status)) return 'attended';
  if (status !== 'cancelled' && status !== 'entered-in-error') return undefined;
  return codingsOf(cancelationReason).some(({ code }) => code === 'pat' || code?.startsWith('pat-') === true)
    ? 'cancelled_by_patient'
    : 'cancelled_by_hospital';
}
