import type { CalendarDate } from '../../guideline/calendar.js';
import type { MessageSettings } from '../settings/message-settings.js';
import type { Occasion } from '../settings/occasions.js';
import { quietUntil } from '../settings/quiet-hours.js';

/** Why a message does not leave any more. */
export type CancelReason =
  | 'switched_off'
  | 'patient_erased'
  | 'record_merged'
  | 'no_consent'
  | 'patient_died'
  | 'not_followed_up'
  | 'nothing_open'
  | 'appointment_changed'
  | 'result_changed'
  | 'too_late'
  | 'weekly_limit'
  | 'no_number';

/** An item that a message is about, as it is now. */
export interface SubjectItem {
  readonly id: string;
  readonly activity: string;
  readonly due: CalendarDate;
  /** Whether it waits for an appointment: neither completed, cancelled, booked, deferred nor declined. */
  readonly isToBook: boolean;
  /** Whether the patient missed its last appointment. */
  readonly isNotAttended: boolean;
}

/** An appointment that a message is about, as it is now. */
export interface SubjectAppointment {
  readonly date: CalendarDate;
  readonly outcome: string | null;
}

export interface Recipient {
  /** Digits of a mobile number. */
  readonly number: string;
  /** Null: the patient. */
  readonly relative: { readonly id: string; readonly name: string; readonly relation: string } | null;
}

/** All that decides about one message. */
export interface MessageFacts {
  readonly occasion: Occasion;
  /** The day of the appointment, of the reminder, of the examination, or of the announcement. */
  readonly aboutOn: CalendarDate;
  readonly createdAt: Date;
  readonly settings: MessageSettings;
  readonly isErased: boolean;
  readonly isMerged: boolean;
  readonly hasConsent: boolean;
  readonly hasDied: boolean;
  readonly isFollowedUp: boolean;
  readonly items: readonly SubjectItem[];
  /** Null: it is about none, or the appointment is gone. */
  readonly appointment: SubjectAppointment | null;
  /** Of a result: whether it is active, within range, and nothing of it has to be judged. */
  readonly isResultInRange: boolean;
  /** Messages to the patient whose first attempt began within the last seven days, without this one. */
  readonly sentThisWeek: number;
  /** Whether an attempt was made before: then recipient and text stand, and the weekly limit has counted it. */
  readonly wasTried: boolean;
  /** The patient's own mobile numbers, and those of relatives, in the order in which they are tried. */
  readonly own: readonly string[];
  readonly relatives: readonly Recipient[];
}

export type MessageDecision =
  | { readonly is: 'send'; readonly recipient: Recipient | null }
  | { readonly is: 'wait'; readonly until: Date }
  | { readonly is: 'cancel'; readonly reason: CancelReason };

const DAY_MS = 86_400_000;

/** A message that could not leave for so long is no longer of use, and the reminders of the ward go on. */
export const GIVEN_UP_AFTER_DAYS = 3;

/** Decides at `now`, the hospital's day `today`, whether a message may leave. */
export function decideMessage(
  facts: MessageFacts,
  { now, today, timeZone }: { readonly now: Date; readonly today: CalendarDate; readonly timeZone: string },
): MessageDecision {
  const reason = personFault(facts) ?? subjectFault(facts, today) ?? ageFault(facts, now);
  if (reason !== null) return { is: 'cancel', reason };
  const until = quietUntil(now, timeZone, facts.settings);
  if (until !== null) return { is: 'wait', until };
  if (facts.wasTried) return { is: 'send', recipient: null };
  if (facts.sentThisWeek >= facts.settings.weeklyLimit) return { is: 'cancel', reason: 'weekly_limit' };
  const recipient = recipientOf(facts);
  return recipient === null ? { is: 'cancel', reason: 'no_number' } : { is: 'send', recipient };
}

/** The patient on the first own mobile number; only without one, and where the hospital wants it, a relative. */
export function recipientOf({
  own,
  relatives,
  settings,
}: Pick<MessageFacts, 'own' | 'relatives' | 'settings'>): Recipient | null {
  const [number] = own;
  if (number !== undefined) return { number, relative: null };
  return settings.relatives ? (relatives[0] ?? null) : null;
}

function personFault(facts: MessageFacts): CancelReason | null {
  const { enabled, occasions } = facts.settings;
  if (!enabled || !occasions[facts.occasion]) return 'switched_off';
  if (facts.isErased) return 'patient_erased';
  if (facts.isMerged) return 'record_merged';
  if (!facts.hasConsent) return 'no_consent';
  if (facts.hasDied) return 'patient_died';
  return facts.isFollowedUp ? null : 'not_followed_up';
}

function subjectFault(facts: MessageFacts, today: CalendarDate): CancelReason | null {
  switch (facts.occasion) {
    case 'appointment_tomorrow':
      return appointmentFault(facts, today);
    case 'result_in_range':
      return facts.isResultInRange ? null : 'result_changed';
    case 'not_attended':
      return facts.items.some(({ isNotAttended }) => isNotAttended) ? null : 'nothing_open';
    default:
      return facts.items.some(({ isToBook }) => isToBook) ? null : 'nothing_open';
  }
}

function appointmentFault(
  { appointment, aboutOn, items }: MessageFacts,
  today: CalendarDate,
): CancelReason | null {
  if (appointment?.outcome !== null || appointment.date !== aboutOn) return 'appointment_changed';
  if (items.length === 0) return 'nothing_open';
  // The text says "tomorrow".
  return today < aboutOn ? null : 'too_late';
}

const ageFault = ({ createdAt }: MessageFacts, now: Date): CancelReason | null =>
  now.getTime() - createdAt.getTime() >= GIVEN_UP_AFTER_DAYS * DAY_MS ? 'too_late' : null;
