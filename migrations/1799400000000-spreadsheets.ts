import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What the headings of a hospital's spreadsheets mean, and the rows that imports did not take. */
export class Spreadsheets1799400000000 implements MigrationInterface {
  name = 'Spreadsheets1799400000000';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE import_mapping (
        hospital_id  uuid NOT NULL,
        kind         text NOT NULL CONSTRAINT import_mapping_kind CHECK (kind IN ('roster', 'events')),
        form         text NOT NULL CONSTRAINT import_mapping_form CHECK (length(form) BETWEEN 1 AND 500),
        heading      text NOT NULL CONSTRAINT import_mapping_heading CHECK (length(heading) <= 500),
        field        text,
        mapped_by    text NOT NULL,
        mapped_at    timestamptz NOT NULL DEFAULT program_now(),
        CONSTRAINT import_mapping_pkey PRIMARY KEY (hospital_id, kind, form)
      );
      CALL bind_to_hospital('import_mapping');
      GRANT DELETE ON import_mapping TO nedwatch_app;

      CREATE TABLE import_rejection (
        hospital_id  uuid NOT NULL,
        id           uuid NOT NULL,
        kind         text NOT NULL CONSTRAINT import_rejection_kind CHECK (kind IN ('roster', 'events')),
        caller_id    text NOT NULL,
        content      text,
        created_at   timestamptz NOT NULL DEFAULT program_now(),
        CONSTRAINT import_rejection_pkey PRIMARY KEY (hospital_id, id)
      );
      CREATE INDEX import_rejection_age_idx ON import_rejection (hospital_id, created_at);
      CALL bind_to_hospital('import_rejection');
      REVOKE UPDATE ON import_rejection FROM nedwatch_app;
      GRANT UPDATE (content) ON import_rejection TO nedwatch_app;
      GRANT DELETE ON import_rejection TO nedwatch_app;
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('DROP TABLE import_rejection; DROP TABLE import_mapping;');
  }
}
