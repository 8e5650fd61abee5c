import type { CalendarDate } from '../../guideline/calendar.js';
import type { ContactChannel } from '../settings/contact-channels.js';

/** What became of an attempt. `sent`: a message or letter went out, and there is no reply yet. */
export const CONTACT_OUTCOMES = ['reached', 'sent', 'failed'] as const;
export type ContactOutcome = (typeof CONTACT_OUTCOMES)[number];

/** Why an attempt failed. `none_known`: the hospital knows no person, number or address of this kind. */
export const FAILURE_CAUSES = [
  'no_answer',
  'busy',
  'declined_call',
  'switched_off',
  'wrong_number',
  'number_not_in_use',
  'not_delivered',
  'not_at_home',
  'moved_away',
  'unknown_there',
  'none_known',
  'other',
  'not_stated',
] as const;
export type FailureCause = (typeof FAILURE_CAUSES)[number];

/** Channels by which something is sent, and a reply may come later or never. */
export const WRITTEN_CHANNELS: readonly ContactChannel[] = ['message', 'wechat', 'letter'];

/** Channels by which a number is dialled. */
export const DIALLED_CHANNELS: readonly ContactChannel[] = ['telephone', 'relative', 'general_practitioner'];

/** One attempt to reach a patient, as far as it decides what comes next. */
export interface ContactAttempt {
  readonly channel: ContactChannel;
  readonly outcome: ContactOutcome;
  /** Null unless it failed. */
  readonly cause: FailureCause | null;
  /** Whether the answer says that the patient lives; false unless a person was reached. */
  readonly confirmsAlive: boolean;
  readonly contactedOn: CalendarDate;
  /** The day on which the patient is to be contacted next; null: the hospital's number of days decides. */
  readonly nextActionOn: CalendarDate | null;
}

/** The patient has not read a message that did not arrive: it is counted, and takes the patient off no list. */
export const wasNotDelivered = ({ cause }: Pick<ContactAttempt, 'cause'>): boolean =>
  cause === 'not_delivered';

/** Whether a number was dialled. */
export const wasDialled = ({ channel }: Pick<ContactAttempt, 'channel'>): boolean =>
  DIALLED_CHANNELS.includes(channel);
