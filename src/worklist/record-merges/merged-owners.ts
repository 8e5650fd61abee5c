import type { HospitalTransaction } from '../../tenancy/hospital-scope.js';
import type { MergeRecord } from './record-merge.entity.js';

/** Names the source's owners for the target where it has none of its own for the activity and duty; returns these. */
export const copyOwners = (
  { db, hospital }: HospitalTransaction,
  targetId: string,
  sourceId: string,
): Promise<MergeRecord['owners']> =>
  db.query(
    `INSERT INTO patient_owner (hospital_id, patient_id, activity, duty, person_id, author, assigned_at)
     SELECT hospital_id, $2, activity, duty, person_id, author, assigned_at
       FROM patient_owner WHERE hospital_id = $1 AND patient_id = $3
         ON CONFLICT (hospital_id, patient_id, activity, duty) DO NOTHING
     RETURNING activity, duty, person_id AS "personId"`,
    [hospital.id, targetId, sourceId],
  );

/** Takes back the owners that are still those of the merge. */
export async function takeBackOwners(
  { db, hospital }: HospitalTransaction,
  targetId: string,
  owners: MergeRecord['owners'],
): Promise<void> {
  if (owners.length === 0) return;
  await db.query(
    `DELETE FROM patient_owner o USING unnest($3::text[], $4::text[], $5::uuid[]) AS copied (activity, duty, person_id)
      WHERE o.hospital_id = $1 AND o.patient_id = $2 AND o.activity = copied.activity AND o.duty = copied.duty
        AND o.person_id = copied.person_id`,
    [
      ...[hospital.id, targetId, owners.map(({ activity }) => activity)],
      ...[owners.map(({ duty }) => duty), owners.map(({ personId }) => personId)],
    ],
  );
}
