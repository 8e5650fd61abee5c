import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What limits need so that they hold for all processes together: which processes serve requests, and the failed
 * attempts of the current minute. The table is not logged: it is empty after a crash of the database, which is no more
 * than a restart of the program did before.
 */
export class SharedLimits1799890000000 implements MigrationInterface {
  name = 'SharedLimits1799890000000';

  async up(db: QueryRunner): Promise<void> {
    // A process of the previous version does not say whether it serves requests, and counts as one that does.
    await db.query(`
      ALTER TABLE nedwatch_runtime.program_lease ADD COLUMN serves boolean NOT NULL DEFAULT true;
      CREATE UNLOGGED TABLE nedwatch_runtime.failed_attempt (
        counted  text CONSTRAINT failed_attempt_key PRIMARY KEY,
        failures integer NOT NULL,
        ends_at  timestamptz NOT NULL
      );
      CREATE INDEX failed_attempt_ended ON nedwatch_runtime.failed_attempt (ends_at);
      GRANT SELECT, INSERT, UPDATE, DELETE ON nedwatch_runtime.failed_attempt TO nedwatch_app;
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      DROP TABLE nedwatch_runtime.failed_attempt;
      ALTER TABLE nedwatch_runtime.program_lease DROP COLUMN serves;
    `);
  }
}
