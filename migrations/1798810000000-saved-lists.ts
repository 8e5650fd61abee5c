import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Queries of lists that people keep, and who works on which patient at this moment. */
export class SavedLists1798810000000 implements MigrationInterface {
  name = 'SavedLists1798810000000';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE saved_list (
        id           uuid PRIMARY KEY,
        hospital_id  uuid NOT NULL REFERENCES hospital,
        owner_kind   text NOT NULL,
        owner_id     text NOT NULL,
        author       text NOT NULL,
        name         text NOT NULL,
        query        jsonb NOT NULL,
        shared       boolean NOT NULL,
        saved_at     timestamptz NOT NULL DEFAULT program_now()
      );
      CALL bind_to_hospital('saved_list');
      GRANT DELETE ON saved_list TO nedwatch_app;
      CREATE INDEX saved_list_idx ON saved_list (hospital_id, name, id);

      CREATE TABLE patient_presence (
        hospital_id  uuid NOT NULL,
        patient_id   uuid NOT NULL,
        caller_id    text NOT NULL,
        name         text NOT NULL,
        until        timestamptz NOT NULL,
        PRIMARY KEY (hospital_id, patient_id, caller_id),
        CONSTRAINT patient_presence_patient_fkey FOREIGN KEY (hospital_id, patient_id) REFERENCES patient (hospital_id, id)
      );
      CALL bind_to_hospital('patient_presence');
      GRANT DELETE ON patient_presence TO nedwatch_app;
      CREATE POLICY reach ON patient_presence AS RESTRICTIVE TO nedwatch_app
        USING (NOT reach_is_limited() OR EXISTS (SELECT FROM patient p WHERE p.id = patient_id));
      CREATE INDEX patient_presence_until_idx ON patient_presence (hospital_id, until);
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('DROP TABLE patient_presence, saved_list');
  }
}
