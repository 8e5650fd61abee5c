import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The lists of results that nobody has seen, and that a clinician has to judge. A migration of its own: while the indexes
 * are built, events can be read, which the lock of the migration before this one does not allow.
 */
export class ResultIndexes1798710000000 implements MigrationInterface {
  name = 'ResultIndexes1798710000000';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE INDEX clinical_event_unseen_idx ON clinical_event (hospital_id, recorded_at, id)
        WHERE result_of IS NOT NULL AND seen_at IS NULL AND voided_at IS NULL;
      CREATE INDEX clinical_event_review_idx ON clinical_event (hospital_id, recorded_at, id)
        WHERE to_judge IS NOT NULL AND judged_at IS NULL AND voided_at IS NULL;
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('DROP INDEX clinical_event_unseen_idx, clinical_event_review_idx');
  }
}
