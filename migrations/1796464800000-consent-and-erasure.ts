import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Whom messages about a patient may reach, as the patient said; and patients of whom nothing identifying is left. */
export class ConsentAndErasure1796464800000 implements MigrationInterface {
  name = 'ConsentAndErasure1796464800000';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE patient_consent (
        id           uuid PRIMARY KEY,
        hospital_id  uuid NOT NULL,
        patient_id   uuid NOT NULL,
        channel      text NOT NULL CONSTRAINT patient_consent_channel CHECK (channel IN ('webhook', 'phone', 'sms', 'wechat', 'email')),
        decision     text NOT NULL CONSTRAINT patient_consent_decision CHECK (decision IN ('given', 'withdrawn')),
        decided_on   date NOT NULL,
        author       text NOT NULL,
        note         text,
        ordinal      bigint GENERATED ALWAYS AS IDENTITY,
        recorded_at  timestamptz NOT NULL DEFAULT program_now(),
        CONSTRAINT patient_consent_hospital UNIQUE (hospital_id, id),
        CONSTRAINT patient_consent_patient_fkey FOREIGN KEY (hospital_id, patient_id) REFERENCES patient (hospital_id, id)
      );
      CREATE INDEX patient_consent_newest_idx ON patient_consent (hospital_id, patient_id, channel, ordinal DESC) INCLUDE (decision);
      CALL bind_to_hospital('patient_consent');
      REVOKE UPDATE ON patient_consent FROM nedwatch_app;
      GRANT UPDATE (note) ON patient_consent TO nedwatch_app;
      CREATE POLICY reach ON patient_consent AS RESTRICTIVE TO nedwatch_app
        USING (NOT reach_is_limited() OR EXISTS (SELECT FROM patient p WHERE p.id = patient_id));

      ALTER TABLE patient
        ADD COLUMN erased_at timestamptz,
        ADD COLUMN erased_by text,
        ADD COLUMN erasure_ground text CONSTRAINT patient_erasure_ground
          CHECK (erasure_ground IN ('patient_request', 'purpose_ended', 'registered_in_error', 'unlawful')),
        ADD CONSTRAINT patient_erased CHECK ((erased_at IS NULL) = (erasure_ground IS NULL) AND (erased_at IS NULL) = (erased_by IS NULL));
      CREATE INDEX idempotent_answer_age_idx ON idempotent_answer (hospital_id, created_at);
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      DROP INDEX idempotent_answer_age_idx;
      ALTER TABLE patient DROP COLUMN erased_at, DROP COLUMN erased_by, DROP COLUMN erasure_ground;
      DROP TABLE patient_consent;
    `);
  }
}
