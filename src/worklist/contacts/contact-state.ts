import { addDays, addMonths, type CalendarDate } from '../../guideline/calendar.js';
import { earlier, later } from '../../guideline/planned-item.js';
import type { ContactChannel } from '../settings/contact-channels.js';
import type { ContactSettings, LadderStep } from '../settings/contact-settings.js';
import { type ContactAttempt, wasDialled, wasNotDelivered } from './contact-attempt.js';

/** How many attempts were made of one step of the ladder since the last sign of life. */
export interface StepCount {
  readonly channel: ContactChannel;
  readonly attempts: number;
  /** How many the ladder asks for. */
  readonly of: number;
}

/** That a person should decide whether the patient is lost to follow-up, and why. */
export interface LossProposal {
  /** From this day on it is proposed. */
  readonly proposedOn: CalendarDate;
  readonly because: 'ladder_exhausted' | 'long_silence';
  readonly firstTriedOn: CalendarDate;
  readonly lastTriedOn: CalendarDate;
  readonly attempts: number;
}

/** What follows from all attempts to reach a patient. */
export interface ContactState {
  readonly tried: number;
  readonly reached: number;
  readonly failed: number;
  readonly lastTriedOn: CalendarDate | null;
  readonly lastReachedOn: CalendarDate | null;
  /** The day of the last attempt by telephone. */
  readonly lastCalledOn: CalendarDate | null;
  /** Attempts since the last sign of life; the next one is one more. Messages that were not delivered do not count. */
  readonly sinceReached: number;
  /** The patient is off the lists of patients to call before this day; null: is on them. */
  readonly restsUntil: CalendarDate | null;
  readonly nextActionOn: CalendarDate | null;
  readonly ladder: readonly StepCount[];
  /** The channel that the ladder proposes next, and its how-manieth attempt; null: the ladder is exhausted. */
  readonly nextStep: { readonly channel: ContactChannel; readonly attempt: number } | null;
  readonly knownAliveOn: CalendarDate;
  readonly loss: LossProposal | null;
}

/**
 * The state after `attempts`, the oldest first. `aliveOn`: the newest day of the history on which the patient was seen.
 * An attempt of before a sign of life counts for the totals only.
 */
export function contactState(
  attempts: readonly ContactAttempt[],
  { ladder, restDays, lostAfterMonths }: ContactSettings,
  aliveOn: CalendarDate,
): ContactState {
  const answered = attempts.findLastIndex(({ confirmsAlive }) => confirmsAlive);
  const lastReachedOn = attempts[answered]?.contactedOn ?? null;
  const knownAliveOn = later(aliveOn, lastReachedOn ?? aliveOn);
  const open = attempts.slice(answered + 1).filter(({ contactedOn }) => contactedOn > aliveOn);
  const counts = ladder.map((step) => countOf(step, open));
  const nextStep = counts.find(({ attempts: made, of }) => made < of);
  return {
    tried: attempts.length,
    reached: attempts.filter(({ outcome }) => outcome === 'reached').length,
    failed: attempts.filter(({ outcome }) => outcome === 'failed').length,
    lastTriedOn: attempts.at(-1)?.contactedOn ?? null,
    lastReachedOn,
    lastCalledOn: attempts.findLast(wasDialled)?.contactedOn ?? null,
    sinceReached: open.filter((attempt) => !wasNotDelivered(attempt)).length,
    ...restOf(attempts, restDays),
    ladder: counts,
    nextStep: nextStep ? { channel: nextStep.channel, attempt: nextStep.attempts + 1 } : null,
    knownAliveOn,
    loss: lossOf(open, ladder, addMonths(knownAliveOn, lostAfterMonths)),
  };
}

function countOf({ channel, attempts: of }: LadderStep, open: readonly ContactAttempt[]): StepCount {
  const made = open.filter((attempt) => attempt.channel === channel).length;
  const isDone = dayOfLastAttempt({ channel, attempts: of }, open) !== undefined;
  return { channel, attempts: isDone ? Math.max(of, made) : made, of };
}

/** The day on which the step was done: after its attempts, or as soon as it is impossible. */
function dayOfLastAttempt(
  { channel, attempts }: LadderStep,
  open: readonly ContactAttempt[],
): CalendarDate | undefined {
  const made = open.filter((attempt) => attempt.channel === channel);
  const impossible = made.findIndex(({ cause }) => cause === 'none_known');
  return made[impossible === -1 ? attempts - 1 : Math.min(impossible, attempts - 1)]?.contactedOn;
}

/** The newest attempt decides, unless it was a message that did not arrive. */
function restOf(
  attempts: readonly ContactAttempt[],
  restDays: ContactSettings['restDays'],
): Pick<ContactState, 'restsUntil' | 'nextActionOn'> {
  const decisive = attempts.findLast((attempt) => attempt.nextActionOn !== null || !wasNotDelivered(attempt));
  if (!decisive) return { restsUntil: null, nextActionOn: null };
  const { contactedOn, outcome, confirmsAlive, nextActionOn } = decisive;
  // Who was reached and knows nothing of the patient leaves as much to do as a failed attempt.
  const kind = outcome === 'reached' && !confirmsAlive ? 'failed' : outcome;
  const until = nextActionOn ?? addDays(contactedOn, restDays[kind]);
  return { restsUntil: until > contactedOn ? until : null, nextActionOn };
}

/** A patient without an attempt is not lost. */
function lossOf(
  open: readonly ContactAttempt[],
  ladder: readonly LadderStep[],
  silentOn: CalendarDate,
): LossProposal | null {
  const [first] = open;
  const last = open.at(-1);
  if (!first || !last) return null;
  const stepDays = ladder.map((step) => dayOfLastAttempt(step, open));
  const exhaustedOn = stepDays.reduce<CalendarDate | undefined>(
    (newest, day) => newest && day && later(newest, day),
    first.contactedOn,
  );
  const silentSince = later(silentOn, first.contactedOn);
  const proposedOn = exhaustedOn === undefined ? silentSince : earlier(exhaustedOn, silentSince);
  return {
    proposedOn,
    because: exhaustedOn !== undefined && exhaustedOn <= silentSince ? 'ladder_exhausted' : 'long_silence',
    firstTriedOn: first.contactedOn,
    lastTriedOn: last.contactedOn,
    attempts: open.length,
  };
}
