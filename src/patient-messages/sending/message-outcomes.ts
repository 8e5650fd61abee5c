import type { HospitalTransaction } from '../../tenancy/hospital-scope.js';
import { waitAfter } from '../../webhooks/sending/retry-schedule.js';
import { lockGateway, noteHealth, repeatsSafely } from '../gateways/gateway-rows.js';
import { endAnnouncement } from './announced-call.js';
import { healthAfter, THROTTLED_MS } from './gateway-health.js';
import type { MessageClaim } from './message-claims.js';
import { type MessageResult, stateAfter } from './message-result.js';

/**
 * Records an attempt together with its effect. If the lease had ended and another process took over, the attempt is recorded
 * but decides nothing, except that a message that was accepted is not sent again.
 */
export async function recordOutcome(
  tx: HospitalTransaction,
  claim: MessageClaim,
  result: MessageResult,
): Promise<void> {
  // The gateway first, like the claim.
  const gateway = await lockGateway(tx);
  const { db, hospital, now } = tx;
  await db.query('SELECT FROM patient_message WHERE hospital_id = $1 AND id = $2 FOR NO KEY UPDATE', [
    hospital.id,
    claim.id,
  ]);
  await db.query(
    `INSERT INTO patient_message_attempt (hospital_id, message_id, patient_id, number, started_at, duration_ms, outcome, status, error, answer)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
         ON CONFLICT (hospital_id, message_id, number) DO UPDATE
            SET duration_ms = excluded.duration_ms, outcome = excluded.outcome, status = excluded.status,
                error = excluded.error, answer = excluded.answer`,
    [
      ...[hospital.id, claim.id, claim.patientId, claim.number, claim.startedAt, result.durationMs],
      ...[result.outcome, result.status, result.error, result.answer],
    ],
  );
  const state = stateAfter(result, repeatsSafely(gateway, claim.startedAt));
  // An attempt that was taken for interrupted may end late: its answer settles the message, unless a person did.
  const [ended] = await db.query<[unknown[], number]>(
    `UPDATE patient_message SET state = $4, reason = CASE WHEN $4 = 'failed' THEN 'refused' END,
            sent_at = CASE WHEN $4 = 'sent' THEN $5::timestamptz END, reference = $6, uncounted = uncounted + $8,
            next_attempt_at = CASE WHEN $4 = 'pending' THEN $5::timestamptz + $7 * interval '1 millisecond' END,
            uncertain_at = CASE WHEN $9 THEN coalesce(uncertain_at, $10) ELSE nullif(uncertain_at, $10) END
      WHERE hospital_id = $1 AND id = $2 AND state IN ('pending', 'uncertain') AND (attempts = $3 OR $4 = 'sent') RETURNING id`,
    [
      ...[hospital.id, claim.id, claim.number, state, now, result.reference],
      ...[waitMs(claim, result), Number(isUncounted(result)), result.outcome === 'unclear', claim.startedAt],
    ],
  );
  await noteHealth(tx, healthAfter(gateway, result, now));
  if (ended.length > 0 && state !== 'pending')
    await endAnnouncement(tx, claim, state === 'failed' ? 0 : null);
}

/** A limit of the vendor or a failure of our own connection says nothing about the message. */
const isUncounted = ({ outcome, ours }: MessageResult): boolean => outcome === 'throttled' || ours;

function waitMs({ number, uncounted }: MessageClaim, result: MessageResult): number {
  const counted = Math.max(1, number - uncounted);
  const { status, timedOut, retryAfterMs } = result;
  const failed = { status, timedOut, retryAfterMs, ...(result.ours && { ours: true }) };
  const wait = waitAfter(counted, failed, Math.random());
  return result.outcome === 'throttled' ? Math.max(wait, THROTTLED_MS) : wait;
}
