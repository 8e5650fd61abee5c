import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a hospital decides about the work of its ward, and what has changed on its lists. */
export class WorklistBase1798600000000 implements MigrationInterface {
  name = 'WorklistBase1798600000000';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE worklist_settings (
        hospital_id  uuid PRIMARY KEY REFERENCES hospital,
        settings     jsonb NOT NULL,
        changed_by   text NOT NULL,
        changed_at   timestamptz NOT NULL DEFAULT program_now()
      );
      CALL bind_to_hospital('worklist_settings');

      CREATE TABLE worklist_change (
        id           uuid PRIMARY KEY,
        hospital_id  uuid NOT NULL REFERENCES hospital,
        patient_id   uuid NOT NULL,
        kind         text NOT NULL,
        changed_at   timestamptz NOT NULL DEFAULT program_now(),
        CONSTRAINT worklist_change_patient_fkey FOREIGN KEY (hospital_id, patient_id) REFERENCES patient (hospital_id, id)
      );
      CALL bind_to_hospital('worklist_change');
      CREATE POLICY reach ON worklist_change AS RESTRICTIVE TO nedwatch_app
        USING (NOT reach_is_limited() OR EXISTS (SELECT FROM patient p WHERE p.id = patient_id));
      GRANT DELETE ON worklist_change TO nedwatch_app;
      CREATE INDEX worklist_change_idx ON worklist_change (hospital_id, id);
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('DROP TABLE worklist_change, worklist_settings');
  }
}
