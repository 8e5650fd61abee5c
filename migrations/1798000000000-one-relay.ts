import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The relay makes every delivery. A mark says since when a reminder's event, or a consent, waits for the relay. The previous
 * version makes the deliveries of its reminders itself and sets no mark; it gives positions and leaves the marks alone.
 */
export class OneRelay1798000000000 implements MigrationInterface {
  name = 'OneRelay1798000000000';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      ALTER TABLE surveillance_event ADD COLUMN awaiting_relay_since timestamptz;
      CREATE INDEX surveillance_event_relay_idx ON surveillance_event (hospital_id, ordinal)
        WHERE position IS NULL OR awaiting_relay_since IS NOT NULL;
      GRANT SELECT (awaiting_relay_since) ON surveillance_event TO nedwatch_sweep;

      ALTER TABLE patient_consent ADD COLUMN awaiting_relay_since timestamptz;
      CREATE INDEX patient_consent_relay_idx ON patient_consent (hospital_id, ordinal) WHERE awaiting_relay_since IS NOT NULL;
      GRANT UPDATE (awaiting_relay_since) ON patient_consent TO nedwatch_app;
      CREATE POLICY sweep ON patient_consent FOR SELECT TO nedwatch_sweep USING (true);
      GRANT SELECT (hospital_id, awaiting_relay_since) ON patient_consent TO nedwatch_sweep;
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      DROP POLICY sweep ON patient_consent;
      REVOKE SELECT (hospital_id) ON patient_consent FROM nedwatch_sweep;
      ALTER TABLE patient_consent DROP COLUMN awaiting_relay_since;
      DROP INDEX surveillance_event_relay_idx;
      ALTER TABLE surveillance_event DROP COLUMN awaiting_relay_since;
    `);
  }
}
