import { Injectable } from '@nestjs/common';
import { DateTime } from 'luxon';
import type { CalendarDate } from '../../guideline/calendar.js';
import type { Hl7Message } from '../../interop/hl7v2/er7.js';
import { type Hl7Time, readTime } from '../../interop/hl7v2/timestamp.js';
import { invalid } from '../../platform/domain-error.js';
import { msg } from '../../platform/messages/dictionary.js';
import type { HospitalTransaction } from '../../tenancy/hospital-scope.js';
import { type AppliedChange, noted } from '../inbound/applied-change.js';
import { type ReceivedAppointment, ReceivedAppointments } from '../inbound/received-appointments.js';
import { activitiesFor, wordForm } from '../mappings/code-tables.js';
import type { Mapping } from '../mappings/mapping-file.js';
import { KnownRecords } from './known-records.js';
import { codesOf, type MessageContext, patientNumber } from './message-context.js';
import { requiredSegment } from './patient-messages.js';
import { dayIn } from './person-input.js';
import { readPerson } from './reading/person.js';
import { type AppointmentFacts, readAppointment } from './reading/scheduling.js';

/** New, rescheduled, changed, cancelled, did not come. */
const APPOINTMENT_EVENTS = ['S12', 'S13', 'S14', 'S15', 'S26'];
const [CANCELLED, NO_SHOW] = ['S15', 'S26'];
/** SCH-1 and SCH-2 (HL7 v2.7), and short enough for an index. */
const LONGEST_NUMBER = 427;
const LONGEST_PLACE = 100;

/** SIU: appointments of the hospital's scheduling system. */
@Injectable()
export class AppointmentMessages {
  constructor(
    private readonly known: KnownRecords,
    private readonly appointments: ReceivedAppointments,
  ) {}

  static reads(event: string | undefined): boolean {
    return APPOINTMENT_EVENTS.includes(event ?? '');
  }

  async apply(
    tx: HospitalTransaction,
    event: string,
    message: Hl7Message,
    context: MessageContext,
  ): Promise<AppliedChange> {
    const facts = readAppointment(message);
    if (facts === undefined) throw requiredSegment('SCH');
    if (facts.fillerId === undefined && facts.placerId === undefined)
      throw refused('/SCH/2', msg('hl7-appointment-number'));
    if ([facts.fillerId, facts.placerId].some((id) => (id?.length ?? 0) > LONGEST_NUMBER))
      throw refused('/SCH/2', msg('hl7-too-long', { limit: LONGEST_NUMBER }));
    const pid = message.first('PID');
    if (!pid) throw requiredSegment('PID');
    const mrn = patientNumber(readPerson(pid).identifiers, context.mapping);
    if (mrn === undefined) throw requiredSegment('PID');
    const record = await this.known.byNumber(tx, mrn);
    if (record === undefined) return noted(msg('hl7-not-followed'));
    const patientId = record.mergedInto ?? record.id;
    const activities = facts.services.flatMap((one) =>
      activitiesFor(context.mapping, { sender: context.sender, codes: codesOf(one) }),
    );
    if (activities.length === 0) {
      const codes = facts.services.flatMap(({ code }) => code ?? []);
      return { ...noted(msg('hl7-service-unmapped', { codes })), patientIds: [patientId] };
    }
    const received = receivedAppointment(tx, facts, { event, message, context, patientId });
    return this.appointments.apply(
      tx,
      { ...received, activities: [...new Set(activities)] },
      context.mapping,
    );
  }
}

function receivedAppointment(
  { hospital, now }: HospitalTransaction,
  facts: AppointmentFacts,
  {
    event,
    message,
    context,
    patientId,
  }: {
    readonly event: string;
    readonly message: Hl7Message;
    readonly context: MessageContext;
    readonly patientId: string;
  },
): Omit<ReceivedAppointment, 'activities'> {
  const { placerId, fillerId, start, places, services } = facts;
  const { timeZone } = hospital;
  return {
    ...{
      kind: 'hl7',
      patientId,
      sourceId: context.messageId,
      sender: context.sender ?? '',
      placerId,
      fillerId,
    },
    sentAt: instantOf(readTime(message.header.text(7)), timeZone) ?? now,
    state: stateOf(event, facts, context.mapping),
    date: dayIn(start, timeZone) as CalendarDate | undefined,
    time: start && clockIn(start, timeZone),
    place: places[0]?.slice(0, LONGEST_PLACE),
    text: [
      ...services.map(({ code, text }) => text ?? code),
      start?.text,
      ...places,
      facts.eventReason?.text,
      facts.status,
    ]
      .filter((part) => part !== undefined)
      .join('\n'),
    fields: { start: '/SCH/11', service: '/AIS/3' },
  };
}

/** The event, and for one that books or changes also the status (SCH-25) in the words of the hospital. */
function stateOf(
  event: string,
  { status, eventReason }: AppointmentFacts,
  { appointments: words }: Mapping,
): ReceivedAppointment['state'] {
  const isOneOf = (list: readonly string[], ...values: readonly (string | undefined)[]): boolean =>
    values.some((value) => value !== undefined && list.some((word) => wordForm(word) === wordForm(value)));
  const byPatient = isOneOf(words.cancelledByPatient, eventReason?.code, eventReason?.text);
  const cancelled = byPatient ? 'cancelled_by_patient' : 'cancelled_by_hospital';
  if (event === CANCELLED) return cancelled;
  if (event === NO_SHOW || isOneOf(words.notAttended, status)) return 'not_attended';
  if (isOneOf(words.cancelled, status)) return cancelled;
  return isOneOf(words.attended, status) ? 'attended' : 'booked';
}

/** A time without an offset is the hospital's own. */
function instantOf(time: Hl7Time | undefined, zone: string): Date | undefined {
  const instant = time && DateTime.fromISO(time.text, { zone });
  return instant?.isValid ? instant.toJSDate() : undefined;
}

/** `HH:MM` in the hospital; undefined where only a day was sent. */
function clockIn({ text }: Hl7Time, zone: string): string | undefined {
  if (!text.includes('T')) return undefined;
  const at = DateTime.fromISO(text, { zone });
  return at.isValid ? at.toFormat('HH:mm') : undefined;
}

const refused = (pointer: string, message: ReturnType<typeof msg>) =>
  invalid('invalid-input', msg('invalid-input'), [{ pointer, code: 'invalid', message }]);
