import type { EventType } from './event-types.js';
import { fhirNotification, shownOutcome } from './fhir-notification.js';
import { hl7Message, hl7Refusal, shownAcknowledgement } from './hl7-message.js';
import { dataFor, type PayloadForm, type DisclosedPatient } from './message-payload.js';
import type { MessageContext } from './outgoing-message.js';
import { type BacklogData, isAboutPatient, messageBody, type WebhookMessage } from './json-message.js';

/** The formats of messages: our own JSON, or a standard of health care. */
export const MESSAGE_FORMATS = ['json', 'fhir-r4', 'hl7-v2'] as const;
export type MessageFormat = (typeof MESSAGE_FORMATS)[number];

/** The media type of the body. */
export const CONTENT_TYPES: Readonly<Record<MessageFormat, string>> = {
  json: 'application/json',
  'fhir-r4': 'application/fhir+json; fhirVersion=4.0',
  'hl7-v2': 'application/hl7-v2; charset=utf-8',
};

/**
 * Whether the format has a message of this type: HL7 v2 has none for a whole plan, and a message to a patient has a form of
 * our own alone.
 */
export const canExpress = (format: MessageFormat, type: EventType): boolean =>
  format === 'json' ||
  (type !== 'surveillance.patient.message' && (format !== 'hl7-v2' || type !== 'surveillance.plan.changed'));

/** The settings of an endpoint that decide the format and the data of its messages. */
export interface MessageForm extends PayloadForm {
  readonly format: MessageFormat;
}

/** The exact body of the message; with the patients' identities among `patients`. */
export function writtenMessage(
  { data, ...head }: WebhookMessage,
  form: MessageForm,
  patients: ReadonlyMap<string, DisclosedPatient>,
  context: MessageContext,
): string {
  if (form.format === 'json') return messageBody({ ...head, data: dataFor(form, head.id, data, patients) });
  const about = isAboutPatient(data) ? data : null;
  const note = 'open' in data ? backlogNote(data) : undefined;
  const outgoing = {
    ...head,
    about,
    note,
    patient: about === null ? undefined : patients.get(about.patientId),
  };
  return form.format === 'hl7-v2'
    ? hl7Message(outgoing, context)
    : JSON.stringify(fhirNotification(outgoing, context));
}

const backlogNote = (counts: BacklogData): string =>
  Object.entries(counts)
    .map(([name, count]) => `${name}: ${count}`)
    .join(', ');

/**
 * Why the body of an answer does not accept the message; null: it does. HL7 v2 requires an acknowledgement in the
 * body.
 */
export const answerRefusal = (format: MessageFormat, answer: string, id: string): string | null =>
  format === 'hl7-v2' ? hl7Refusal(answer, id) : null;

/**
 * The part of an answer that may be stored: answers in formats of health care can repeat a patient's identity under
 * any field name.
 */
export function shownAnswer(format: MessageFormat, answer: string): string {
  if (format === 'json') return answer;
  const shown = format === 'hl7-v2' ? shownAcknowledgement(answer) : shownOutcome(answer);
  return shown ?? (/[{<"|]/.test(answer) ? '' : answer); // a few words at most
}
