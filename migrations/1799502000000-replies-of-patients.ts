import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The patient of a reply, where only one has the number. */
export class RepliesOfPatients1799502000000 implements MigrationInterface {
  name = 'RepliesOfPatients1799502000000';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      ALTER TABLE patient_reply
        ADD COLUMN patient_id uuid,
        ADD CONSTRAINT patient_reply_patient_fkey FOREIGN KEY (hospital_id, patient_id) REFERENCES patient (hospital_id, id);
      CREATE INDEX patient_reply_of_patient_idx ON patient_reply (hospital_id, patient_id) WHERE patient_id IS NOT NULL;
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('ALTER TABLE patient_reply DROP COLUMN patient_id');
  }
}
