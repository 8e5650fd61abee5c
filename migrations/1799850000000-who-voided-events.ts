import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The name of the person or key that voided an event. The version before this one leaves it empty. */
export class WhoVoidedEvents1799850000000 implements MigrationInterface {
  name = 'WhoVoidedEvents1799850000000';

  async up(db: QueryRunner): Promise<void> {
    await db.query('ALTER TABLE clinical_event ADD COLUMN voided_by text');
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('ALTER TABLE clinical_event DROP COLUMN voided_by');
  }
}
