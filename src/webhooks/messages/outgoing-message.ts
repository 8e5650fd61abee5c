import type { HospitalTransaction } from '../../tenancy/hospital-scope.js';
import type { Guideline, Text } from '../../guideline/guideline.js';
import { activityTitle } from '../../guideline/vocabulary.js';
import type { ItemEventData } from '../../schedules/surveillance-events.js';
import type { DisclosedPatient } from './message-payload.js';
import type { EventData, ReminderData, WebhookMessage } from './json-message.js';

/** A message before its format is applied, with the patients' identities where the endpoint may receive them. */
export interface OutgoingMessage extends Omit<WebhookMessage, 'data'> {
  /** Its content about a patient; null: it is about the endpoint itself. */
  readonly about: ReminderData | EventData | null;
  readonly patient: DisclosedPatient | undefined;
  /** Its text, when it is about the endpoint and has counts. */
  readonly note: string | undefined;
}

/** Further data that messages in other standards contain. */
export interface MessageContext {
  readonly hospitalId: string;
  readonly endpointId: string;
  /** IANA name. */
  readonly timeZone: string;
  /** The language of the activities' names. */
  readonly language: keyof Text;
  readonly guideline: Guideline | undefined;
}

/** These data for the hospital of the transaction. */
export const contextIn = ({ hospital }: HospitalTransaction, endpointId: string): MessageContext => ({
  ...{ hospitalId: hospital.id, endpointId, timeZone: hospital.timeZone, language: hospital.language },
  guideline: hospital.guideline,
});

/** Its content about single items; none where it is about a whole plan. */
export const itemsOf = (about: ReminderData | EventData): readonly ItemEventData[] =>
  'items' in about ? about.items : 'itemId' in about ? [about] : [];

/** The activity's display name. */
export const titleOf = (activity: string, { guideline, language }: MessageContext): string =>
  guideline ? activityTitle(activity, guideline)[language] : activity;
