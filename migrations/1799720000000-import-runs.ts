import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How far each import of a hospital is, and what became of it. */
export class ImportRuns1799720000000 implements MigrationInterface {
  name = 'ImportRuns1799720000000';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE import_run (
        hospital_id  uuid NOT NULL,
        id           uuid NOT NULL,
        kind         text NOT NULL CONSTRAINT import_run_kind CHECK (kind IN ('roster', 'events')),
        dry_run      boolean NOT NULL,
        caller_id    text NOT NULL,
        started_by   text NOT NULL,
        started_at   timestamptz NOT NULL,
        phase        text NOT NULL CONSTRAINT import_run_phase CHECK (phase IN ('checking', 'writing', 'planning')),
        done         integer NOT NULL,
        total        integer NOT NULL,
        changed_at   timestamptz NOT NULL,
        outcome      text CONSTRAINT import_run_outcome CHECK (outcome IN ('written', 'checked', 'refused', 'failed')),
        CONSTRAINT import_run_pkey PRIMARY KEY (hospital_id, id)
      );
      CREATE INDEX import_run_start_idx ON import_run (hospital_id, started_at);
      CALL bind_to_hospital('import_run');
      GRANT DELETE ON import_run TO nedwatch_app;
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('DROP TABLE import_run');
  }
}
