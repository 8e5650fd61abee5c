import type { HospitalScope } from './hospital-scope.js';

/** The id of the hospital that the first start made: whom a command works for when nobody says otherwise. */
export async function firstHospital(scope: HospitalScope): Promise<string> {
  const [hospital] = await scope.acrossHospitals((db) =>
    db.query<{ id: string }[]>('SELECT id FROM hospital ORDER BY created_at, id LIMIT 1'),
  );
  if (!hospital) throw new Error('The database has no hospital yet.');
  return hospital.id;
}
