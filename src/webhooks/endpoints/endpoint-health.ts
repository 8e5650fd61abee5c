import type { HospitalTransaction } from '../../tenancy/hospital-scope.js';
import type { FailedAttempt } from '../sending/retry-schedule.js';
import { DIGEST } from '../../reminders/reminder-events.js';
import { sendingWindow } from '../../reminders/sending-window.js';

/**
 * After so many an endpoint rests. Each attempt at a receiver that never answers holds a place of the few for 15 seconds:
 * thousands of them would keep the messages of all other receivers waiting for an hour.
 */
export const TIMEOUTS_IN_A_ROW = 5;
const REST = '5 minutes';

/**
 * SQL: whether an endpoint rests now. None rests for an hour, a silenced robot neither: where it seems so, the clock has been
 * set back since.
 */
export const RESTS = `(resting_until > program_now() AND resting_until <= program_now() + interval '1 hour')`;

/** The waits of the first ten attempts: after so long without one that succeeded, an endpoint is held. */
const HELD_AFTER_HOURS = 75;
const WARNED_AT_PERCENT = [50, 70, 90, 100] as const;
const PROBE_EVERY = '30 minutes';

// One message that is refused among others that are taken must not bring itself back at once with each of them.
const RELEASED_AFTER = '10 minutes';
const RELEASED_PER_SECOND = 50;

/**
 * Notes attempts that failed, the last ones made there. After several in a row without an answer in time, the endpoint
 * rests for a few minutes, and a robot that was sent too much for as long as it is silenced: what is due for it waits,
 * without an attempt being counted. It rests too while our own way out fails, and is not held for that. After 75 hours without success, or at once where the receiver says that it is gone
 * (410), the endpoint is held: nothing is dropped, and one message is tried now and then.
 */
export async function noteFailures(
  tx: HospitalTransaction,
  endpointId: string,
  failed: readonly FailedAttempt[],
): Promise<void> {
  const answered = failed.findLastIndex(({ timedOut }) => !timedOut);
  const timeouts = failed.length - 1 - answered; // in a row, at the end
  const isGone = failed.some(({ status }) => status === 410);
  const silentMs = Math.max(...failed.map((attempt) => attempt.silentMs ?? 0));
  const isReceivers = failed.some(({ ours }) => ours !== true);
  await tx.db.query(
    `UPDATE webhook_endpoint
        SET failing_since = least(failing_since, program_now()), tried_at = program_now(),
            timeouts = CASE WHEN $8 THEN timeouts ELSE 0 END + $3,
            resting_until = CASE WHEN $9 > 0 THEN program_now() + $9 * interval '1 millisecond'
                                 WHEN CASE WHEN $8 THEN timeouts ELSE 0 END + $3 >= $5 THEN program_now() + $6::interval END,
            held_reason = CASE WHEN $4 THEN 'gone'
                               WHEN $10 AND failing_since <= program_now() - make_interval(hours => $7) THEN coalesce(held_reason, 'failing')
                               ELSE held_reason END
      WHERE hospital_id = $1 AND id = $2`,
    [
      ...[tx.hospital.id, endpointId, timeouts, isGone, TIMEOUTS_IN_A_ROW, REST, HELD_AFTER_HOURS],
      ...[answered === -1, silentMs, isReceivers],
    ],
  );
}

/**
 * Ends its rest and its being held: it has answered, or its owner says that it does. What waited for it goes out. One that
 * was never verified is verified by this, so only verification may say it of such (`refuseUnverified`).
 */
export async function wake(tx: HospitalTransaction, endpointId: string): Promise<boolean> {
  const [woken] = await tx.db.query<[{ release: boolean }[], number]>(
    `WITH before AS (SELECT id, failing_since, held_reason FROM webhook_endpoint
                      WHERE hospital_id = $1 AND id = $2 AND (failing_since IS NOT NULL OR held_reason IS NOT NULL)
                        FOR NO KEY UPDATE) -- does not wait for those that add messages for it
     UPDATE webhook_endpoint e
        SET timeouts = 0, resting_until = NULL, failing_since = NULL, tried_at = NULL, held_reason = NULL, warned_percent = 0
       FROM before WHERE e.hospital_id = $1 AND e.id = before.id
     RETURNING before.held_reason IS NOT NULL OR before.failing_since <= program_now() - $3::interval
               OR before.failing_since > program_now() AS release`,
    [tx.hospital.id, endpointId, RELEASED_AFTER],
  );
  if (woken[0]?.release !== true) return false;
  await release(tx, endpointId);
  return true;
}

/** Everything that waits for its next attempt is due now, the oldest first, at a rate that a receiver just back can take. */
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

/** Puts due deliveries off to the end of the endpoint's rest, spread over a minute so that not all come at once. */
export async function waitForRest(
  tx: HospitalTransaction,
  deliveryIds: readonly string[],
  restingUntil: Date,
): Promise<void> {
  await tx.db.query(
    `UPDATE delivery SET next_attempt_at = $3::timestamptz + random() * interval '1 minute'
      WHERE hospital_id = $1 AND id = ANY ($2)`,
    [tx.hospital.id, deliveryIds, restingUntil],
  );
}

/** Puts due deliveries of a held endpoint off by a day; they go out before, when the endpoint answers. */
export async function waitWhileHeld(tx: HospitalTransaction, deliveryIds: readonly string[]): Promise<void> {
  await tx.db.query(
    `UPDATE delivery SET next_attempt_at = program_now() + (24 + random()) * interval '1 hour'
      WHERE hospital_id = $1 AND id = ANY ($2)`,
    [tx.hospital.id, deliveryIds],
  );
}

/**
 * Of each endpoint of the hospital that has been failing for half an hour without an attempt, one waiting message is due
 * now: so an endpoint that is back is noticed soon, however long its messages would wait, and by whatever clock. They take
 * turns, the least tried and then the oldest first: one that the receiver refuses for itself keeps no other back. In quiet
 * hours a reminder, which may not leave, has no turn.
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
          AND (e.tried_at <= program_now() - $2::interval OR e.tried_at > program_now()) AND ${RESTS} IS NOT TRUE
       RETURNING e.probe_id)
     UPDATE delivery d SET next_attempt_at = program_now() FROM failing
      WHERE d.hospital_id = $1 AND d.id = failing.probe_id AND d.next_attempt_at > program_now()
        AND (d.attempts = 0 OR EXISTS (SELECT FROM delivery_attempt a WHERE a.delivery_id = d.id AND a.number = d.attempts))`,
    [tx.hospital.id, PROBE_EVERY, isQuiet],
  );
}

/** Longer than any wait that is given: a day and a part of it, while held up to 25 hours. */
const NO_WAIT_IS_OF = '26 hours';

/** What waits for longer than anything does was put off, or claimed, by a clock that has been set back since: it is due now. */
export async function capFutureAttempts(tx: HospitalTransaction): Promise<void> {
  await tx.db.query(
    // Whoever wakes an endpoint locks it before its deliveries, and so does this.
    `WITH ahead AS (
       SELECT e.id FROM webhook_endpoint e
        WHERE e.hospital_id = $1 AND EXISTS (
          SELECT FROM delivery d WHERE d.hospital_id = e.hospital_id AND d.endpoint_id = e.id AND d.state = 'pending'
             AND d.next_attempt_at > program_now() + $2::interval)
          FOR NO KEY UPDATE)
     UPDATE delivery d SET next_attempt_at = program_now() FROM ahead
      WHERE d.hospital_id = $1 AND d.endpoint_id = ahead.id AND d.state = 'pending'
        AND d.next_attempt_at > program_now() + $2::interval`,
    [tx.hospital.id, NO_WAIT_IS_OF],
  );
}

/** An endpoint that has been failing for another part of the time after which it is held. */
export interface FailingEndpoint {
  readonly id: string;
  readonly percent: number;
  readonly failingSince: Date;
}

/** Endpoints of the hospital about which somebody has to be warned now; each step is answered once. */
export async function newlyFailing(tx: HospitalTransaction): Promise<FailingEndpoint[]> {
  const [rows] = await tx.db.query<[FailingEndpoint[], number]>(
    `UPDATE webhook_endpoint e SET warned_percent = reached.percent
       FROM (SELECT id, (SELECT max(step) FROM unnest($2::integer[]) AS step
                          WHERE failing_since <= program_now() - step * interval '1 hour' * $3 / 100) AS percent
               FROM webhook_endpoint WHERE hospital_id = $1 AND deleted_at IS NULL AND failing_since IS NOT NULL) AS reached
      WHERE e.hospital_id = $1 AND e.id = reached.id AND reached.percent > e.warned_percent
     RETURNING e.id, e.warned_percent AS percent, e.failing_since AS "failingSince"`,
    [tx.hospital.id, WARNED_AT_PERCENT, HELD_AFTER_HOURS],
  );
  return rows;
}
