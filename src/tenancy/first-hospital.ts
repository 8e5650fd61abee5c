import type { HospitalScope } from './hospital-scope.js';

/** The id of the hospital that the first start created: the default of commands. */
export async function firstHospital(scope: HospitalScope): Promise<string> {
  const [hospital] = await scope.acrossHospitals((db) =>
    db.query<{ id: string }[]>('SELECT id FROM hospital ORDER BY created_at, id LIMIT 1'),
  );
  if (!hospital) throw new Error('The database has no hospital yet.');
  return hospital.id;
}
