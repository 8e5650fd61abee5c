import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What the worklist by status and the filter by activity are read by. The table stays in use while the indexes are built,
 * which is why no transaction holds it. A restore, which keeps other processes off, runs its migrations in one transaction.
 */
export class StatusIndexes1799020000000 implements MigrationInterface {
  name = 'StatusIndexes1799020000000';
  readonly transaction = false;

  async up(db: QueryRunner): Promise<void> {
    const online = db.isTransactionActive ? '' : 'CONCURRENTLY';
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
    await db.query(`DROP INDEX ${Object.keys(INDEXES).join(', ')}`);
  }
}

const OPEN = `state = 'active' AND NOT before_enrolment`;
const LIVE = `${OPEN} AND (overtaken_on = missed_on) IS NOT TRUE`;

// Without the id, PostgreSQL stores the items of one day or patient as one entry: a fifth of the size. The late day at the
// end lets a list of items that are not late pass over all others without reading them.
const INDEXES = {
  surveillance_item_open_idx: `(hospital_id, due, id, overdue) WHERE ${LIVE}`,
  surveillance_item_wide_late_idx: `(hospital_id, urgent_on, patient_id, overdue) WHERE ${LIVE} AND step IS NULL AND urgent_on IS NOT NULL`,
  surveillance_item_activity_idx: `(hospital_id, activity, overdue) WHERE ${LIVE} AND urgent_on IS NULL`,
  surveillance_item_wide_activity_idx: `(hospital_id, activity, urgent_on) WHERE ${LIVE} AND urgent_on IS NOT NULL`,
  surveillance_item_missing_idx: `(hospital_id, missed_on) WHERE ${LIVE}`,
  surveillance_item_missed_idx: `(hospital_id, activity, due, id) WHERE ${OPEN} AND overtaken_on = missed_on`,
  surveillance_item_of_patient_idx: `(patient_id) WHERE ${LIVE}`,
  surveillance_item_step_of_patient_idx: `(patient_id) WHERE step IS NOT NULL`,
  surveillance_item_completed_idx: `(hospital_id, activity, due, id) WHERE state = 'completed'`,
};

/**
 * Missed items lay among the open ones in the first; the second left out those with a step or a long window; the third kept an
 * entry for each item, where one for each patient is enough; the fourth did not have the late day.
 */
const REPLACED = {
  surveillance_item_worklist_idx: `(hospital_id, due, id) WHERE ${OPEN}`,
  surveillance_item_late_activity_idx: `(hospital_id, activity, overdue) WHERE ${LIVE} AND step IS NULL AND urgent_on IS NULL`,
  surveillance_item_patient_idx: `(patient_id, coalesce(urgent_on, overdue)) WHERE ${LIVE}`,
  surveillance_item_wide_idx: `(hospital_id, urgent_on, patient_id) WHERE ${LIVE} AND step IS NULL AND urgent_on IS NOT NULL`,
};
