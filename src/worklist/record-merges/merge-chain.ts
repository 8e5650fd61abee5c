import type { HospitalTransaction } from '../../tenancy/hospital-scope.js';

type Within = Pick<HospitalTransaction, 'db' | 'hospital'>;

/** Points the source, and all records that were merged into it before, at the target. */
export async function pointAt({ db, hospital }: Within, sourceId: string, targetId: string): Promise<void> {
  await db.query(
    'UPDATE patient SET merged_into = $3 WHERE hospital_id = $1 AND (id = $2 OR merged_into = $2)',
    [hospital.id, sourceId, targetId],
  );
}

/** Makes the source a record of its own again, and points the records that were merged into it at the source. */
export async function pointBack({ db, hospital }: Within, sourceId: string): Promise<void> {
  await db.query(
    `WITH RECURSIVE before AS (
       SELECT source_id FROM record_merge WHERE hospital_id = $1 AND patient_id = $2 AND undone_at IS NULL
       UNION SELECT m.source_id FROM record_merge m JOIN before b ON m.patient_id = b.source_id
              WHERE m.hospital_id = $1 AND m.undone_at IS NULL)
     UPDATE patient SET merged_into = CASE WHEN id = $2 THEN NULL ELSE $2::uuid END
      WHERE hospital_id = $1 AND (id = $2 OR id IN (SELECT source_id FROM before))`,
    [hospital.id, sourceId],
  );
}
