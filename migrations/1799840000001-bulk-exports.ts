import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Exports of a hospital's FHIR resources, and their content in sealed parts until it is fetched or a day has passed. */
export class BulkExports1799840000001 implements MigrationInterface {
  name = 'BulkExports1799840000001';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE bulk_export (
        hospital_id   uuid NOT NULL REFERENCES hospital,
        id            uuid NOT NULL,
        caller        jsonb NOT NULL,
        caller_id     text NOT NULL,
        request       text NOT NULL,
        types         text[] NOT NULL,
        since         timestamptz,
        started_at    timestamptz NOT NULL,
        state         text NOT NULL CONSTRAINT bulk_export_state CHECK (state IN ('running', 'finished', 'failed')),
        total         integer NOT NULL,
        done          integer NOT NULL,
        done_until    uuid,
        failures      integer NOT NULL,
        retry_at      timestamptz NOT NULL,
        ended_at      timestamptz,
        CONSTRAINT bulk_export_pkey PRIMARY KEY (hospital_id, id)
      );
      CREATE UNIQUE INDEX bulk_export_one_running ON bulk_export (hospital_id) WHERE state = 'running';
      CALL bind_to_hospital('bulk_export');
      GRANT DELETE ON bulk_export TO nedwatch_app;
      CREATE POLICY sweep ON bulk_export FOR SELECT TO nedwatch_sweep USING (true);
      GRANT SELECT (hospital_id, state, retry_at, ended_at) ON bulk_export TO nedwatch_sweep;

      CREATE TABLE bulk_export_part (
        hospital_id  uuid NOT NULL,
        id           uuid NOT NULL,
        export_id    uuid NOT NULL,
        type         text NOT NULL,
        part         integer NOT NULL,
        resources    integer NOT NULL,
        content      text,
        CONSTRAINT bulk_export_part_pkey PRIMARY KEY (hospital_id, id),
        CONSTRAINT bulk_export_part_once UNIQUE (hospital_id, export_id, type, part),
        CONSTRAINT bulk_export_part_export_fkey FOREIGN KEY (hospital_id, export_id)
          REFERENCES bulk_export (hospital_id, id) ON DELETE CASCADE
      );
      CALL bind_to_hospital('bulk_export_part');
      GRANT DELETE ON bulk_export_part TO nedwatch_app;
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('DROP TABLE bulk_export_part; DROP TABLE bulk_export');
  }
}
