import type { HospitalTransaction } from '../../tenancy/hospital-scope.js';
import { live } from './list-sql.js';

const BATCH = 1000;

/** The first due date of the items of the patient `p` that a list by date can hold: the rule of the triggers (`patient.next_due`). */
const FIRST_DUE = `(
  SELECT i.due FROM surveillance_item i
   WHERE i.hospital_id = $1 AND i.patient_id = p.id AND ${live('i')} AND (i.step IS NULL OR i.step_until IS NOT NULL)
   ORDER BY i.due LIMIT 1)`;

export interface Corrected {
  /** The last patient of the batch; null: there are no more. */
  readonly last: string | null;
  /** How many patients had a later date than their first one. Lists by date may have left them out. */
  readonly late: number;
}

/**
 * Writes the next due date of the patients who have another one, in the next batch after this patient. It is too early once
 * items were marked as overtaken. Skips locked patients, whom the next day finds again.
 */
export async function correctNextDue(
  { db, hospital }: HospitalTransaction,
  after: string,
): Promise<Corrected> {
  const rows = await db.query<{ id: string; isWrong: boolean; isLate: boolean }[]>(
    `SELECT id, next_due IS DISTINCT FROM first_due AS "isWrong",
            first_due IS NOT NULL AND (next_due > first_due OR next_due IS NULL) AS "isLate"
       FROM (SELECT p.id, p.next_due, ${FIRST_DUE} AS first_due
               FROM patient p WHERE p.hospital_id = $1 AND p.id > $2 ORDER BY p.id LIMIT ${BATCH}) AS dated
      ORDER BY id`,
    [hospital.id, after],
  );
  const wrong = rows.filter(({ isWrong }) => isWrong).map(({ id }) => id);
  if (wrong.length > 0) {
    // In a statement of its own: the next one sees the items as of the lock.
    const locked = await db.query<{ id: string }[]>(
      `SELECT id FROM patient WHERE hospital_id = $1 AND id = ANY ($2) ORDER BY id FOR NO KEY UPDATE SKIP LOCKED`,
      [hospital.id, wrong],
    );
    await db.query(
      `UPDATE patient p SET next_due = ${FIRST_DUE}
        WHERE p.hospital_id = $1 AND p.id = ANY ($2) AND p.next_due IS DISTINCT FROM ${FIRST_DUE}`,
      [hospital.id, locked.map(({ id }) => id)],
    );
  }
  return {
    last: rows.length < BATCH ? null : (rows.at(-1)?.id ?? null),
    late: rows.filter(({ isLate }) => isLate).length,
  };
}
