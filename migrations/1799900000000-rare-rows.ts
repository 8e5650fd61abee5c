import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What lists of items with a step, lists of results, items that are due, and the items of a patient are read by without the rows
 * that a filter, the status or the list leaves out. The tables stay in use while the indexes are built, which is why no
 * transaction holds them. A restore, which keeps other processes off, runs its migrations in one transaction.
 */
export class RareRows1799900000000 implements MigrationInterface {
  name = 'RareRows1799900000000';
  readonly transaction = false;

  async up(db: QueryRunner): Promise<void> {
    const online = db.isTransactionActive ? '' : 'CONCURRENTLY';
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
    await db.query(`DROP INDEX ${Object.keys(INDEXES).join(', ')}`);
  }
}

const LIVE = `state = 'active' AND NOT before_enrolment AND (overtaken_on = missed_on) IS NOT TRUE`;
const STEPPED = `state = 'active' AND step IS NOT NULL`;
const UNSEEN = 'result_of IS NOT NULL AND seen_at IS NULL AND voided_at IS NULL';
const TO_JUDGE = 'to_judge IS NOT NULL AND judged_at IS NULL AND voided_at IS NULL';

// With the patient, rows are counted and filtered without a look at the table, and items stand in the order of the lists.
const INDEXES = {
  surveillance_item_step_day_idx: `surveillance_item (hospital_id, step, step_on, patient_id, id) WHERE ${STEPPED}`,
  surveillance_item_step_activity_idx: `surveillance_item (hospital_id, step, activity, step_on, patient_id, id) WHERE ${STEPPED}`,
  surveillance_item_return_idx: `surveillance_item (hospital_id, step, step_until, patient_id, id) WHERE ${STEPPED} AND step_until IS NOT NULL`,
  surveillance_item_return_activity_idx: `surveillance_item (hospital_id, step, activity, step_until, patient_id, id) WHERE ${STEPPED} AND step_until IS NOT NULL`,
  surveillance_item_patient_due_idx: `surveillance_item (patient_id, due) WHERE ${LIVE}`,
  surveillance_item_wide_due_idx: `surveillance_item (hospital_id, due, id, overdue) WHERE ${LIVE} AND urgent_on IS NOT NULL`,
  clinical_event_unread_idx: `clinical_event (hospital_id, recorded_at, id, patient_id, result_of) WHERE ${UNSEEN}`,
  clinical_event_judge_idx: `clinical_event (hospital_id, recorded_at, id, patient_id) WHERE ${TO_JUDGE}`,
};

const REPLACED = {
  surveillance_item_of_patient_idx: `surveillance_item (patient_id) WHERE ${LIVE}`,
  surveillance_item_step_on_idx: `surveillance_item (hospital_id, step, step_on, id) WHERE step IS NOT NULL`,
  surveillance_item_step_until_idx: `surveillance_item (hospital_id, step, step_until, id) WHERE step_until IS NOT NULL`,
  clinical_event_unseen_idx: `clinical_event (hospital_id, recorded_at, id) WHERE ${UNSEEN}`,
  clinical_event_review_idx: `clinical_event (hospital_id, recorded_at, id) WHERE ${TO_JUDGE}`,
};
