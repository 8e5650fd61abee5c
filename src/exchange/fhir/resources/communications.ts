import type { Communication } from 'fhir/r4.js';
import { concept } from '../../../interop/fhir/codes.js';
import type { PatientMessageView } from '../../../patient-messages/messages-view.js';
import type { Contact } from '../../../worklist/contacts/contact.entity.js';
import { filled, latest, type PatientRecord, referenceTo, versioned } from './patient-record.js';

type Status = Communication['status'];

const CONTACT: Readonly<Record<Contact['outcome'], Status>> = {
  reached: 'completed',
  sent: 'completed',
  failed: 'not-done',
};

const MESSAGE: Readonly<Record<string, Status>> = {
  pending: 'preparation',
  sent: 'completed',
  handed_over: 'completed',
  cancelled: 'not-done',
  failed: 'not-done',
  uncertain: 'unknown',
};

/** The attempts to reach the patient, and the messages to the patient. */
export const communications = ({ patient, contacts, messages }: PatientRecord): Communication[] => {
  const subject = referenceTo('Patient', patient.mergedInto ?? patient.id);
  return [
    ...contacts.map((contact) => contactCommunication(contact, subject)),
    ...messages.map((message) => messageCommunication(message, subject)),
  ];
};

const contactCommunication = (contact: Contact, subject: Communication['subject']): Communication =>
  versioned<Communication>(
    {
      ...{ resourceType: 'Communication', id: contact.id },
      status: contact.voidedAt === null ? CONTACT[contact.outcome] : 'entered-in-error',
      statusReason: contact.cause === null ? undefined : concept('contact-failure', contact.cause, undefined),
      medium: [concept('contact-channel', contact.channel, undefined)],
      subject,
      sent: contact.contactedOn,
      recipient: contact.relativeId === null && subject ? [subject] : undefined,
      note: contact.note === null ? undefined : [{ text: contact.note }],
    },
    latest(contact.recordedAt, contact.voidedAt),
  );

const messageCommunication = (
  message: PatientMessageView,
  subject: Communication['subject'],
): Communication =>
  versioned<Communication>(
    {
      ...{ resourceType: 'Communication', id: message.id },
      status: MESSAGE[message.state] ?? 'unknown',
      statusReason:
        message.reason === null ? undefined : concept('message-reason', message.reason, undefined),
      category: [concept('message-occasion', message.occasion, undefined)],
      medium: [concept('message-channel', message.channel, undefined)],
      subject,
      about: filled(message.itemIds.map((id) => referenceTo('ServiceRequest', id))),
      sent: message.sentAt ?? undefined,
      recipient: message.relativeId === null && subject ? [subject] : undefined,
      payload: message.text === null ? undefined : [{ contentString: message.text }],
    },
    latest(
      new Date(message.createdAt),
      message.sentAt ? new Date(message.sentAt) : null,
      message.settledAt ? new Date(message.settledAt) : null,
    ),
  );
