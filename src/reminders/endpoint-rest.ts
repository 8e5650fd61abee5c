import type { HospitalTransaction } from '../access/hospital-scope.js';

// Each attempt at a receiver that never answers holds a place of the few for 15 seconds. Thousands of them
// would keep the messages of all other receivers waiting for an hour.
const TIMEOUTS_IN_A_ROW = 5;
const REST = '5 minutes';

/**
 * Notes whether the endpoint answered within the time. After several attempts in a row without, it rests for a
 * few minutes: what is due for it waits, without an attempt being counted.
 */
export async function noteAnswer(
  tx: HospitalTransaction,
  endpointId: string,
  timedOut: boolean,
): Promise<void> {
  if (!timedOut) return wake(tx, endpointId);
  await tx.db.query(
    `UPDATE webhook_endpoint SET timeouts = timeouts + 1,
            resting_until = CASE WHEN timeouts + 1 >= $3 THEN program_now() + $4::interval END
      WHERE hospital_id = $1 AND id = $2`,
    [tx.hospital.id, endpointId, TIMEOUTS_IN_A_ROW, REST],
  );
}

/** Ends its rest: it has answered, or its owner says that it does. */
export async function wake(tx: HospitalTransaction, endpointId: string): Promise<void> {
  await tx.db.query(
    `UPDATE webhook_endpoint SET timeouts = 0, resting_until = NULL WHERE hospital_id = $1 AND id = $2 AND timeouts > 0`,
    [tx.hospital.id, endpointId],
  );
}

/** Puts a due delivery off to the end of the endpoint's rest, spread over a minute so that not all come at once. */
export async function waitForRest(
  tx: HospitalTransaction,
  deliveryId: string,
  restingUntil: Date,
): Promise<void> {
  await tx.db.query(
    `UPDATE delivery SET next_attempt_at = $3::timestamptz + random() * interval '1 minute'
      WHERE hospital_id = $1 AND id = $2`,
    [tx.hospital.id, deliveryId, restingUntil],
  );
}
