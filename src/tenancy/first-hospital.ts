import type { HospitalScope } from './hospital-scope.js';

/**
 * SQL: the hospitals, the first one first. The operator of the program belongs to it. A hospital that came from another
 * database is never the first, however old it is.
 */
export const HOSPITALS_FIRST_FIRST =
  'hospital AS h ORDER BY EXISTS (SELECT FROM hospital_move WHERE hospital_id = h.id AND arrived), created_at, id';

/** The id of the hospital that the first start created: the default of commands. */
export async function firstHospital(scope: HospitalScope): Promise<string> {
  const [hospital] = await scope.acrossHospitals((db) =>
    db.query<{ id: string }[]>(`SELECT id FROM ${HOSPITALS_FIRST_FIRST} LIMIT 1`),
  );
  if (!hospital) throw new Error('The database has no hospital yet.');
  return hospital.id;
}
