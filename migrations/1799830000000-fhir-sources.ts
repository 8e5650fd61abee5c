import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Which resource of another system became which record, so that a repeated one changes nothing and a correction replaces it. */
export class FhirSources1799830000000 implements MigrationInterface {
  name = 'FhirSources1799830000000';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE fhir_source (
        hospital_id     uuid NOT NULL,
        id              uuid NOT NULL,
        resource_type   text NOT NULL,
        source          text NOT NULL,
        resource_id     text NOT NULL,
        current_id      text NOT NULL,
        patient_id      uuid NOT NULL,
        event_id        uuid,
        appointment_id  uuid,
        digest          text NOT NULL,
        reported_at     text NOT NULL,
        message_id      uuid NOT NULL,
        updated_at      timestamptz NOT NULL,
        CONSTRAINT fhir_source_pkey PRIMARY KEY (hospital_id, id),
        CONSTRAINT fhir_source_once UNIQUE (hospital_id, resource_type, source),
        CONSTRAINT fhir_source_patient_fkey FOREIGN KEY (hospital_id, patient_id) REFERENCES patient (hospital_id, id)
      );
      CREATE INDEX fhir_source_resource_idx ON fhir_source (hospital_id, resource_type, resource_id);
      CREATE INDEX fhir_source_current_idx ON fhir_source (hospital_id, resource_type, current_id);
      CREATE INDEX fhir_source_patient_idx ON fhir_source (hospital_id, patient_id);
      CREATE INDEX fhir_source_event_idx ON fhir_source (hospital_id, event_id);
      CALL bind_to_hospital('fhir_source');
      GRANT DELETE ON fhir_source TO nedwatch_app;
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('DROP TABLE fhir_source');
  }
}
