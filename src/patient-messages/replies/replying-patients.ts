import { patientsFound, searchConditions } from '../../patients/patient-search.js';
import type { HospitalTransaction } from '../../tenancy/hospital-scope.js';

/** A patient whom a reply may be from. */
export interface ReplyingPatient {
  readonly patientId: string;
  /** The relative who was written to by this number; null: the patient has it. */
  readonly relativeId: string | null;
}

const MOST_PATIENTS = 20;
/** A reply to an older message is not expected. */
const WRITTEN_WITHIN_DAYS = 60;

/**
 * The patients who have the number, and those about whom it was written to lately. Erased records are left out, and a merged
 * one stands for the record that stays. Two queries, by index.
 */
export async function patientsReplying(tx: HospitalTransaction, number: string): Promise<ReplyingPatient[]> {
  const { db, hospital, now } = tx;
  const term = (await tx.keys()).blindIndex('phone', number);
  const owners = await patientsFound(tx, [await searchConditions(tx, { phone: number })], {
    limit: MOST_PATIENTS,
  });
  const written = await db.query<ReplyingPatient[]>(
    `SELECT DISTINCT ON (1) coalesce(p.merged_into, p.id) AS "patientId", m.relative_id AS "relativeId"
       FROM patient_message m JOIN patient p ON p.hospital_id = m.hospital_id AND p.id = m.patient_id
      WHERE m.hospital_id = $1 AND m.number_index = $2 AND m.created_at > $3::timestamptz - make_interval(days => $4)
        AND p.erased_at IS NULL
      ORDER BY 1, m.created_at DESC LIMIT $5`,
    [hospital.id, term, now, WRITTEN_WITHIN_DAYS, MOST_PATIENTS],
  );
  const found = new Map<string, ReplyingPatient>();
  for (const patientId of owners) found.set(patientId, { patientId, relativeId: null });
  for (const one of written) if (!found.has(one.patientId)) found.set(one.patientId, one);
  return [...found.values()].slice(0, MOST_PATIENTS).sort((a, b) => (a.patientId < b.patientId ? -1 : 1));
}
