import type { HospitalTransaction } from '../../tenancy/hospital-scope.js';
import { DELIVERIES_ABOUT } from './delivery-outbox.js';

/**
 * Opens deliveries again that were withheld from patients who have given consent since. The claim cancels those that
 * are outdated, or whose consent was withdrawn again.
 */
export async function reopenWithheld(tx: HospitalTransaction): Promise<void> {
  const [consents] = await tx.db.query<[{ patientId: string }[], number]>(
    `UPDATE patient_consent SET awaiting_relay_since = NULL WHERE hospital_id = $1 AND awaiting_relay_since IS NOT NULL
     RETURNING patient_id AS "patientId"`,
    [tx.hospital.id],
  );
  for (const patientId of new Set(consents.map((consent) => consent.patientId)))
    await reopenAbout(tx, patientId);
}

async function reopenAbout({ db, hospital }: HospitalTransaction, patientId: string): Promise<void> {
  // Waits for a claim that began before the consent and is about to cancel: a pending delivery may end as withheld.
  await db.query(
    `SELECT FROM delivery WHERE hospital_id = $1 AND id IN (${DELIVERIES_ABOUT})
        AND (state = 'pending' OR cancelled_reason = 'consent-withdrawn') ORDER BY id FOR NO KEY UPDATE`,
    [hospital.id, patientId],
  );
  await db.query(
    `UPDATE delivery d SET state = 'pending', next_attempt_at = program_now(), cancelled_reason = NULL, body = NULL,
            earlier_attempts = d.attempts
      WHERE d.hospital_id = $1 AND d.id IN (${DELIVERIES_ABOUT})
        AND d.state = 'cancelled' AND d.cancelled_reason = 'consent-withdrawn'`,
    [hospital.id, patientId],
  );
}
