import type { HospitalTransaction } from '../../tenancy/hospital-scope.js';
import { live } from './list-sql.js';

const BATCH = 1000;

const rowsOf = (table: string): string => `FROM ${table} r WHERE r.hospital_id = $1 AND r.patient_id = p.id`;

/** Of all events of the patient, so that PostgreSQL does not look for them among the unseen results of the whole hospital. */
const anyEvent = (condition: string): string =>
  `(SELECT coalesce(bool_or(${condition}), false) ${rowsOf('clinical_event')} AND r.voided_at IS NULL)`;

/**
 * By which columns of the patient `p` lists find their patients, and what the triggers write there: the first due date of the
 * items that a list by date can hold, and whether there are rows for the other lists.
 */
const COLUMNS = {
  next_due: `(
    SELECT i.due FROM surveillance_item i
     WHERE i.hospital_id = $1 AND i.patient_id = p.id AND ${live('i')} AND (i.step IS NULL OR i.step_until IS NOT NULL)
     ORDER BY i.due LIMIT 1)`,
  has_unseen_result: anyEvent('r.result_of IS NOT NULL AND r.seen_at IS NULL'),
  has_result_to_judge: anyEvent('r.to_judge IS NOT NULL AND r.judged_at IS NULL'),
  webhook_withdrawn: `coalesce((
    SELECT r.decision = 'withdrawn' ${rowsOf('patient_consent')} AND r.channel = 'webhook'
     ORDER BY r.ordinal DESC LIMIT 1), false)`,
  loss_proposed_on: `(SELECT r.lost_proposed_on ${rowsOf('patient_contact')})`,
};

const kept = Object.keys(COLUMNS).map((column) => `p.${column}`);
const known = Object.entries(COLUMNS).map(([column, value]) => `${value} AS ${column}`);
const differ = `(${kept.join(', ')}) IS DISTINCT FROM (${Object.values(COLUMNS).join(', ')})`;

/** A later date than the first one, or a list that does not find the patient. In the opposite case lists read the rows in vain. */
const MISSED = `
  known.next_due IS NOT NULL AND (kept.next_due > known.next_due OR kept.next_due IS NULL)
  OR known.has_unseen_result AND NOT kept.has_unseen_result OR known.has_result_to_judge AND NOT kept.has_result_to_judge
  OR known.webhook_withdrawn AND NOT kept.webhook_withdrawn
  OR known.loss_proposed_on IS NOT NULL AND known.loss_proposed_on IS DISTINCT FROM kept.loss_proposed_on`;

export interface Corrected {
  /** The last patient of the batch; null: there are no more. */
  readonly last: string | null;
  /** How many patients lists may have left out. */
  readonly missed: number;
}

/**
 * Writes the columns by which lists find patients, where they differ from the rows, in the next batch after this patient. A next
 * due date is too early once items were marked as overtaken. Skips locked patients, whom the next day finds again.
 */
export async function correctListedPatients(
  { db, hospital }: HospitalTransaction,
  after: string,
): Promise<Corrected> {
  const rows = await db.query<{ id: string; isWrong: boolean; isMissed: boolean }[]>(
    `SELECT p.id, kept IS DISTINCT FROM known AS "isWrong", ${MISSED} AS "isMissed"
       FROM (SELECT p.id, ${kept.join(', ')} FROM patient p WHERE p.hospital_id = $1 AND p.id > $2 ORDER BY p.id LIMIT ${BATCH}) AS p,
            LATERAL (SELECT ${kept.join(', ')}) AS kept, LATERAL (SELECT ${known.join(', ')} OFFSET 0) AS known
      ORDER BY p.id`,
    [hospital.id, after],
  );
  const wrong = rows.filter(({ isWrong }) => isWrong).map(({ id }) => id);
  if (wrong.length > 0) {
    // In a statement of its own: the next one sees the rows as of the lock.
    const locked = await db.query<{ id: string }[]>(
      `SELECT id FROM patient WHERE hospital_id = $1 AND id = ANY ($2) ORDER BY id FOR NO KEY UPDATE SKIP LOCKED`,
      [hospital.id, wrong],
    );
    await db.query(
      `UPDATE patient p SET (${Object.keys(COLUMNS).join(', ')}) = ROW (${Object.values(COLUMNS).join(', ')})
        WHERE p.hospital_id = $1 AND p.id = ANY ($2) AND ${differ}`,
      [hospital.id, locked.map(({ id }) => id)],
    );
  }
  return {
    last: rows.length < BATCH ? null : (rows.at(-1)?.id ?? null),
    missed: rows.filter(({ isMissed }) => isMissed).length,
  };
}
