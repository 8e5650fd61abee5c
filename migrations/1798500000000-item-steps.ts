import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What people have done about an open item, in columns that a version before this one leaves empty. */
export class ItemSteps1798500000000 implements MigrationInterface {
  name = 'ItemSteps1798500000000';

  async up(db: QueryRunner): Promise<void> {
    // NOT VALID: the rows that are there hold no step, and need not be read.
    await db.query(`
      ALTER TABLE surveillance_item
        ADD COLUMN step text,
        ADD COLUMN step_on date,
        ADD COLUMN step_until date,
        ADD COLUMN steps integer,
        ADD CONSTRAINT surveillance_item_step
          CHECK (step IN ('booked', 'attended', 'not_attended', 'deferred', 'declined', 'contraindicated')) NOT VALID,
        ADD CONSTRAINT surveillance_item_step_dates
          CHECK (step IS NOT NULL OR (step_on IS NULL AND step_until IS NULL)) NOT VALID;
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      ALTER TABLE surveillance_item DROP COLUMN step, DROP COLUMN step_on, DROP COLUMN step_until, DROP COLUMN steps;
    `);
  }
}
