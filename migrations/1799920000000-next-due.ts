import { setTimeout as wait } from 'node:timers/promises';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * For each patient the first due date of the items that a list by date can hold, so that such a list of a ward, department, group or
 * distance is read without the patients who have nothing of it. Triggers keep it, whichever version writes. It may be earlier than
 * that date, never later: a deleted item and the daily mark of overtaken items leave it, and the daily task corrects it.
 *
 * It is a column of `patient` and no table of its own, because every statement that changes the step, state or dates of an item has
 * locked the row of the patient before. The daily mark alone locks items first; therefore it fires no trigger. No other trigger,
 * stream or version depends on the column.
 *
 * The tables stay in use meanwhile: the column is filled in batches, the indexes are built beside other statements, and no transaction
 * holds either. A restore, which keeps other processes off, runs its migrations in one transaction.
 */
export class NextDue1799920000000 implements MigrationInterface {
  name = 'NextDue1799920000000';
  readonly transaction = false;

  async up(db: QueryRunner): Promise<void> {
    const online = db.isTransactionActive ? '' : 'CONCURRENTLY';
    await briefly(db, 'ALTER TABLE patient ADD COLUMN IF NOT EXISTS next_due date');
    await briefly(db, KEEP);
    await fill(db);
    for (const [name, definition] of Object.entries(INDEXES)) {
      // A migration that was cut off leaves an incomplete index behind.
      await db.query(`DROP INDEX ${online} IF EXISTS ${name}`);
      await db.query(`CREATE INDEX ${online} ${name} ON ${definition}`);
    }
    for (const name of Object.keys(REPLACED)) await db.query(`DROP INDEX ${online} IF EXISTS ${name}`);
  }

  async down(db: QueryRunner): Promise<void> {
    for (const [name, definition] of Object.entries(REPLACED))
      await db.query(`CREATE INDEX ${name} ON ${definition}`);
    await db.query(`
      DROP INDEX ${Object.keys(INDEXES).join(', ')};
      DROP TRIGGER item_next_due_inserted ON surveillance_item;
      DROP TRIGGER item_next_due_updated ON surveillance_item;
      DROP FUNCTION lower_next_due();
      DROP FUNCTION move_next_due();
      DROP FUNCTION set_next_due(uuid, uuid);
      ALTER TABLE patient DROP COLUMN next_due;
    `);
  }
}

const live = (row: string): string =>
  `${row}state = 'active' AND NOT ${row}before_enrolment AND (${row}overtaken_on = ${row}missed_on) IS NOT TRUE`;
/** A list by date can hold the item, now or after the end of its step. */
const listed = (row: string): string =>
  `${live(row)} AND (${row}step IS NULL OR ${row}step_until IS NOT NULL)`;
const listedDay = (row: string): string => `CASE WHEN ${listed(row)} THEN ${row}due END`;

const firstDue = (hospital: string, patient: string): string => `
    SELECT due INTO first_due FROM surveillance_item i
     WHERE hospital_id = ${hospital} AND patient_id = ${patient} AND ${listed('i.')} ORDER BY due LIMIT 1;`;

const COLUMNS = ['state', 'before_enrolment', 'missed_on', 'step', 'step_until', 'due', 'patient_id'];

/**
 * The row of the patient is locked in a statement of its own, so that the next one sees all items as of the lock. Rows are updated one
 * by one: a connection keeps the plan of its first statement, and a join would be planned for few patients.
 */
const KEEP = `
  CREATE OR REPLACE FUNCTION set_next_due(of_hospital uuid, of_patient uuid) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  DECLARE
    first_due date;
  BEGIN
    PERFORM FROM patient WHERE hospital_id = of_hospital AND id = of_patient FOR NO KEY UPDATE;
    ${firstDue('of_hospital', 'of_patient')}
    UPDATE patient SET next_due = first_due
     WHERE hospital_id = of_hospital AND id = of_patient AND next_due IS DISTINCT FROM first_due;
  END $$;
  REVOKE EXECUTE ON FUNCTION set_next_due(uuid, uuid) FROM PUBLIC;

  CREATE OR REPLACE FUNCTION lower_next_due() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  DECLARE
    first record;
  BEGIN
    FOR first IN
      SELECT hospital_id, patient_id, min(due) AS due FROM new_items n WHERE ${listed('n.')} GROUP BY 1, 2 ORDER BY 1, 2
    LOOP
      UPDATE patient SET next_due = first.due
       WHERE hospital_id = first.hospital_id AND id = first.patient_id AND (next_due > first.due OR next_due IS NULL);
    END LOOP;
    RETURN NULL;
  END $$;
  DROP TRIGGER IF EXISTS item_next_due_inserted ON surveillance_item;
  CREATE TRIGGER item_next_due_inserted AFTER INSERT ON surveillance_item
    REFERENCING NEW TABLE AS new_items FOR EACH STATEMENT EXECUTE FUNCTION lower_next_due();

  CREATE OR REPLACE FUNCTION move_next_due() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  DECLARE
    known date;
    first_due date;
  BEGIN
    SELECT next_due INTO known FROM patient WHERE hospital_id = NEW.hospital_id AND id = NEW.patient_id FOR NO KEY UPDATE;
    IF least(${listedDay('NEW.')}, ${listedDay('OLD.')}) <= known OR known IS NULL THEN
      ${firstDue('NEW.hospital_id', 'NEW.patient_id')}
      IF first_due IS DISTINCT FROM known THEN
        UPDATE patient SET next_due = first_due WHERE hospital_id = NEW.hospital_id AND id = NEW.patient_id;
      END IF;
    END IF;
    RETURN NULL;
  END $$;
  DROP TRIGGER IF EXISTS item_next_due_updated ON surveillance_item;
  CREATE TRIGGER item_next_due_updated AFTER UPDATE OF ${COLUMNS.join(', ')} ON surveillance_item FOR EACH ROW
    WHEN ((${listedDay('OLD.')}, OLD.patient_id) IS DISTINCT FROM (${listedDay('NEW.')}, NEW.patient_id))
    EXECUTE FUNCTION move_next_due()`;

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

const BATCH = 200;
const FIRST_ID = '00000000-0000-0000-0000-000000000000';

/** All patients in the order of their ids; whoever is added behind the last one has the triggers. */
async function fill(db: QueryRunner): Promise<void> {
  for (let after: string | null = FIRST_ID; after !== null;) {
    const [row] = (await db.query(
      `WITH next AS MATERIALIZED (SELECT hospital_id, id FROM patient WHERE id > $1 ORDER BY id LIMIT ${BATCH}),
            filled AS MATERIALIZED (SELECT id, set_next_due(hospital_id, id) FROM next)
       SELECT (SELECT id FROM filled ORDER BY id DESC LIMIT 1) AS last`,
      [after],
    )) as [{ last: string | null }];
    after = row.last;
  }
}

// Of a range of distances, the index says when its patients fall due, without a look at them.
const INDEXES = {
  patient_ward_due_idx: 'patient (hospital_id, ward, next_due) WHERE ward IS NOT NULL',
  patient_department_due_idx: 'patient (hospital_id, department, next_due)',
  patient_care_group_due_idx: 'patient (hospital_id, care_group, next_due) WHERE care_group IS NOT NULL',
  patient_distance_due_idx: 'patient (hospital_id, distance_km, next_due) WHERE distance_km IS NOT NULL',
  surveillance_item_rule_idx: `surveillance_item (hospital_id, rule) WHERE state = 'active'`,
};

const REPLACED = {
  patient_ward_idx: 'patient (hospital_id, ward) WHERE ward IS NOT NULL',
  patient_department_idx: 'patient (hospital_id, department) WHERE department IS NOT NULL',
  patient_care_group_idx: 'patient (hospital_id, care_group) WHERE care_group IS NOT NULL',
  patient_distance_idx: 'patient (hospital_id, distance_km) WHERE distance_km IS NOT NULL',
};
