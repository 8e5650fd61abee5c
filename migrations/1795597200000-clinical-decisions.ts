import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What clinicians decide for one patient where the guideline leaves a choice, or against it. */
export class ClinicalDecisions1795597200000 implements MigrationInterface {
  name = 'ClinicalDecisions1795597200000';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE clinical_decision (
        id             uuid PRIMARY KEY,
        hospital_id    uuid NOT NULL,
        patient_id     uuid NOT NULL,
        kind           text NOT NULL CONSTRAINT clinical_decision_kind
          CHECK (kind IN ('profile', 'liver_imaging', 'interval', 'rule_off', 'added_item', 'assignment')),
        detail         jsonb NOT NULL,
        author         text NOT NULL,
        reason         text NOT NULL,
        decided_at     timestamptz NOT NULL DEFAULT program_now(),
        revoked_at     timestamptz,
        revoked_by     text,
        revoke_reason  text,
        CONSTRAINT clinical_decision_hospital UNIQUE (hospital_id, id),
        CONSTRAINT clinical_decision_patient_fkey FOREIGN KEY (hospital_id, patient_id) REFERENCES patient (hospital_id, id),
        CONSTRAINT clinical_decision_revoked CHECK (
          (revoked_at IS NULL) = (revoked_by IS NULL) AND (revoked_at IS NULL) = (revoke_reason IS NULL))
      );
      CREATE INDEX clinical_decision_patient_idx ON clinical_decision (hospital_id, patient_id);

      ALTER TABLE surveillance_item ADD COLUMN deviates boolean NOT NULL DEFAULT false;
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      ALTER TABLE surveillance_item DROP COLUMN deviates;
      DROP TABLE clinical_decision;
    `);
  }
}
