import { DateTime } from 'luxon';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** The wait before each of the first ten attempts, as Standard Webhooks 1.0 proposes: 75 hours and 35 minutes in all. */
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

/** After these one a day, for as long as the message stands; a test message is given up. */
export const ATTEMPTS = WAITS.length;

const LONGEST_WAIT = 24 * HOUR;
const LONGEST_JITTER = 15 * MINUTE;

/** What of a failed attempt decides how long to wait. */
export interface FailedAttempt {
  /** The answer's HTTP status; null: there was none. */
  readonly status: number | null;
  readonly timedOut: boolean;
  /** How long the receiver asked to be left alone. */
  readonly retryAfterMs: number | null;
  /** For how long the whole endpoint is to be left alone: it was sent too much, or we cannot get there. */
  readonly silentMs?: number;
  /** Whether the way out of here failed, and not the receiver: no attempt of the schedule is spent on that. */
  readonly ours?: boolean;
}

/** After the way out failed: it may be back any time, and nobody is burdened by another try. */
export const OUR_WAY_OUT_WAIT_MS = MINUTE;

/**
 * Milliseconds from the end of the failed attempt `number` (1, 2, …) to the next. Never shorter than the schedule; `random` (0 to 1) spreads it by at most a tenth, so that
 * messages that failed together do not come back together.
 */
export function waitAfter(number: number, failed: FailedAttempt, random: number): number {
  const scheduled = failed.ours === true ? OUR_WAY_OUT_WAIT_MS : (WAITS[number] ?? LONGEST_WAIT);
  // A receiver that is overloaded is not helped by the second try five seconds later.
  const overloaded = failed.status === 429 || failed.status === 503 || failed.timedOut;
  const base = Math.max(scheduled, overloaded ? MINUTE : 0);
  const asked = Math.min(failed.retryAfterMs ?? 0, LONGEST_WAIT);
  const wait = Math.max(base, asked);
  return Math.round(wait + random * Math.min(wait / 10, LONGEST_JITTER));
}

/**
 * Milliseconds that a Retry-After header asks for, or null. A date in it is counted from the answer's own
 * Date header: the receiver's clock need not be ours.
 */
export function retryAfterMs(retryAfter: string | undefined, date: string | undefined): number | null {
  if (retryAfter === undefined) return null;
  if (/^\d{1,9}$/.test(retryAfter.trim())) return Number(retryAfter) * SECOND;
  const until = DateTime.fromHTTP(retryAfter);
  const from = DateTime.fromHTTP(date ?? '');
  if (!until.isValid || !from.isValid) return null;
  return Math.max(0, until.toMillis() - from.toMillis());
}
