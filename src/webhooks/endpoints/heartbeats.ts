import { v7 as uuid } from 'uuid';
import type { HospitalTransaction } from '../../tenancy/hospital-scope.js';

/**
 * One heartbeat for each endpoint of the hospital where it is due, in place of an unsent one. Its number shows the
 * receiver whether it has missed messages; its absence shows that nedwatch or the connection to it is down.
 */
export async function addHeartbeats(tx: HospitalTransaction): Promise<number> {
  const [due] = await tx.db.query<[{ id: string }[], number]>(
    `UPDATE webhook_endpoint SET heartbeat_at = program_now()
      WHERE hospital_id = $1 AND deleted_at IS NULL AND held_reason IS NULL AND heartbeat_minutes IS NOT NULL
        AND (heartbeat_at IS NULL OR heartbeat_at <= program_now() - make_interval(mins => heartbeat_minutes)
             OR heartbeat_at > program_now()) -- by a clock that has been set back since
      RETURNING id`,
    [tx.hospital.id],
  );
  if (due.length === 0) return 0;
  const ids = due.map(({ id }) => id);
  await tx.db.query(
    `UPDATE delivery SET state = 'cancelled', cancelled_reason = 'superseded', next_attempt_at = NULL
      WHERE hospital_id = $1 AND endpoint_id = ANY ($2) AND state = 'pending' AND event_type = 'endpoint.heartbeat'
        AND attempts = 0`,
    [tx.hospital.id, ids],
  );
  await tx.db.query(
    `INSERT INTO delivery (hospital_id, id, endpoint_id, event_type)
     SELECT $1, id, endpoint_id, 'endpoint.heartbeat' FROM unnest($2::uuid[], $3::uuid[]) AS beat (id, endpoint_id)`,
    [tx.hospital.id, ids.map(() => uuid()), ids],
  );
  return ids.length;
}
