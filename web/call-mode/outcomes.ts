import type { CallCard, CallNumber } from '../calls/call-mode.js';
import type { Attempt } from '../calls/patients.js';

/** What can become of a call, each by one key. `unaware`: a person answered who knows nothing of the patient. */
export const CALL_OUTCOMES = [
  'reached',
  'no_answer',
  'busy',
  'declined_call',
  'switched_off',
  'wrong_number',
  'number_not_in_use',
  'unaware',
  'other',
] as const;
export type CallOutcome = (typeof CALL_OUTCOMES)[number];

export const isReached = (outcome: CallOutcome): boolean => outcome === 'reached';

/** What is recorded beside the outcome. */
export interface CallNotes {
  readonly note: string;
  /** Empty: by the rule of the hospital. */
  readonly nextActionOn: string;
}

/** The attempt as the server records it. Without a number it was tried by telephone all the same. */
export const attemptOf = (
  outcome: CallOutcome,
  number: CallNumber | undefined,
  { note, nextActionOn }: CallNotes,
): Attempt => ({
  channel: number?.channel ?? 'telephone',
  ...(outcome === 'unaware' ? { outcome: 'reached', confirmsAlive: false } : { outcome }),
  ...(number !== undefined && { number: number.number }),
  ...(number?.relative && { relativeId: number.relative.id }),
  ...(note.trim() !== '' && { note: note.trim() }),
  ...(nextActionOn !== '' && { nextActionOn }),
});

type Ladder = CallCard['contact']['ladder'];
type Channel = Ladder[number]['channel'];

/** The step of the ladder after one more failed attempt by this channel; undefined: the ladder ends. */
export function stepAfter(
  ladder: Ladder,
  channel: Channel,
): { channel: Channel; attempt: number } | undefined {
  const after = ladder.map((step) =>
    step.channel === channel ? { ...step, attempts: step.attempts + 1 } : step,
  );
  const next = after.find(({ attempts, of }) => attempts < of);
  return next && { channel: next.channel, attempt: next.attempts + 1 };
}

/** Age in whole years. */
export function ageOn(today: string, birthDate: string): number {
  const years = Number(today.slice(0, 4)) - Number(birthDate.slice(0, 4));
  return today.slice(5) < birthDate.slice(5) ? years - 1 : years;
}
