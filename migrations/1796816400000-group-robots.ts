import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Endpoints that are group robots (DingTalk, WeCom, Feishu), and endpoints to which so many attempts a minute are made at most.
 * A robot's whole address is a secret: `url` has it sealed, `shown_url` what may be seen of it. A process of an older
 * version can do nothing with it, and fails to send what it claims; it is sent again by a newer one.
 */
export class GroupRobots1796816400000 implements MigrationInterface {
  name = 'GroupRobots1796816400000';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      ALTER TABLE webhook_endpoint
        ADD COLUMN kind text NOT NULL DEFAULT 'webhook'
          CONSTRAINT webhook_endpoint_kind CHECK (kind IN ('webhook', 'dingtalk', 'wecom', 'feishu')),
        ADD COLUMN shown_url text,
        ADD COLUMN rate_limit integer CONSTRAINT webhook_endpoint_rate_limit CHECK (rate_limit BETWEEN 1 AND 6000),
        ADD COLUMN recent_attempts jsonb NOT NULL DEFAULT '[]'
          CONSTRAINT webhook_endpoint_recent_attempts CHECK (jsonb_typeof(recent_attempts) = 'array'),
        ADD CONSTRAINT webhook_endpoint_robot CHECK (kind = 'webhook' OR shown_url IS NOT NULL AND rate_limit IS NOT NULL);
    `);
  }

  /** Without their kind robots would be sent what they cannot read: they are deleted, as DELETE does it. */
  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      UPDATE webhook_endpoint SET deleted_at = program_now() WHERE kind <> 'webhook' AND deleted_at IS NULL;
      UPDATE delivery d SET state = 'cancelled', cancelled_reason = 'endpoint-deleted', next_attempt_at = NULL
        FROM webhook_endpoint e
       WHERE e.hospital_id = d.hospital_id AND e.id = d.endpoint_id AND e.kind <> 'webhook' AND d.state = 'pending';
      ALTER TABLE webhook_endpoint
        DROP CONSTRAINT webhook_endpoint_robot,
        DROP COLUMN recent_attempts, DROP COLUMN rate_limit, DROP COLUMN shown_url, DROP COLUMN kind;
    `);
  }
}
