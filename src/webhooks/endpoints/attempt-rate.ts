import type { HospitalTransaction } from '../../tenancy/hospital-scope.js';
import type { RateLimit } from '../sending/group-robots.js';

/** Recent attempts at an endpoint: how many in which second since 1970, the oldest first. */
export type BegunAttempts = readonly (readonly [second: number, count: number])[];

// Seconds are counted whole. One additional second ensures that no minute, wherever it begins, exceeds the limit.
const MINUTE = 61;
const SECOND = 2;

const since = (begun: BegunAttempts, seconds: number, now: number): number =>
  begun
    // Attempts slightly in the future count; those far in the future are from before a clock was set back.
    .filter(([second]) => second > now - seconds && second <= now + MINUTE)
    .reduce((sum, [, count]) => sum + count, 0);

/** How many attempts may begin in the second `now`. */
export function budgetIn(begun: BegunAttempts, { perMinute, perSecond }: RateLimit, now: number): number {
  const inMinute = perMinute - since(begun, MINUTE, now);
  const inSecond = (perSecond ?? Infinity) - since(begun, SECOND, now);
  return Math.max(0, Math.min(inMinute, inSecond));
}

/** The number of seconds until the limit allows an attempt, if it allows none now. */
export function secondsUntilBudget(begun: BegunAttempts, limit: RateLimit, now: number): number {
  let wait = 1;
  while (wait < 2 * MINUTE && budgetIn(begun, limit, now + wait) === 0) wait++;
  return wait;
}

/** The attempts to remember after `count` more have begun in the second `now`. */
export function withBegun(begun: BegunAttempts, count: number, now: number): BegunAttempts {
  const others = begun.filter(([second]) => second > now - MINUTE && second < now);
  return [...others, [now, count + since(begun, 1, now)]];
}

/** When the limit of an endpoint allows the next attempt. */
export interface RateLimited {
  /** The second since 1970, and the seconds until then. */
  readonly until: number;
  readonly waitMs: number;
}

/** The attempts that may begin at an endpoint now; no other process begins any until the transaction ends. */
export interface RateBudget {
  readonly attempts: number;
  readonly full: RateLimited | null;
  readonly begun: BegunAttempts;
  readonly now: number;
}

/** Reads how many attempts the limit allows. All processes that claim at the endpoint do so one after the other. */
export async function reserve(
  tx: HospitalTransaction,
  endpointId: string,
  limit: RateLimit,
): Promise<RateBudget> {
  const [{ begun, now }] = await tx.db.query<[{ begun: BegunAttempts; now: number }]>(
    // The time is read after the lock is taken, however long that took.
    `WITH locked AS (SELECT recent_attempts FROM webhook_endpoint WHERE hospital_id = $1 AND id = $2 FOR NO KEY UPDATE)
     SELECT recent_attempts AS begun, floor(extract(epoch FROM program_now()))::bigint AS now FROM locked`,
    [tx.hospital.id, endpointId],
  );
  const attempts = budgetIn(begun, limit, now);
  const wait = attempts > 0 ? 0 : secondsUntilBudget(begun, limit, now);
  return { attempts, full: wait > 0 ? { until: now + wait, waitMs: wait * 1000 } : null, begun, now };
}

/** Records that this number of attempts begins now. */
export async function consume(
  tx: HospitalTransaction,
  endpointId: string,
  { begun, now }: RateBudget,
  count: number,
): Promise<void> {
  if (count === 0) return;
  await tx.db.query('UPDATE webhook_endpoint SET recent_attempts = $3 WHERE hospital_id = $1 AND id = $2', [
    tx.hospital.id,
    endpointId,
    JSON.stringify(withBegun(begun, count, now)),
  ]);
}
