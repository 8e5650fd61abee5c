import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * An endpoint can be paused, and its subscription can change. The delivery audit asks for the messages since the last
 * change. An older version sends a paused endpoint one message every half hour, as to a failing one.
 */
export class EndpointSubscription1799770000000 implements MigrationInterface {
  name = 'EndpointSubscription1799770000000';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      ALTER TABLE webhook_endpoint
        ADD COLUMN subscribed_since timestamptz,
        DROP CONSTRAINT webhook_endpoint_held,
        ADD CONSTRAINT webhook_endpoint_held CHECK (held_reason IN ('failing', 'gone', 'unverified', 'paused'));
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      UPDATE webhook_endpoint SET held_reason = NULL WHERE held_reason = 'paused';
      ALTER TABLE webhook_endpoint
        DROP COLUMN subscribed_since,
        DROP CONSTRAINT webhook_endpoint_held,
        ADD CONSTRAINT webhook_endpoint_held CHECK (held_reason IN ('failing', 'gone', 'unverified'));
    `);
  }
}
