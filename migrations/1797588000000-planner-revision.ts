import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Which revision of the planner drew up each stored plan, so that a program whose planner was corrected finds the plans of
 * an older one; a version older than this leaves 0. And the dates of other rules for which an item stands.
 */
export class PlannerRevision1797588000000 implements MigrationInterface {
  name = 'PlannerRevision1797588000000';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`ALTER TABLE patient ADD COLUMN planner_revision integer NOT NULL DEFAULT 0`);
    await db.query(`CREATE INDEX patient_planner_revision_idx ON patient (hospital_id, planner_revision)`);
    await db.query(`GRANT SELECT (planner_revision) ON patient TO nedwatch_sweep`);
    await db.query(`ALTER TABLE surveillance_item ADD COLUMN also_for text[] NOT NULL DEFAULT '{}'`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('ALTER TABLE surveillance_item DROP COLUMN also_for');
    await db.query('DROP INDEX patient_planner_revision_idx');
    await db.query('ALTER TABLE patient DROP COLUMN planner_revision');
  }
}
