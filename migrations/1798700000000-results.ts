import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Who has seen the result of an exam, and what clinicians judged of it. The version before this one leaves the columns
 * empty: results that it records are not missed as unseen, and its abnormal values are to be judged like all others.
 */
export class Results1798700000000 implements MigrationInterface {
  name = 'Results1798700000000';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      ALTER TABLE clinical_event
        ADD COLUMN judged_at timestamptz,
        ADD COLUMN result_of text,
        ADD COLUMN seen_at timestamptz,
        ADD COLUMN seen_by text,
        ADD COLUMN recorded_by text,
        ADD CONSTRAINT clinical_event_seen CHECK ((seen_at IS NULL) = (seen_by IS NULL)) NOT VALID;
    `);
    await db.query(`
      CREATE TABLE review_outcome (
        id                 uuid PRIMARY KEY,
        hospital_id        uuid NOT NULL REFERENCES hospital,
        patient_id         uuid NOT NULL,
        event_id           uuid NOT NULL,
        judgement          text NOT NULL CONSTRAINT review_outcome_judgement
          CHECK (judgement IN ('no_action', 'repeat_in_weeks', 'mri', 'recurrence', 'ned')),
        note               text,
        author             text NOT NULL,
        judged_at          timestamptz NOT NULL,
        item_id            uuid,
        decision_id        uuid,
        recorded_event_id  uuid,
        undone_at          timestamptz,
        undone_by          text,
        CONSTRAINT review_outcome_patient_fkey FOREIGN KEY (hospital_id, patient_id) REFERENCES patient (hospital_id, id),
        CONSTRAINT review_outcome_event_fkey FOREIGN KEY (hospital_id, event_id) REFERENCES clinical_event (hospital_id, id),
        CONSTRAINT review_outcome_undone CHECK ((undone_at IS NULL) = (undone_by IS NULL))
      );
      CALL bind_to_hospital('review_outcome');
      CREATE POLICY reach ON review_outcome AS RESTRICTIVE TO nedwatch_app
        USING (NOT reach_is_limited() OR EXISTS (SELECT FROM patient p WHERE p.id = patient_id));

      CREATE UNIQUE INDEX review_outcome_in_force ON review_outcome (hospital_id, event_id) WHERE undone_at IS NULL;
      CREATE INDEX review_outcome_judged_idx ON review_outcome (hospital_id, judged_at, id) WHERE undone_at IS NULL;
      CREATE INDEX review_outcome_patient_idx ON review_outcome (hospital_id, patient_id);
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      DROP TABLE review_outcome;
      ALTER TABLE clinical_event DROP COLUMN judged_at, DROP COLUMN result_of, DROP COLUMN seen_at, DROP COLUMN seen_by,
        DROP COLUMN recorded_by;
    `);
  }
}
