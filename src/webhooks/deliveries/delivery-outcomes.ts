import type { HospitalTransaction } from '../../tenancy/hospital-scope.js';
import { noteReceiverCertificate } from '../endpoints/certificate-ends.js';
import type { Claim } from './delivery-claims.js';
import { noteFailures, resetEndpoint } from '../endpoints/endpoint-health.js';
import type { AttemptResult } from '../sending/webhook-sender.js';

/** A finished attempt and the delivery's next state; null: no further attempt. */
export interface Outcome {
  readonly claim: Claim;
  readonly result: AttemptResult;
  readonly waitMs: number | null;
}

/**
 * Records attempts at one endpoint, in the order in which they ended, together with their effects. If a lease had
 * ended and another process took over, the attempt is recorded but decides nothing. Returns whether deliveries that
 * waited for the endpoint were released.
 */
export async function recordOutcomes(
  tx: HospitalTransaction,
  outcomes: readonly Outcome[],
): Promise<boolean> {
  const of = <T>(read: (outcome: Outcome) => T): T[] => outcomes.map(read);
  const [first] = outcomes;
  if (!first) return false;
  const { endpointId } = first.claim;
  // Locks the deliveries first, like the claim: a process that takes over after the lease records the interrupted
  // attempts under the same numbers, and the two would deadlock.
  const [endpoint] = await tx.db.query<{ failing: boolean; certificateUntil: Date | null }[]>(
    `WITH o AS MATERIALIZED (
       SELECT * FROM unnest($3::uuid[], $4::integer[], $5::timestamptz[], $6::integer[], $7::text[], $8::integer[], $9::text[], $10::text[],
                            $11::text[], $12::float8[], $13::boolean[])
                AS o (id, number, started_at, duration_ms, outcome, status, error, answer, state, wait_ms, ours)),
     locked AS MATERIALIZED (
       SELECT id, attempts, state FROM delivery WHERE hospital_id = $1 AND id = ANY ($3) ORDER BY id FOR NO KEY UPDATE),
     attempt AS (
       INSERT INTO delivery_attempt (hospital_id, delivery_id, number, started_at, duration_ms, outcome, status, error, answer)
       SELECT $1, o.id, o.number, o.started_at, o.duration_ms, o.outcome, o.status, o.error, o.answer FROM locked JOIN o USING (id)
       ON CONFLICT (delivery_id, number) DO UPDATE
         SET duration_ms = excluded.duration_ms, outcome = excluded.outcome, status = excluded.status,
             error = excluded.error, answer = excluded.answer),
     effect AS (
       UPDATE delivery d SET state = o.state, earlier_attempts = d.earlier_attempts + o.ours::integer,
              delivered_at = CASE WHEN o.state = 'delivered' THEN (SELECT program_now()) END,
              next_attempt_at = CASE WHEN o.state = 'pending' THEN (SELECT program_now()) + o.wait_ms * interval '1 millisecond' END
         FROM locked JOIN o USING (id)
        WHERE d.hospital_id = $1 AND d.id = locked.id AND locked.attempts = o.number AND locked.state = 'pending')
     SELECT failing_since IS NOT NULL OR held_reason IS NOT NULL AS failing, receiver_certificate_until AS "certificateUntil"
       FROM webhook_endpoint WHERE hospital_id = $1 AND id = $2`,
    [
      ...[tx.hospital.id, endpointId],
      of(({ claim }) => claim.id),
      of(({ claim }) => claim.number),
      of(({ claim }) => claim.startedAt),
      of(({ result }) => result.durationMs),
      of(({ result }) => result.outcome),
      of(({ result }) => result.status),
      of(({ result }) => result.error),
      of(({ result }) => result.answer),
      of(({ result, waitMs }) =>
        result.outcome === 'accepted' ? 'delivered' : waitMs === null ? 'exhausted' : 'pending',
      ),
      of(({ waitMs }) => waitMs),
      of(({ result }) => result.ours === true),
    ],
  );
  // Last, and so for the shortest time: other writers of the endpoint wait for this lock.
  const shown = outcomes.findLast(({ result }) => result.certificateUntil)?.result.certificateUntil;
  if (shown && shown.getTime() !== endpoint?.certificateUntil?.getTime())
    await noteReceiverCertificate(tx, endpointId, shown);
  const lastTaken = outcomes.findLastIndex(({ result }) => result.outcome === 'accepted');
  const released = lastTaken >= 0 && endpoint?.failing === true && (await resetEndpoint(tx, endpointId));
  const failed = outcomes.slice(lastTaken + 1).map(({ result }) => result);
  if (failed.length > 0) await noteFailures(tx, endpointId, failed);
  return released;
}

/** Releases unsent claims: they are due, and no attempt is counted. Leaves claims that another process took over. */
export async function releaseClaims(tx: HospitalTransaction, unsent: readonly Claim[]): Promise<void> {
  if (unsent.length === 0) return;
  await tx.db.query(
    `UPDATE delivery d SET attempts = d.attempts - 1, next_attempt_at = program_now()
       FROM unnest($2::uuid[], $3::integer[]) AS c (id, number)
      WHERE d.hospital_id = $1 AND d.id = c.id AND d.attempts = c.number AND d.state = 'pending'
        AND NOT EXISTS (SELECT FROM delivery_attempt a WHERE a.delivery_id = d.id AND a.number = c.number)`,
    [tx.hospital.id, unsent.map(({ id }) => id), unsent.map(({ number }) => number)],
  );
}
