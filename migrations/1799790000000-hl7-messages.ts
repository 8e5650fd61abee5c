import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Every HL7 v2 message that a hospital's systems sent, and which recorded facts their reports became. */
export class Hl7Messages1799790000000 implements MigrationInterface {
  name = 'Hl7Messages1799790000000';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE hl7_message (
        hospital_id   uuid NOT NULL,
        id            uuid NOT NULL,
        sender        text NOT NULL,
        control_id    text NOT NULL,
        digest        text NOT NULL,
        type          text NOT NULL,
        event         text NOT NULL,
        received_by   text NOT NULL CONSTRAINT hl7_message_received_by CHECK (received_by IN ('http', 'mllp')),
        caller_name   text NOT NULL,
        received_at   timestamptz NOT NULL,
        processed_at  timestamptz NOT NULL,
        outcome       text NOT NULL CONSTRAINT hl7_message_outcome CHECK (outcome IN ('applied', 'noted', 'refused')),
        patient_id    uuid,
        patient_ids   uuid[] NOT NULL,
        event_ids     uuid[] NOT NULL,
        detail        text NOT NULL,
        content       text NOT NULL,
        CONSTRAINT hl7_message_pkey PRIMARY KEY (hospital_id, id),
        CONSTRAINT hl7_message_patient_fkey FOREIGN KEY (hospital_id, patient_id) REFERENCES patient (hospital_id, id),
        CONSTRAINT hl7_message_sent_once UNIQUE (hospital_id, sender, control_id)
      );
      CREATE INDEX hl7_message_patients_idx ON hl7_message USING gin (patient_ids);
      CREATE INDEX hl7_message_patient_idx ON hl7_message (hospital_id, patient_id);
      CALL bind_to_hospital('hl7_message');
      GRANT DELETE ON hl7_message TO nedwatch_app;

      CREATE TABLE reported_exam (
        hospital_id  uuid NOT NULL,
        id           uuid NOT NULL,
        report       text NOT NULL,
        activity     text NOT NULL,
        patient_id   uuid NOT NULL,
        event_id     uuid,
        reported_at  text NOT NULL,
        message_id   uuid NOT NULL,
        CONSTRAINT reported_exam_pkey PRIMARY KEY (hospital_id, id),
        CONSTRAINT reported_exam_once UNIQUE (hospital_id, report, activity),
        CONSTRAINT reported_exam_patient_fkey FOREIGN KEY (hospital_id, patient_id) REFERENCES patient (hospital_id, id)
      );
      CREATE INDEX reported_exam_patient_idx ON reported_exam (hospital_id, patient_id);
      CALL bind_to_hospital('reported_exam');
      GRANT DELETE ON reported_exam TO nedwatch_app;
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('DROP TABLE reported_exam; DROP TABLE hl7_message');
  }
}
