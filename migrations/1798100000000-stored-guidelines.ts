import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Protocol files that a hospital has uploaded. A row never changes and is never deleted: stored plans follow it. */
export class StoredGuidelines1798100000000 implements MigrationInterface {
  name = 'StoredGuidelines1798100000000';

  async up(db: QueryRunner): Promise<void> {
    // json, and not jsonb, keeps the order of fields: events on one day are taken in the order of their declaration.
    await db.query(`
      CREATE TABLE stored_guideline (
        hospital_id  uuid NOT NULL REFERENCES hospital,
        id           text NOT NULL,
        version      text NOT NULL,
        digest       text NOT NULL CONSTRAINT stored_guideline_digest CHECK (digest ~ '^[0-9a-f]{64}$'),
        content      json NOT NULL,
        uploaded_by  text NOT NULL,
        uploaded_at  timestamptz NOT NULL DEFAULT program_now(),
        PRIMARY KEY (hospital_id, id, version)
      );
      CALL bind_to_hospital('stored_guideline');
      REVOKE UPDATE ON stored_guideline FROM nedwatch_app;
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('DROP TABLE stored_guideline');
  }
}
