import type { HospitalTransaction } from '../../tenancy/hospital-scope.js';
import type { Guideline, Text } from '../../guideline/guideline.js';
import { activityTitle } from '../../guideline/vocabulary.js';
import type { ItemEventData } from '../../schedules/surveillance-events.js';
import type { DisclosedPatient } from './message-payload.js';
import type { EventData, ReminderData, WebhookMessage } from './json-message.js';

/** A message before it is written in a form, with who the patient is where the endpoint may learn it. */
export interface OutgoingMessage extends Omit<WebhookMessage, 'data'> {
  /** What it tells of a patient; null: it is about the endpoint itself. */
  readonly about: ReminderData | EventData | null;
  readonly patient: DisclosedPatient | undefined;
  /** What it says in words, when it is about the endpoint and has numbers. */
  readonly note: string | undefined;
}

/** What messages in other standards name beside the event. */
export interface MessageContext {
  readonly hospitalId: string;
  readonly endpointId: string;
  /** IANA name. */
  readonly timeZone: string;
  /** In which the examinations are named. */
  readonly language: keyof Text;
  readonly guideline: Guideline | undefined;
}

/** What they name in the hospital of the transaction. */
export const contextIn = ({ hospital }: HospitalTransaction, endpointId: string): MessageContext => ({
  ...{ hospitalId: hospital.id, endpointId, timeZone: hospital.timeZone, language: hospital.language },
  guideline: hospital.guideline,
});

/** What of it is about single examinations; none where it is about a whole plan. */
export const itemsOf = (about: ReminderData | EventData): readonly ItemEventData[] =>
  'items' in about ? about.items : 'itemId' in about ? [about] : [];

/** What people call the examination. */
export const titleOf = (activity: string, { guideline, language }: MessageContext): string =>
  guideline ? activityTitle(activity, guideline)[language] : activity;
