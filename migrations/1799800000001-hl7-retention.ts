import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * How long a hospital keeps HL7 v2 messages; the look-up of a message that is sent again, in one statement; and the blind indexes of the numbers that a message names: an erasure then finds
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
      -- Each statement of the function sees what was committed while the lock was awaited.
      CREATE FUNCTION same_hl7_message(lock_of text, hospital uuid, sent_by text, control text)
        RETURNS TABLE (id uuid, digest text, outcome text, detail text) LANGUAGE plpgsql VOLATILE AS $$
      BEGIN
        PERFORM pg_advisory_xact_lock(hashtextextended('hl7 ' || lock_of, 0));
        RETURN QUERY SELECT m.id, m.digest, m.outcome, m.detail FROM hl7_message m
                      WHERE m.hospital_id = hospital AND m.sender = sent_by AND m.control_id = control;
      END $$;
      ALTER TABLE hl7_message ADD COLUMN number_keys bytea[] NOT NULL DEFAULT '{}';
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      DROP FUNCTION same_hl7_message(text, uuid, text, text);
      ALTER TABLE hl7_message DROP COLUMN number_keys;
      DROP TABLE hl7_settings`);
  }
}
