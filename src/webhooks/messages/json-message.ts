import type { CalendarDate } from '../../guideline/calendar.js';
import type { ReminderNow } from '../../reminders/announced-reminder.js';
import type { EscalatedTo, ReminderKind } from '../../schedules/reminder-calendar.js';
import type { SurveillanceEventData } from '../../schedules/surveillance-events.js';
import type { EventType } from './event-types.js';

/** Thin on purpose: no name, phone or diagnosis leaves the hospital; `mrn` is the receiver's own key. */
export interface ReminderData {
  readonly itemId: string;
  readonly patientId: string;
  readonly mrn: string;
  readonly activity: string;
  readonly due: CalendarDate;
  /** The first late day. */
  readonly overdue: CalendarDate;
  readonly status: ReminderKind;
  /** The person or role who must act after the escalation period; only where the hospital's policy escalates. */
  readonly escalatedTo?: EscalatedTo;
  /** It was due on an earlier day, when the program did not run. */
  readonly late?: true;
}

/** The data of a message about one reminder. */
export function reminderData({ escalatedTo, late, ...reminder }: ReminderNow): ReminderData {
  const { itemId, patientId, mrn, activity, due, overdue, kind: status } = reminder;
  const data = { itemId, patientId, mrn, activity, due, overdue, status };
  return { ...data, ...(escalatedTo && { escalatedTo }), ...(late && { late }) };
}

/** The data of a message about an event, with its patient. */
export type EventData = { readonly patientId: string; readonly mrn: string } & SurveillanceEventData;

/** Messages about the endpoint itself. */
export interface EndpointData {
  /** Of `endpoint.verification`: the text that the receiver must repeat. */
  readonly challenge?: string;
}

/** Of `endpoint.backlog`: the number of open items. */
export type BacklogData = Readonly<Record<'open' | 'overdue' | 'due' | 'upcoming' | 'patients', number>>;

export interface WebhookMessage {
  readonly id: string;
  readonly type: EventType;
  /** The program's instant at which the event happened, or a reminder's message was written. */
  readonly timestamp: Date;
  /** Counts the endpoint's messages from 1. */
  readonly sequence: number;
  readonly data: ReminderData | EventData | EndpointData | BacklogData;
}

/** Whether it contains data of a patient. */
export const isAboutPatient = (data: WebhookMessage['data']): data is ReminderData | EventData =>
  'patientId' in data;

/** The exact body. It is written once and stored, because every attempt signs and sends the same bytes. */
export function messageBody({
  id,
  type,
  timestamp,
  sequence,
  data,
}: Omit<WebhookMessage, 'data'> & { readonly data: object }): string {
  return JSON.stringify({ id, type, timestamp: timestamp.toISOString(), sequence, data });
}
