import type { HospitalTransaction } from '../../tenancy/hospital-scope.js';
import type { FailedAttempt } from '../sending/retry-schedule.js';
import { DIGEST } from '../../reminders/reminder-events.js';
import { sendingWindow } from '../../reminders/sending-window.js';

/**
 * An endpoint is paused after this number of timeouts. Each attempt at a receiver that never answers takes one of few
 * connections for 15 seconds: thousands of attempts would delay all other receivers for an hour.
 */
export const TIMEOUTS_IN_A_ROW = 5;
const PAUSE = '5 minutes';

/**
 * SQL: whether an endpoint is paused now. No pause is as long as an hour: a longer one means that the clock was set back.
 */
export const IS_PAUSED = `(resting_until > program_now() AND resting_until <= program_now() + interval '1 hour')`;

/** The waits of the first ten attempts: an endpoint without a success for this long is disabled. */
const DISABLED_AFTER_HOURS = 75;
const WARNED_AT_PERCENT = [50, 70, 90, 100] as const;
const PROBE_EVERY = '30 minutes';

// A refused message among accepted ones must not be retried at once with each of them.
const RELEASED_AFTER = '10 minutes';
const RELEASED_PER_SECOND = 50;

/**
 * Records the failed attempts at the end of a series. Several consecutive timeouts, or a failure of our own
 * connection, pause the endpoint for minutes; a robot is paused for as long as its vendor blocks it. Due deliveries
 * wait, and no attempt is counted. After 75 hours without a success, or at once after the answer 410, the endpoint is
 * disabled: nothing is dropped, and one message is tried periodically. A failure of our own connection disables no
 * endpoint.
 */
export async function noteFailures(
  tx: HospitalTransaction,
  endpointId: string,
  failed: readonly FailedAttempt[],
): Promise<void> {
  const answered = failed.findLastIndex(({ timedOut }) => !timedOut);
  const timeouts = failed.length - 1 - answered; // consecutive, at the end
  const isGone = failed.some(({ status }) => status === 410);
  const silentMs = Math.max(...failed.map((attempt) => attempt.silentMs ?? 0));
  const isReceivers = failed.some(({ ours }) => ours !== true);
  await tx.db.query(
    `UPDATE webhook_endpoint
        SET failing_since = least(failing_since, program_now()), tried_at = program_now(),
            timeouts = CASE WHEN $8 THEN timeouts ELSE 0 END + $3,
            resting_until = CASE WHEN $9 > 0 THEN program_now() + $9 * interval '1 millisecond'
                                 WHEN CASE WHEN $8 THEN timeouts ELSE 0 END + $3 >= $5 THEN program_now() + $6::interval END,
            held_reason = CASE WHEN held_reason = 'paused' THEN held_reason
                               WHEN $4 THEN 'gone'
                               WHEN $10 AND failing_since <= program_now() - make_interval(hours => $7) THEN coalesce(held_reason, 'failing')
                               ELSE held_reason END
      WHERE hospital_id = $1 AND id = $2`,
    [
      ...[tx.hospital.id, endpointId, timeouts, isGone, TIMEOUTS_IN_A_ROW, PAUSE, DISABLED_AFTER_HOURS],
      ...[answered === -1, silentMs, isReceivers],
    ],
  );
}

/**
 * Resets the circuit breaker: the endpoint is neither paused nor disabled, and waiting deliveries leave. Returns
 * whether deliveries were released. An unverified endpoint counts as verified then: other callers use
 * `refuseHeld` first. An endpoint that a person paused stays paused, unless `resume` is asked for.
 */
export async function resetEndpoint(
  tx: HospitalTransaction,
  endpointId: string,
  { resume = false }: { readonly resume?: boolean } = {},
): Promise<boolean> {
  const [reset] = await tx.db.query<[{ release: boolean }[], number]>(
    `WITH before AS (SELECT id, failing_since, held_reason FROM webhook_endpoint
                      WHERE hospital_id = $1 AND id = $2 AND (failing_since IS NOT NULL OR held_reason IS NOT NULL)
                        AND ($4 OR held_reason IS DISTINCT FROM 'paused')
                        FOR NO KEY UPDATE) -- does not wait for those that add messages for it
     UPDATE webhook_endpoint e
        SET timeouts = 0, resting_until = NULL, failing_since = NULL, tried_at = NULL, held_reason = NULL, warned_percent = 0
       FROM before WHERE e.hospital_id = $1 AND e.id = before.id
     RETURNING before.held_reason IS NOT NULL OR before.failing_since <= program_now() - $3::interval
               OR before.failing_since > program_now() AS release`,
    [tx.hospital.id, endpointId, RELEASED_AFTER, resume],
  );
  if (reset[0]?.release !== true) return false;
  await release(tx, endpointId);
  return true;
}

/** Makes all waiting deliveries due now, the oldest first, at a rate that a recovered receiver can process. */
async function release(tx: HospitalTransaction, endpointId: string): Promise<void> {
  await tx.db.query(
    `UPDATE delivery d SET next_attempt_at = program_now() + waiting.place * interval '1 second' / $3
       FROM (SELECT w.id, row_number() OVER (ORDER BY w.created_at, w.id) AS place FROM delivery w
              WHERE w.hospital_id = $1 AND w.endpoint_id = $2 AND w.state = 'pending' AND w.next_attempt_at > program_now()
                AND (w.attempts = 0 OR EXISTS (SELECT FROM delivery_attempt a WHERE a.delivery_id = w.id AND a.number = w.attempts))
            ) AS waiting
      WHERE d.hospital_id = $1 AND d.id = waiting.id`,
    [tx.hospital.id, endpointId, RELEASED_PER_SECOND],
  );
}

/** Defers due deliveries to the end of a pause, spread over a minute. */
export async function deferUntil(
  tx: HospitalTransaction,
  deliveryIds: readonly string[],
  pausedUntil: Date,
): Promise<void> {
  await tx.db.query(
    `UPDATE delivery SET next_attempt_at = $3::timestamptz + random() * interval '1 minute'
      WHERE hospital_id = $1 AND id = ANY ($2)`,
    [tx.hospital.id, deliveryIds, pausedUntil],
  );
}

/** Defers due deliveries of a disabled endpoint by a day; a reset of the endpoint releases them earlier. */
export async function deferWhileDisabled(
  tx: HospitalTransaction,
  deliveryIds: readonly string[],
): Promise<void> {
  await tx.db.query(
    `UPDATE delivery SET next_attempt_at = program_now() + (24 + random()) * interval '1 hour'
      WHERE hospital_id = $1 AND id = ANY ($2)`,
    [tx.hospital.id, deliveryIds],
  );
}

/**
 * Makes one waiting message due of each failing endpoint without an attempt for half an hour, so that a recovered
 * endpoint is noticed soon. Messages take turns, the least tried and then the oldest first: a message that the
 * receiver refuses does not block the others. In quiet hours reminders have no turn.
 */
export async function probeFailing(tx: HospitalTransaction): Promise<void> {
  const { until } = tx.hospital.policy.reminders;
  const isQuiet = until !== null && (await sendingWindow(tx)).quietUntil !== null;
  await tx.db.query(
    `WITH failing AS (
       UPDATE webhook_endpoint e SET tried_at = program_now(), probe_id = (
         SELECT d.id FROM delivery d WHERE d.hospital_id = e.hospital_id AND d.endpoint_id = e.id AND d.state = 'pending'
            AND NOT ($3 AND (d.reminder_id IS NOT NULL OR d.event_type = '${DIGEST}'))
          ORDER BY d.attempts, d.created_at, d.id LIMIT 1)
        WHERE e.hospital_id = $1 AND e.deleted_at IS NULL AND e.failing_since IS NOT NULL
          AND (e.tried_at <= program_now() - $2::interval OR e.tried_at > program_now()) AND ${IS_PAUSED} IS NOT TRUE
       RETURNING e.probe_id)
     UPDATE delivery d SET next_attempt_at = program_now() FROM failing
      WHERE d.hospital_id = $1 AND d.id = failing.probe_id AND d.next_attempt_at > program_now()
        AND (d.attempts = 0 OR EXISTS (SELECT FROM delivery_attempt a WHERE a.delivery_id = d.id AND a.number = d.attempts))`,
    [tx.hospital.id, PROBE_EVERY, isQuiet],
  );
}

/** Longer than any wait: up to 25 hours while an endpoint is disabled. */
const LONGER_THAN_ANY_WAIT = '26 hours';

/** Makes deliveries due now that wait longer than any wait lasts: the clock has been set back since they were deferred. */
export async function capFutureAttempts(tx: HospitalTransaction): Promise<void> {
  await tx.db.query(
    // A reset locks the endpoint before its deliveries, and so does this.
    `WITH ahead AS (
       SELECT e.id FROM webhook_endpoint e
        WHERE e.hospital_id = $1 AND EXISTS (
          SELECT FROM delivery d WHERE d.hospital_id = e.hospital_id AND d.endpoint_id = e.id AND d.state = 'pending'
             AND d.next_attempt_at > program_now() + $2::interval)
          FOR NO KEY UPDATE)
     UPDATE delivery d SET next_attempt_at = program_now() FROM ahead
      WHERE d.hospital_id = $1 AND d.endpoint_id = ahead.id AND d.state = 'pending'
        AND d.next_attempt_at > program_now() + $2::interval`,
    [tx.hospital.id, LONGER_THAN_ANY_WAIT],
  );
}

/** An endpoint that has reached another step of the time after which it is disabled. */
export interface FailingEndpoint {
  readonly id: string;
  readonly percent: number;
  readonly failingSince: Date;
}

/** The endpoints of the hospital to warn about now; each step is returned once. */
export async function newlyFailing(tx: HospitalTransaction): Promise<FailingEndpoint[]> {
  const [rows] = await tx.db.query<[FailingEndpoint[], number]>(
    `UPDATE webhook_endpoint e SET warned_percent = reached.percent
       FROM (SELECT id, (SELECT max(step) FROM unnest($2::integer[]) AS step
                          WHERE failing_since <= program_now() - step * interval '1 hour' * $3 / 100) AS percent
               FROM webhook_endpoint WHERE hospital_id = $1 AND deleted_at IS NULL AND failing_since IS NOT NULL) AS reached
      WHERE e.hospital_id = $1 AND e.id = reached.id AND reached.percent > e.warned_percent
     RETURNING e.id, e.warned_percent AS percent, e.failing_since AS "failingSince"`,
    [tx.hospital.id, WARNED_AT_PERCENT, DISABLED_AFTER_HOURS],
  );
  return rows;
}
