import type { HospitalTransaction } from '../../tenancy/hospital-scope.js';

/** Notes that call mode would offer these patients now, if their calls were announced. Keeps the first such instant. */
export async function wantCalls(
  { db, hospital, now }: Pick<HospitalTransaction, 'db' | 'hospital' | 'now'>,
  patientIds: readonly string[],
): Promise<void> {
  if (patientIds.length === 0) return;
  await db.query(
    `INSERT INTO patient_contact (hospital_id, patient_id, changed_at)
     SELECT $1, id, $3 FROM unnest($2::uuid[]) AS wanted (id)
      WHERE NOT EXISTS (SELECT FROM patient_contact c WHERE c.hospital_id = $1 AND c.patient_id = id)
      ORDER BY id ON CONFLICT DO NOTHING`,
    [hospital.id, patientIds, now],
  );
  // A row that another transaction has locked is left to the next look: waiting for it could be a deadlock.
  await db.query(
    `UPDATE patient_contact c SET call_wanted_at = $3, call_from = NULL FROM (
       SELECT patient_id FROM patient_contact WHERE hospital_id = $1 AND patient_id = ANY ($2) AND call_wanted_at IS NULL
        ORDER BY patient_id FOR NO KEY UPDATE SKIP LOCKED) AS free
      WHERE c.hospital_id = $1 AND c.patient_id = free.patient_id`,
    [hospital.id, patientIds, now],
  );
}

/** Lets call mode offer an announced patient from this instant. */
export async function offerFrom(
  { db, hospital }: Pick<HospitalTransaction, 'db' | 'hospital'>,
  patientId: string,
  from: Date,
): Promise<void> {
  await db.query(
    `UPDATE patient_contact SET call_from = $3
      WHERE hospital_id = $1 AND patient_id = $2 AND call_wanted_at IS NOT NULL`,
    [hospital.id, patientId, from],
  );
}

/**
 * Puts a patient who asked to be called at the top of call mode, also one who rests or was called today. The request ends
 * with the next attempt that reaches the patient.
 */
export async function requestCallback(
  { db, hospital, now }: Pick<HospitalTransaction, 'db' | 'hospital' | 'now'>,
  patientId: string,
): Promise<void> {
  await db.query(
    `INSERT INTO patient_contact (hospital_id, patient_id, callback_requested_at, changed_at) VALUES ($1, $2, $3, $3)
         ON CONFLICT (hospital_id, patient_id) DO UPDATE
            SET callback_requested_at = coalesce(patient_contact.callback_requested_at, $3),
                rests_until = NULL, next_action_on = NULL, last_called_on = NULL`,
    [hospital.id, patientId, now],
  );
}

/** Patients who asked to be called, the longest waiting first. */
export async function callbacksRequested(
  { db, hospital }: Pick<HospitalTransaction, 'db' | 'hospital'>,
  limit: number,
): Promise<string[]> {
  const rows = await db.query<{ id: string }[]>(
    `SELECT c.patient_id AS id FROM patient_contact c
      WHERE c.hospital_id = $1 AND c.callback_requested_at IS NOT NULL
        AND EXISTS (SELECT FROM patient p WHERE p.hospital_id = $1 AND p.id = c.patient_id AND p.merged_into IS NULL AND p.erased_at IS NULL)
      ORDER BY c.callback_requested_at, c.patient_id LIMIT $2`,
    [hospital.id, limit],
  );
  return rows.map(({ id }) => id);
}
