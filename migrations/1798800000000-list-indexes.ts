import { setTimeout as wait } from 'node:timers/promises';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What the lists of open items need to read only the rows that they show. The table stays in use meanwhile: the column is
 * filled in batches, the indexes are built beside other statements, and no transaction holds either. A restore, which keeps
 * other processes off, runs its migrations in one transaction.
 */
export class ListIndexes1798800000000 implements MigrationInterface {
  name = 'ListIndexes1798800000000';
  readonly transaction = false;

  async up(db: QueryRunner): Promise<void> {
    const online = db.isTransactionActive ? '' : 'CONCURRENTLY';
    // A version before this one leaves both columns empty; the trigger keeps `urgent_on` for it.
    await briefly(
      db,
      `
      ALTER TABLE surveillance_item ADD COLUMN IF NOT EXISTS urgent_on date, ADD COLUMN IF NOT EXISTS overtaken_on date;

      CREATE OR REPLACE FUNCTION set_urgent_date() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        NEW.urgent_on := CASE WHEN NEW.overdue > NEW.due + 62 THEN NEW.due + 62 END;
        RETURN NEW;
      END $$;
      DROP TRIGGER IF EXISTS surveillance_item_urgent ON surveillance_item;
      CREATE TRIGGER surveillance_item_urgent BEFORE INSERT OR UPDATE OF due, overdue ON surveillance_item FOR EACH ROW
        WHEN (NEW.overdue > NEW.due + 62 OR NEW.urgent_on IS NOT NULL) EXECUTE FUNCTION set_urgent_date();
    `,
    );
    await fillUrgentDates(db);
    // The same rule in a form for which PostgreSQL does not read all patients of the hospital beforehand.
    await briefly(db, reach('coalesce((SELECT true FROM patient p WHERE p.id = patient_id), false)'));
    for (const [name, definition] of Object.entries(INDEXES)) {
      // A migration that was cut off leaves an incomplete index behind.
      await db.query(`DROP INDEX ${online} IF EXISTS ${name}`);
      await db.query(`CREATE INDEX ${online} ${name} ON ${definition}`);
    }
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      DROP INDEX ${Object.keys(INDEXES).join(', ')};
      ${reach('EXISTS (SELECT FROM patient p WHERE p.id = patient_id)')}
      DROP TRIGGER surveillance_item_urgent ON surveillance_item;
      DROP FUNCTION set_urgent_date();
      ALTER TABLE surveillance_item DROP COLUMN urgent_on, DROP COLUMN overtaken_on;
    `);
  }
}

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

const BATCH = 5000;
const UNFILLED = `state = 'active' AND overdue > due + 62 AND urgent_on IS NULL`;
const FIRST_ID = '00000000-0000-0000-0000-000000000000';

/**
 * Passes over rows that another statement has locked, because a batch that waited could deadlock with it, and fills them
 * one by one in the end.
 */
async function fillUrgentDates(db: QueryRunner): Promise<void> {
  for (let after: string | null = FIRST_ID; after !== null;) {
    const [row] = (await db.query(
      `WITH next AS (SELECT id FROM surveillance_item WHERE id > $1 ORDER BY id LIMIT ${BATCH}),
            free AS (SELECT i.id FROM surveillance_item i JOIN next USING (id) WHERE ${UNFILLED} FOR NO KEY UPDATE OF i SKIP LOCKED),
            filled AS (UPDATE surveillance_item i SET urgent_on = due + 62 FROM free WHERE i.id = free.id)
       SELECT (SELECT id FROM next ORDER BY id DESC LIMIT 1) AS last`,
      [after],
    )) as [{ last: string | null }];
    after = row.last;
  }
  for (let left = true; left;) {
    const filled = (await db.query(
      `UPDATE surveillance_item i SET urgent_on = due + 62
         FROM (SELECT id FROM surveillance_item WHERE ${UNFILLED} LIMIT 1) AS next WHERE i.id = next.id RETURNING i.id`,
    )) as [unknown[], number];
    left = filled[1] > 0;
  }
}

const reach = (sees: string): string => `
  DROP POLICY reach ON surveillance_item;
  CREATE POLICY reach ON surveillance_item AS RESTRICTIVE TO nedwatch_app USING (NOT reach_is_limited() OR ${sees});`;

// A missed item that was marked as such drops out; one whose dates moved since is in again, whichever version moved them.
const LIVE = `state = 'active' AND NOT before_enrolment AND (overtaken_on = missed_on) IS NOT TRUE`;

// Without the id, PostgreSQL stores the items of one day or patient as one entry: a seventh of the size.
const INDEXES = {
  surveillance_item_late_idx: `surveillance_item (hospital_id, overdue, patient_id) WHERE ${LIVE} AND step IS NULL AND urgent_on IS NULL`,
  surveillance_item_late_activity_idx: `surveillance_item (hospital_id, activity, overdue) WHERE ${LIVE} AND step IS NULL AND urgent_on IS NULL`,
  surveillance_item_wide_idx: `surveillance_item (hospital_id, urgent_on, patient_id) WHERE ${LIVE} AND step IS NULL AND urgent_on IS NOT NULL`,
  surveillance_item_patient_idx: `surveillance_item (patient_id, coalesce(urgent_on, overdue)) WHERE ${LIVE}`,
  patient_department_idx: 'patient (hospital_id, department) WHERE department IS NOT NULL',
  patient_consent_withdrawn_idx: `patient_consent (hospital_id, ordinal) WHERE channel = 'webhook' AND decision = 'withdrawn'`,
};
