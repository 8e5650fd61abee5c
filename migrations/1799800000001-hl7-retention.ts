import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * How long a hospital keeps HL7 v2 messages, and the blind indexes of the numbers that a message names: an erasure then finds
 * messages that came before the patient was registered. Messages of the previous version have none.
 */
export class Hl7Retention1799800000001 implements MigrationInterface {
  name = 'Hl7Retention1799800000001';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE hl7_settings (
        hospital_id        uuid NOT NULL,
        message_days       integer NOT NULL,
        other_people_days  integer NOT NULL,
        changed_by         text NOT NULL,
        changed_at         timestamptz NOT NULL,
        CONSTRAINT hl7_settings_pkey PRIMARY KEY (hospital_id)
      );
      CALL bind_to_hospital('hl7_settings');
      ALTER TABLE hl7_message ADD COLUMN number_keys bytea[] NOT NULL DEFAULT '{}';
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('ALTER TABLE hl7_message DROP COLUMN number_keys; DROP TABLE hl7_settings');
  }
}
