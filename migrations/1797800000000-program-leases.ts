import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Which processes run on this database. In a schema of its own: a backup holds what is in `public`, and the processes
 * of another day are no part of it. A version older than this holds a session lock instead, which is respected.
 */
export class ProgramLeases1797800000000 implements MigrationInterface {
  name = 'ProgramLeases1797800000000';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE SCHEMA nedwatch_runtime;
      CREATE TABLE nedwatch_runtime.program_lease (
        id         uuid CONSTRAINT program_lease_key PRIMARY KEY,
        holder     text NOT NULL,
        renewals   integer NOT NULL DEFAULT 0,
        expires_at timestamptz NOT NULL
      );
      GRANT USAGE ON SCHEMA nedwatch_runtime TO nedwatch_app;
      GRANT SELECT, INSERT, UPDATE, DELETE ON nedwatch_runtime.program_lease TO nedwatch_app;
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('DROP TABLE nedwatch_runtime.program_lease; DROP SCHEMA nedwatch_runtime');
  }
}
