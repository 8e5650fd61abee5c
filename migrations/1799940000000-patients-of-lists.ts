import { setTimeout as wait } from 'node:timers/promises';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * For each patient whether the lists of results, losses and withheld messages can hold them, so that such a list of a ward,
 * department, group or distance is read without a look at the patients of all its rows. Triggers keep the columns, whichever version
 * writes. They lock the row of the patient first, as every statement of the program that changes these rows has done already.
 *
 * The tables stay in use meanwhile: the columns are filled patient by patient, the indexes are built beside other statements, and
 * no transaction holds either. A restore, which keeps other processes off, runs its migrations in one transaction.
 */
export class PatientsOfLists1799940000000 implements MigrationInterface {
  name = 'PatientsOfLists1799940000000';
  readonly transaction = false;

  async up(db: QueryRunner): Promise<void> {
    const online = db.isTransactionActive ? '' : 'CONCURRENTLY';
    await briefly(db, COLUMNS);
    await db.query(KEEP);
    for (const kept of KEPT_BY) await briefly(db, triggersOn(kept));
    await fill(db);
    for (const [name, definition] of Object.entries(INDEXES)) {
      // A migration that was cut off leaves an incomplete index behind.
      await db.query(`DROP INDEX ${online} IF EXISTS ${name}`);
      await db.query(`CREATE INDEX ${online} ${name} ON patient ${definition}`);
    }
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      DROP INDEX ${Object.keys(INDEXES).join(', ')};
      DROP FUNCTION keep_lists_of_patient() CASCADE;
      DROP FUNCTION set_lists_of_patient(uuid, uuid);
      ALTER TABLE patient DROP COLUMN has_unseen_result, DROP COLUMN has_result_to_judge, DROP COLUMN webhook_withdrawn,
        DROP COLUMN loss_proposed_on;
    `);
  }
}

const COLUMNS = `
  ALTER TABLE patient ADD COLUMN IF NOT EXISTS has_unseen_result boolean NOT NULL DEFAULT false,
    ADD COLUMN IF NOT EXISTS has_result_to_judge boolean NOT NULL DEFAULT false,
    ADD COLUMN IF NOT EXISTS webhook_withdrawn boolean NOT NULL DEFAULT false, ADD COLUMN IF NOT EXISTS loss_proposed_on date`;

const unseen = (row: string): string =>
  `(${row}result_of IS NOT NULL AND ${row}seen_at IS NULL AND ${row}voided_at IS NULL)`;
const toJudge = (row: string): string =>
  `(${row}to_judge IS NOT NULL AND ${row}judged_at IS NULL AND ${row}voided_at IS NULL)`;

/**
 * The row of the patient is locked in a statement of its own, so that the next one sees all rows as of the lock. Both conditions
 * are tested on all events of the patient: a connection keeps its first plan, which could read a partial index of the whole hospital.
 */
const KEEP = `
  CREATE OR REPLACE FUNCTION set_lists_of_patient(of_hospital uuid, of_patient uuid) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  DECLARE
    listed record;
  BEGIN
    PERFORM FROM patient WHERE hospital_id = of_hospital AND id = of_patient FOR NO KEY UPDATE;
    SELECT coalesce(bool_or(${unseen('e.')}), false) AS unseen, coalesce(bool_or(${toJudge('e.')}), false) AS to_judge,
           (SELECT decision = 'withdrawn' FROM patient_consent
             WHERE hospital_id = of_hospital AND patient_id = of_patient AND channel = 'webhook'
             ORDER BY ordinal DESC LIMIT 1) IS TRUE AS withdrawn,
           (SELECT lost_proposed_on FROM patient_contact WHERE hospital_id = of_hospital AND patient_id = of_patient) AS lost_on
      INTO listed FROM clinical_event e WHERE hospital_id = of_hospital AND patient_id = of_patient AND e.voided_at IS NULL;
    UPDATE patient SET has_unseen_result = listed.unseen, has_result_to_judge = listed.to_judge,
           webhook_withdrawn = listed.withdrawn, loss_proposed_on = listed.lost_on
     WHERE hospital_id = of_hospital AND id = of_patient
       AND (has_unseen_result, has_result_to_judge, webhook_withdrawn, loss_proposed_on)
           IS DISTINCT FROM (listed.unseen, listed.to_judge, listed.withdrawn, listed.lost_on);
  END $$;
  REVOKE EXECUTE ON FUNCTION set_lists_of_patient(uuid, uuid) FROM PUBLIC;

  CREATE OR REPLACE FUNCTION keep_lists_of_patient() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  BEGIN
    IF TG_OP <> 'INSERT' THEN
      PERFORM set_lists_of_patient(OLD.hospital_id, OLD.patient_id);
    END IF;
    IF TG_OP = 'INSERT' OR TG_OP = 'UPDATE' AND NEW.patient_id <> OLD.patient_id THEN
      PERFORM set_lists_of_patient(NEW.hospital_id, NEW.patient_id);
    END IF;
    RETURN NULL;
  END $$`;

interface KeptBy {
  readonly table: string;
  readonly columns: readonly string[];
  /** Whether the row can change on which lists its patient is, and what of the row decides it. */
  readonly counts: (row: string) => string;
  readonly state: (row: string) => string;
}

const KEPT_BY: readonly KeptBy[] = [
  {
    table: 'clinical_event',
    columns: ['result_of', 'seen_at', 'to_judge', 'judged_at', 'voided_at'],
    counts: (row) => `${unseen(row)} OR ${toJudge(row)}`,
    state: (row) => `${unseen(row)}, ${toJudge(row)}`,
  },
  {
    table: 'patient_contact',
    columns: ['lost_proposed_on'],
    counts: (row) => `${row}lost_proposed_on IS NOT NULL`,
    state: (row) => `${row}lost_proposed_on`,
  },
  {
    table: 'patient_consent',
    columns: ['channel', 'decision'],
    counts: (row) => `${row}channel = 'webhook'`,
    state: (row) => `${row}channel, ${row}decision`,
  },
];

const triggersOn = ({ table, columns, counts, state }: KeptBy): string =>
  Object.entries({
    inserted: `INSERT ON ${table} FOR EACH ROW WHEN (${counts('NEW.')})`,
    deleted: `DELETE ON ${table} FOR EACH ROW WHEN (${counts('OLD.')})`,
    updated: `UPDATE OF ${columns.join(', ')}, patient_id ON ${table} FOR EACH ROW
      WHEN ((${state('OLD.')}, OLD.patient_id) IS DISTINCT FROM (${state('NEW.')}, NEW.patient_id))`,
  })
    .map(
      ([when, fires]) => `
        DROP TRIGGER IF EXISTS ${table}_lists_${when} ON ${table};
        CREATE TRIGGER ${table}_lists_${when} AFTER ${fires} EXECUTE FUNCTION keep_lists_of_patient()`,
    )
    .join(';');

const LOCKS_WITHIN = '2s';
const MOST_ATTEMPTS = 60;
const PAUSE_MS = 500;

/**
 * Runs statements that need the table for themselves for a moment. They wait for it in short attempts: all others wait
 * behind them.
 */
async function briefly(db: QueryRunner, statements: string): Promise<void> {
  if (db.isTransactionActive) return void (await db.query(statements));
  for (let attempt = 1; ; attempt++)
    try {
      await db.query(`BEGIN; SET LOCAL lock_timeout = '${LOCKS_WITHIN}'; ${statements}; COMMIT`);
      return;
    } catch (error) {
      await db.query('ROLLBACK');
      if ((error as { code?: string }).code !== '55P03' || attempt === MOST_ATTEMPTS) throw error;
      await wait(PAUSE_MS);
    }
}

const BATCH = 1000;
const FIRST_ID = '00000000-0000-0000-0000-000000000000';

/**
 * All patients in the order of their ids; a patient who is added meanwhile has the triggers. Those who have a row that counts are
 * corrected one by one: a statement that waits for one patient keeps no other one locked.
 */
async function fill(db: QueryRunner): Promise<void> {
  const counts = KEPT_BY.map(
    ({ table, counts }) =>
      `EXISTS (SELECT FROM ${table} r WHERE r.hospital_id = n.hospital_id AND r.patient_id = n.id AND (${counts('r.')}))`,
  );
  for (let after: string | null = FIRST_ID; after !== null;) {
    const [row] = (await db.query(
      `WITH next AS MATERIALIZED (SELECT hospital_id, id FROM patient WHERE id > $1 ORDER BY id LIMIT ${BATCH})
       SELECT (SELECT id FROM next ORDER BY id DESC LIMIT 1) AS last,
              ARRAY(SELECT n.id FROM next n WHERE ${counts.join(' OR ')}) AS counting`,
      [after],
    )) as [{ last: string | null; counting: string[] }];
    for (const id of row.counting)
      await db.query('SELECT set_lists_of_patient(hospital_id, id) FROM patient WHERE id = $1', [id]);
    after = row.last;
  }
}

// Few patients are in such a list, so that one index of them serves each filter.
const PLACE = 'hospital_id, ward, department, care_group, distance_km';
const INDEXES = {
  patient_unseen_idx: `(${PLACE}) WHERE has_unseen_result`,
  patient_judge_idx: `(${PLACE}) WHERE has_result_to_judge`,
  patient_withdrawn_idx: `(${PLACE}) WHERE webhook_withdrawn`,
  patient_loss_idx: `(${PLACE}, loss_proposed_on) WHERE loss_proposed_on IS NOT NULL`,
};
