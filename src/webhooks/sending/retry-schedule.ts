import { DateTime } from 'luxon';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/**
 * The wait before each of the first ten attempts, as Standard Webhooks 1.0 proposes: 75 hours and 35 minutes in all.
 */
const WAITS = [
  0,
  5 * SECOND,
  5 * MINUTE,
  30 * MINUTE,
  2 * HOUR,
  5 * HOUR,
  10 * HOUR,
  14 * HOUR,
  20 * HOUR,
  24 * HOUR,
] as const;

/** Afterwards one attempt a day, for as long as the message is valid; a test message is given up. */
export const ATTEMPTS = WAITS.length;

const LONGEST_WAIT = 24 * HOUR;
const LONGEST_JITTER = 15 * MINUTE;

/** The parts of a failed attempt that determine the wait. */
export interface FailedAttempt {
  /** The answer's HTTP status; null: there was none. */
  readonly status: number | null;
  readonly timedOut: boolean;
  /** The wait that the receiver requested. */
  readonly retryAfterMs: number | null;
  /** How long to pause the whole endpoint: it was sent too much, or cannot be reached from here. */
  readonly silentMs?: number;
  /** Whether our own connection failed, and not the receiver: such an attempt does not count in the schedule. */
  readonly ours?: boolean;
}

/** After a failure of our own connection: it may recover at any time, and a retry burdens no receiver. */
export const OUR_WAY_OUT_WAIT_MS = MINUTE;

/**
 * Milliseconds from the end of the failed attempt `number` (1, 2, …) to the next. Never shorter than the schedule;
 * `random` (0 to 1) adds a jitter of at most a tenth, so that messages that failed together are not retried together.
 */
export function waitAfter(number: number, failed: FailedAttempt, random: number): number {
  const scheduled = failed.ours === true ? OUR_WAY_OUT_WAIT_MS : (WAITS[number] ?? LONGEST_WAIT);
  // A second attempt five seconds later does not help an overloaded receiver.
  const overloaded = failed.status === 429 || failed.status === 503 || failed.timedOut;
  const base = Math.max(scheduled, overloaded ? MINUTE : 0);
  const asked = Math.min(failed.retryAfterMs ?? 0, LONGEST_WAIT);
  const wait = Math.max(base, asked);
  return Math.round(wait + random * Math.min(wait / 10, LONGEST_JITTER));
}

/**
 * The milliseconds that a Retry-After header requests, or null. A date in it is counted from the answer's own Date
 * header, because the receiver's clock may differ from ours.
 */
export function retryAfterMs(retryAfter: string | undefined, date: string | undefined): number | null {
  if (retryAfter === undefined) return null;
  if (/^\d{1,9}$/.test(retryAfter.trim())) return Number(retryAfter) * SECOND;
  const until = DateTime.fromHTTP(retryAfter);
  const from = DateTime.fromHTTP(date ?? '');
  if (!until.isValid || !from.isValid) return null;
  return Math.max(0, until.toMillis() - from.toMillis());
}
