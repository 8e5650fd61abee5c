import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Two records of one person become one, and pairs of records that a person has told apart. */
export class RecordMerges1798900000000 implements MigrationInterface {
  name = 'RecordMerges1798900000000';

  async up(db: QueryRunner): Promise<void> {
    // NOT VALID: no stored row names a record yet, so none has to be read.
    await db.query(`
      ALTER TABLE patient
        ADD COLUMN merged_into uuid,
        ADD CONSTRAINT patient_merged_into_fkey FOREIGN KEY (hospital_id, merged_into) REFERENCES patient (hospital_id, id) NOT VALID,
        ADD CONSTRAINT patient_not_merged_into_itself CHECK (merged_into <> id) NOT VALID;
      CREATE INDEX patient_merged_into_idx ON patient (hospital_id, merged_into) WHERE merged_into IS NOT NULL;
      ALTER TABLE clinical_event ADD COLUMN copied_from uuid;
    `);
    await db.query(`
      CREATE TABLE record_merge (
        id           uuid PRIMARY KEY,
        hospital_id  uuid NOT NULL,
        patient_id   uuid NOT NULL,
        source_id    uuid NOT NULL,
        reason       text NOT NULL,
        author       text NOT NULL,
        merged_at    timestamptz NOT NULL DEFAULT program_now(),
        done         jsonb NOT NULL,
        undone_at    timestamptz,
        undone_by    text,
        undo_reason  text,
        CONSTRAINT record_merge_patient_fkey FOREIGN KEY (hospital_id, patient_id) REFERENCES patient (hospital_id, id),
        CONSTRAINT record_merge_source_fkey FOREIGN KEY (hospital_id, source_id) REFERENCES patient (hospital_id, id),
        CONSTRAINT record_merge_two_records CHECK (patient_id <> source_id),
        CONSTRAINT record_merge_undone CHECK ((undone_at IS NULL) = (undone_by IS NULL))
      );
      CREATE UNIQUE INDEX record_merge_once ON record_merge (hospital_id, source_id) WHERE undone_at IS NULL;
      CREATE INDEX record_merge_patient_idx ON record_merge (hospital_id, patient_id);
      CREATE INDEX record_merge_source_idx ON record_merge (hospital_id, source_id);
      CALL bind_to_hospital('record_merge');
      CREATE POLICY reach ON record_merge AS RESTRICTIVE TO nedwatch_app
        USING (NOT reach_is_limited() OR EXISTS (SELECT FROM patient p WHERE p.id = patient_id));

      CREATE TABLE duplicate_dismissal (
        hospital_id  uuid NOT NULL,
        patient_id   uuid NOT NULL,
        other_id     uuid NOT NULL,
        author       text NOT NULL,
        dismissed_at timestamptz NOT NULL DEFAULT program_now(),
        PRIMARY KEY (hospital_id, patient_id, other_id),
        CONSTRAINT duplicate_dismissal_patient_fkey FOREIGN KEY (hospital_id, patient_id) REFERENCES patient (hospital_id, id),
        CONSTRAINT duplicate_dismissal_other_fkey FOREIGN KEY (hospital_id, other_id) REFERENCES patient (hospital_id, id),
        CONSTRAINT duplicate_dismissal_order CHECK (patient_id < other_id)
      );
      CREATE INDEX duplicate_dismissal_other_idx ON duplicate_dismissal (hospital_id, other_id);
      CALL bind_to_hospital('duplicate_dismissal');
      CREATE POLICY reach ON duplicate_dismissal AS RESTRICTIVE TO nedwatch_app
        USING (NOT reach_is_limited() OR EXISTS (SELECT FROM patient p WHERE p.id = patient_id));
    `);
  }

  /** Fails while a record is merged: an older version would show both. Undo the merges before. */
  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      DROP TABLE duplicate_dismissal, record_merge;
      ALTER TABLE clinical_event DROP COLUMN copied_from;
      ALTER TABLE patient DROP COLUMN merged_into;
    `);
  }
}
