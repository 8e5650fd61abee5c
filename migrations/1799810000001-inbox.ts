import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What systems of the hospital sent and the program could not interpret, which appointments they mean, and which messages
 * were taken back.
 */
export class Inbox1799810000001 implements MigrationInterface {
  name = 'Inbox1799810000001';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      ALTER TABLE hl7_message ADD COLUMN voided_at timestamptz, ADD COLUMN voided_by text;

      CREATE TABLE inbox_entry (
        hospital_id  uuid NOT NULL,
        id           uuid NOT NULL,
        kind         text NOT NULL CONSTRAINT inbox_entry_kind CHECK (kind IN ('hl7', 'fhir')),
        subject      text NOT NULL CONSTRAINT inbox_entry_subject CHECK (subject IN ('report', 'event', 'appointment')),
        key          text NOT NULL,
        digest       text NOT NULL,
        patient_id   uuid NOT NULL,
        source_id    uuid NOT NULL,
        activity     text,
        received_at  timestamptz NOT NULL,
        state        text NOT NULL CONSTRAINT inbox_entry_state CHECK (state IN ('open', 'entered', 'dismissed', 'interpreted')),
        closed_at    timestamptz,
        closed_by    text,
        event_id     uuid,
        content      text NOT NULL,
        closing      text NOT NULL,
        CONSTRAINT inbox_entry_pkey PRIMARY KEY (hospital_id, id),
        CONSTRAINT inbox_entry_once UNIQUE (hospital_id, kind, subject, key),
        CONSTRAINT inbox_entry_closed CHECK ((state = 'open') = (closed_at IS NULL) AND (closed_at IS NULL) = (closed_by IS NULL)),
        CONSTRAINT inbox_entry_patient_fkey FOREIGN KEY (hospital_id, patient_id) REFERENCES patient (hospital_id, id)
      );
      CREATE INDEX inbox_entry_patient_idx ON inbox_entry (hospital_id, patient_id);
      CREATE INDEX inbox_entry_source_idx ON inbox_entry (hospital_id, kind, source_id);
      CREATE INDEX inbox_entry_open_idx ON inbox_entry (hospital_id, id) WHERE state = 'open';
      CALL bind_to_hospital('inbox_entry');
      GRANT DELETE ON inbox_entry TO nedwatch_app;
      CREATE POLICY reach ON inbox_entry AS RESTRICTIVE TO nedwatch_app
        USING (NOT reach_is_limited() OR EXISTS (SELECT FROM patient p WHERE p.id = patient_id));

      CREATE TABLE linked_appointment (
        hospital_id     uuid NOT NULL,
        id              uuid NOT NULL,
        sender          text NOT NULL,
        placer_id       text,
        filler_id       text,
        patient_id      uuid NOT NULL,
        appointment_id  uuid,
        sent_at         timestamptz NOT NULL,
        CONSTRAINT linked_appointment_pkey PRIMARY KEY (hospital_id, id),
        CONSTRAINT linked_appointment_named CHECK (placer_id IS NOT NULL OR filler_id IS NOT NULL),
        CONSTRAINT linked_appointment_patient_fkey FOREIGN KEY (hospital_id, patient_id) REFERENCES patient (hospital_id, id)
      );
      CREATE UNIQUE INDEX linked_appointment_filler ON linked_appointment (hospital_id, sender, filler_id) WHERE filler_id IS NOT NULL;
      CREATE INDEX linked_appointment_placer ON linked_appointment (hospital_id, sender, placer_id) WHERE placer_id IS NOT NULL;
      CREATE INDEX linked_appointment_patient_idx ON linked_appointment (hospital_id, patient_id);
      CREATE INDEX linked_appointment_appointment_idx ON linked_appointment (hospital_id, appointment_id);
      CALL bind_to_hospital('linked_appointment');
      GRANT DELETE ON linked_appointment TO nedwatch_app;
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      DROP TABLE linked_appointment; DROP TABLE inbox_entry;
      ALTER TABLE hl7_message DROP COLUMN voided_at, DROP COLUMN voided_by;
    `);
  }
}
