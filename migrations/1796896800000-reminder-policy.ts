import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Reminders that are repeated, escalated and told together. What an older version writes meanwhile has the defaults, and
 * finds its constraints under their names.
 */
export class ReminderPolicy1796896800000 implements MigrationInterface {
  name = 'ReminderPolicy1796896800000';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      ALTER TABLE reminder
        ADD COLUMN escalated_to text CONSTRAINT reminder_escalated_to CHECK (escalated_to IN ('responsible_nurse', 'head_nurse')),
        ADD COLUMN late boolean NOT NULL DEFAULT false,
        ADD COLUMN digest uuid,
        DROP CONSTRAINT reminder_once,
        ADD CONSTRAINT reminder_once UNIQUE (hospital_id, item_id, kind, due, item_revision, remind_on);
      CREATE INDEX reminder_digest_idx ON reminder (hospital_id, digest) WHERE digest IS NOT NULL;
      ALTER TABLE surveillance_event
        DROP CONSTRAINT surveillance_event_type,
        ADD CONSTRAINT surveillance_event_type CHECK (type IN (
          'surveillance.item.upcoming', 'surveillance.item.due', 'surveillance.item.overdue',
          'surveillance.item.completed', 'surveillance.item.rescheduled', 'surveillance.item.cancelled',
          'surveillance.plan.changed', 'surveillance.patient.digest'));
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      ALTER TABLE surveillance_event
        DROP CONSTRAINT surveillance_event_type,
        ADD CONSTRAINT surveillance_event_type CHECK (type IN (
          'surveillance.item.upcoming', 'surveillance.item.due', 'surveillance.item.overdue',
          'surveillance.item.completed', 'surveillance.item.rescheduled', 'surveillance.item.cancelled',
          'surveillance.plan.changed')) NOT VALID;
      DROP INDEX reminder_digest_idx;
      ALTER TABLE reminder
        DROP CONSTRAINT reminder_once,
        DROP COLUMN escalated_to, DROP COLUMN late, DROP COLUMN digest;
      DELETE FROM reminder r USING reminder newer
       WHERE newer.hospital_id = r.hospital_id AND newer.item_id = r.item_id AND newer.kind = r.kind AND newer.due = r.due
         AND newer.item_revision = r.item_revision AND newer.remind_on > r.remind_on
         AND NOT EXISTS (SELECT FROM delivery d WHERE d.hospital_id = r.hospital_id AND d.reminder_id = r.id);
      ALTER TABLE reminder ADD CONSTRAINT reminder_once UNIQUE (hospital_id, item_id, kind, due, item_revision);
    `);
  }
}
