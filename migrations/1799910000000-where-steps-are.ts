import { setTimeout as wait } from 'node:timers/promises';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Where the patient of an item with a step is, kept in the item's row, so that a list of such items has an index by ward, department,
 * group and distance. An item without a step has nothing there. Triggers keep the columns, whichever version writes. The
 * tables stay in use meanwhile: the columns are filled in batches, the indexes are built beside other statements, and no transaction
 * holds either. A restore, which keeps other processes off, runs its migrations in one transaction.
 */
export class WhereStepsAre1799910000000 implements MigrationInterface {
  name = 'WhereStepsAre1799910000000';
  readonly transaction = false;

  async up(db: QueryRunner): Promise<void> {
    const online = db.isTransactionActive ? '' : 'CONCURRENTLY';
    await briefly(db, COLUMNS);
    await briefly(db, ON_ITEMS);
    await briefly(db, ON_PATIENTS);
    await fill(db);
    for (const [name, definition] of Object.entries(INDEXES)) {
      // A migration that was cut off leaves an incomplete index behind.
      await db.query(`DROP INDEX ${online} IF EXISTS ${name}`);
      await db.query(`CREATE INDEX ${online} ${name} ON surveillance_item ${definition}`);
    }
    for (const name of Object.keys(REPLACED)) await db.query(`DROP INDEX ${online} IF EXISTS ${name}`);
  }

  async down(db: QueryRunner): Promise<void> {
    for (const [name, definition] of Object.entries(REPLACED))
      await db.query(`CREATE INDEX ${name} ON surveillance_item ${definition}`);
    await db.query(`
      DROP INDEX ${Object.keys(INDEXES).join(', ')};
      DROP TRIGGER patient_moved ON patient;
      DROP TRIGGER surveillance_item_place ON surveillance_item;
      DROP FUNCTION move_steps();
      DROP FUNCTION set_step_place();
      ALTER TABLE surveillance_item DROP COLUMN step_ward, DROP COLUMN step_department, DROP COLUMN step_group, DROP COLUMN step_km;
    `);
  }
}

const COLUMNS = `
  ALTER TABLE surveillance_item ADD COLUMN IF NOT EXISTS step_ward text, ADD COLUMN IF NOT EXISTS step_department text,
    ADD COLUMN IF NOT EXISTS step_group text, ADD COLUMN IF NOT EXISTS step_km integer`;

/** The row of the patient is locked, so that a patient who moves meanwhile moves before or after the step. */
const ON_ITEMS = `
  CREATE OR REPLACE FUNCTION set_step_place() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  BEGIN
    IF NEW.step IS NULL THEN
      NEW.step_ward := NULL; NEW.step_department := NULL; NEW.step_group := NULL; NEW.step_km := NULL;
    ELSE
      SELECT ward, department, care_group, distance_km
        INTO NEW.step_ward, NEW.step_department, NEW.step_group, NEW.step_km
        FROM patient WHERE hospital_id = NEW.hospital_id AND id = NEW.patient_id FOR SHARE;
    END IF;
    RETURN NEW;
  END $$;
  DROP TRIGGER IF EXISTS surveillance_item_place ON surveillance_item;
  CREATE TRIGGER surveillance_item_place BEFORE INSERT OR UPDATE OF step, patient_id ON surveillance_item FOR EACH ROW
    WHEN (NEW.step IS NOT NULL OR NEW.step_ward IS NOT NULL OR NEW.step_department IS NOT NULL OR NEW.step_group IS NOT NULL
          OR NEW.step_km IS NOT NULL) EXECUTE FUNCTION set_step_place()`;

const PLACE = ['ward', 'department', 'care_group', 'distance_km'];
const ON_PATIENTS = `
  CREATE OR REPLACE FUNCTION move_steps() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  BEGIN
    UPDATE surveillance_item SET step_ward = NEW.ward, step_department = NEW.department, step_group = NEW.care_group,
           step_km = NEW.distance_km
     WHERE hospital_id = NEW.hospital_id AND patient_id = NEW.id AND step IS NOT NULL;
    RETURN NULL;
  END $$;
  DROP TRIGGER IF EXISTS patient_moved ON patient;
  CREATE TRIGGER patient_moved AFTER UPDATE OF ${PLACE.join(', ')} ON patient FOR EACH ROW
    WHEN ((${PLACE.map((column) => `OLD.${column}`).join(', ')}) IS DISTINCT FROM (${PLACE.map((column) => `NEW.${column}`).join(', ')}))
    EXECUTE FUNCTION move_steps()`;

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

/** Patient by patient, as the program locks them: the patient first, then the items. The triggers do the work. */
async function fill(db: QueryRunner): Promise<void> {
  for (let after: string | null = FIRST_ID; after !== null;) {
    const [row] = (await db.query(
      `WITH next AS MATERIALIZED (SELECT DISTINCT patient_id FROM surveillance_item WHERE step IS NOT NULL AND patient_id > $1
                      ORDER BY patient_id LIMIT ${BATCH})
       SELECT (SELECT patient_id FROM next ORDER BY patient_id DESC LIMIT 1) AS last,
              coalesce((SELECT array_agg(patient_id) FROM next), '{}') AS patients`,
      [after],
    )) as [{ last: string | null; patients: string[] }];
    after = row.last;
    await db.query(
      `WITH locked AS MATERIALIZED (SELECT hospital_id, id FROM patient WHERE id = ANY ($1) ORDER BY id FOR NO KEY UPDATE)
       UPDATE surveillance_item i SET step = i.step FROM locked p
        WHERE i.hospital_id = p.hospital_id AND i.patient_id = p.id AND i.step IS NOT NULL`,
      [row.patients],
    );
  }
}

const STEPPED = `state = 'active' AND step IS NOT NULL`;
const of = (place: string): string =>
  `(hospital_id, step, ${place}, step_on, patient_id, id, step_until) WHERE ${STEPPED} AND ${place} IS NOT NULL`;

const INDEXES = {
  surveillance_item_step_ward_idx: of('step_ward'),
  surveillance_item_step_department_idx: of('step_department'),
  surveillance_item_step_group_idx: of('step_group'),
  surveillance_item_step_place_idx: `(hospital_id, step, step_on, patient_id, id) INCLUDE (step_km) WHERE ${STEPPED}`,
  surveillance_item_return_place_idx: `(hospital_id, step, step_until, patient_id, id) INCLUDE (step_km) WHERE ${STEPPED} AND step_until IS NOT NULL`,
};

const REPLACED = {
  surveillance_item_step_day_idx: `(hospital_id, step, step_on, patient_id, id) WHERE ${STEPPED}`,
  surveillance_item_return_idx: `(hospital_id, step, step_until, patient_id, id) WHERE ${STEPPED} AND step_until IS NOT NULL`,
};
