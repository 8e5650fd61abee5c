import type { HospitalTransaction } from '../access/hospital-scope.js';
import type { Claim } from './delivery-claims.js';
import { noteFailures, wake } from './endpoint-health.js';
import type { AttemptResult } from './webhook-sender.js';

/** An attempt that was made, and what follows: null, no further one. */
export interface Outcome {
  readonly claim: Claim;
  readonly result: AttemptResult;
  readonly waitMs: number | null;
}

/**
 * Writes attempts at one endpoint down, in the order in which they ended, together with what follows from them. Where a
 * lease had ended and another process went on, the attempt is recorded but decides nothing.
 */
export async function recordOutcomes(tx: HospitalTransaction, outcomes: readonly Outcome[]): Promise<void> {
  const of = <T>(read: (outcome: Outcome) => T): T[] => outcomes.map(read);
  // First, as the claim does it: whoever has gone on after the lease notes the interrupted attempts under the same numbers,
  // and the two would wait for each other.
  await tx.db.query(
    'SELECT FROM delivery WHERE hospital_id = $1 AND id = ANY ($2) ORDER BY id FOR NO KEY UPDATE',
    [tx.hospital.id, of(({ claim }) => claim.id)],
  );
  await tx.db.query(
    `INSERT INTO delivery_attempt (hospital_id, delivery_id, number, started_at, duration_ms, outcome, status, error, answer)
     SELECT $1, * FROM unnest($2::uuid[], $3::integer[], $4::timestamptz[], $5::integer[], $6::text[], $7::integer[], $8::text[], $9::text[])
     ON CONFLICT (delivery_id, number) DO UPDATE
       SET duration_ms = excluded.duration_ms, outcome = excluded.outcome, status = excluded.status,
           error = excluded.error, answer = excluded.answer`,
    [
      tx.hospital.id,
      of(({ claim }) => claim.id),
      of(({ claim }) => claim.number),
      of(({ claim }) => claim.startedAt),
      of(({ result }) => result.durationMs),
      of(({ result }) => result.outcome),
      of(({ result }) => result.status),
      of(({ result }) => result.error),
      of(({ result }) => result.answer),
    ],
  );
  await tx.db.query(
    `UPDATE delivery d SET state = o.state,
            delivered_at = CASE WHEN o.state = 'delivered' THEN program_now() END,
            next_attempt_at = CASE WHEN o.state = 'pending' THEN program_now() + o.wait_ms * interval '1 millisecond' END
       FROM unnest($2::uuid[], $3::integer[], $4::text[], $5::float8[]) AS o (id, number, state, wait_ms)
      WHERE d.hospital_id = $1 AND d.id = o.id AND d.attempts = o.number AND d.state = 'pending'`,
    [
      tx.hospital.id,
      of(({ claim }) => claim.id),
      of(({ claim }) => claim.number),
      of(({ result, waitMs }) =>
        result.outcome === 'accepted' ? 'delivered' : waitMs === null ? 'exhausted' : 'pending',
      ),
      of(({ waitMs }) => waitMs),
    ],
  );
  // Last, and so for the shortest time: others that write to the endpoint wait for it.
  const [first] = outcomes;
  if (!first) return;
  const lastTaken = outcomes.findLastIndex(({ result }) => result.outcome === 'accepted');
  if (lastTaken >= 0) await wake(tx, first.claim.endpointId);
  const failed = outcomes.slice(lastTaken + 1).map(({ result }) => result);
  if (failed.length > 0) await noteFailures(tx, first.claim.endpointId, failed);
}
