import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What happened to plans and items, in one order for each hospital, and the messages that tell of it. */
export class SurveillanceEvents1796205600000 implements MigrationInterface {
  name = 'SurveillanceEvents1796205600000';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE surveillance_event (
        id           uuid PRIMARY KEY,
        hospital_id  uuid NOT NULL,
        type         text NOT NULL CONSTRAINT surveillance_event_type CHECK (type IN (
          'surveillance.item.upcoming', 'surveillance.item.due', 'surveillance.item.overdue',
          'surveillance.item.completed', 'surveillance.item.rescheduled', 'surveillance.item.cancelled',
          'surveillance.plan.changed')),
        patient_id   uuid NOT NULL,
        item_id      uuid,
        reminder_id  uuid,
        data         jsonb NOT NULL,
        ordinal      bigint GENERATED ALWAYS AS IDENTITY,
        position     bigint,
        occurred_at  timestamptz NOT NULL DEFAULT program_now(),
        CONSTRAINT surveillance_event_hospital UNIQUE (hospital_id, id),
        CONSTRAINT surveillance_event_position UNIQUE (hospital_id, position),
        CONSTRAINT surveillance_event_once UNIQUE (hospital_id, reminder_id),
        CONSTRAINT surveillance_event_patient_fkey FOREIGN KEY (hospital_id, patient_id) REFERENCES patient (hospital_id, id),
        CONSTRAINT surveillance_event_item_fkey FOREIGN KEY (hospital_id, item_id) REFERENCES surveillance_item (hospital_id, id),
        CONSTRAINT surveillance_event_reminder_fkey FOREIGN KEY (hospital_id, reminder_id) REFERENCES reminder (hospital_id, id)
      );
      CREATE INDEX surveillance_event_waiting_idx ON surveillance_event (hospital_id, ordinal) WHERE position IS NULL;
      CREATE INDEX surveillance_event_patient_idx ON surveillance_event (hospital_id, patient_id);
      CALL bind_to_hospital('surveillance_event');
      CREATE POLICY reach ON surveillance_event AS RESTRICTIVE TO nedwatch_app
        USING (NOT reach_is_limited() OR EXISTS (SELECT FROM patient p WHERE p.id = patient_id));
      CREATE POLICY sweep ON surveillance_event FOR SELECT TO nedwatch_sweep USING (true);
      GRANT SELECT (hospital_id, position) ON surveillance_event TO nedwatch_sweep;

      CREATE TABLE event_feed (
        hospital_id    uuid PRIMARY KEY REFERENCES hospital (id),
        last_position  bigint NOT NULL DEFAULT 0
      );
      CALL bind_to_hospital('event_feed');

      ALTER TABLE delivery
        ADD COLUMN event_id uuid,
        ADD COLUMN acknowledged_at timestamptz,
        ADD CONSTRAINT delivery_event_once UNIQUE (hospital_id, endpoint_id, event_id),
        ADD CONSTRAINT delivery_event_fkey FOREIGN KEY (hospital_id, event_id) REFERENCES surveillance_event (hospital_id, id);
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      DELETE FROM delivery_attempt a USING delivery d WHERE d.id = a.delivery_id AND d.event_id IS NOT NULL;
      DELETE FROM delivery WHERE event_id IS NOT NULL;
      ALTER TABLE delivery DROP COLUMN event_id, DROP COLUMN acknowledged_at;
      DROP TABLE event_feed, surveillance_event;
    `);
  }
}
