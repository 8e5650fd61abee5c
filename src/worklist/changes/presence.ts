import type { HospitalTransaction } from '../../tenancy/hospital-scope.js';

/** How long a caller counts as working on a row after each request that says so. */
export const PRESENT_MS = 60_000;

/** The names of those who work on these patients now, by patient id; a patient without anybody is left out. One query. */
export async function presentNames(
  { db, hospital, now }: Pick<HospitalTransaction, 'db' | 'hospital' | 'now'>,
  patientIds: readonly string[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  if (patientIds.length === 0) return new Map();
  const rows = await db.query<{ id: string; names: string[] }[]>(
    `SELECT patient_id AS id, array_agg(name ORDER BY name) AS names FROM patient_presence
      WHERE hospital_id = $1 AND patient_id = ANY ($2) AND until > $3 GROUP BY patient_id`,
    [hospital.id, patientIds, now],
  );
  return new Map(rows.map(({ id, names }) => [id, names]));
}

/** Those of these patients on whose row another caller works now. One query. */
export async function takenByOthers(
  { db, hospital, caller, now }: Pick<HospitalTransaction, 'db' | 'hospital' | 'caller' | 'now'>,
  patientIds: readonly string[],
): Promise<ReadonlySet<string>> {
  const rows = await db.query<{ id: string }[]>(
    `SELECT DISTINCT patient_id AS id FROM patient_presence
      WHERE hospital_id = $1 AND patient_id = ANY ($2) AND until > $3 AND caller_id <> $4`,
    [hospital.id, patientIds, now, caller.id],
  );
  return new Set(rows.map(({ id }) => id));
}

/** Notes that the caller works on the row from now on for a minute, or that they have ended; returns who works on it now. */
export async function notePresence(
  { db, hospital, caller, now }: HospitalTransaction,
  patientId: string,
  works: boolean,
): Promise<{ readonly until: Date | null; readonly hasChanged: boolean }> {
  if (!works) {
    const [, ended] = await db.query<[unknown, number]>(
      'DELETE FROM patient_presence WHERE hospital_id = $1 AND patient_id = $2 AND caller_id = $3',
      [hospital.id, patientId, caller.id],
    );
    return { until: null, hasChanged: ended > 0 };
  }
  const until = new Date(now.getTime() + PRESENT_MS);
  const [before] = await db.query<{ until: Date }[]>(
    'SELECT until FROM patient_presence WHERE hospital_id = $1 AND patient_id = $2 AND caller_id = $3',
    [hospital.id, patientId, caller.id],
  );
  await db.query(
    `INSERT INTO patient_presence (hospital_id, patient_id, caller_id, name, until) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (hospital_id, patient_id, caller_id) DO UPDATE SET name = excluded.name, until = excluded.until`,
    [hospital.id, patientId, caller.id, caller.name, until],
  );
  return { until, hasChanged: before === undefined || before.until <= now };
}

/** Deletes entries that have run out; returns their number. */
export async function deleteOldPresence(
  { db, hospital, now }: Pick<HospitalTransaction, 'db' | 'hospital' | 'now'>,
  limit: number,
): Promise<number> {
  const [, deleted] = await db.query<[unknown, number]>(
    `DELETE FROM patient_presence WHERE hospital_id = $1 AND (patient_id, caller_id) IN (
       SELECT patient_id, caller_id FROM patient_presence WHERE hospital_id = $1 AND until < $2 ORDER BY until LIMIT $3)`,
    [hospital.id, new Date(now.getTime() - PRESENT_MS), limit],
  );
  return deleted;
}
