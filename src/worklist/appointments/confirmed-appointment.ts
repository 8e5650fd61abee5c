import type { HospitalTransaction } from '../../tenancy/hospital-scope.js';
import { recordChange } from '../changes/worklist-changes.js';

/**
 * Records that a locked patient confirms an appointment: the open one of which the patient was informed last, or the only open
 * one that lies ahead. Returns its id; null: there is none, or it is not clear which one.
 */
export async function confirmAppointment(
  tx: HospitalTransaction,
  patientId: string,
  informedOf: readonly string[],
): Promise<string | null> {
  const { db, hospital, today, now, caller } = tx;
  const open = await db.query<{ id: string }[]>(
    `SELECT id FROM appointment WHERE hospital_id = $1 AND patient_id = $2 AND outcome IS NULL AND date >= $3
      ORDER BY date, id LIMIT 50`,
    [hospital.id, patientId, today],
  );
  const known = informedOf.find((id) => open.some((one) => one.id === id));
  const id = known ?? (open.length === 1 ? open[0]?.id : undefined);
  if (id === undefined) return null;
  await db.query(
    `UPDATE appointment SET confirmed_at = $3, version = version + 1, changed_by = $4, changed_at = $3
      WHERE hospital_id = $1 AND id = $2`,
    [hospital.id, id, now, caller.name],
  );
  await recordChange(tx, { patientId, kind: 'appointment' });
  return id;
}
