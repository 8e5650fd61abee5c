import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What else an endpoint may want: certificates and tokens, another form of what it is told, a part of it only, heartbeats,
 * and to be verified first. What is there already has none of it, and an older version passes over what it does not know.
 */
export class EndpointSettings1796983200000 implements MigrationInterface {
  name = 'EndpointSettings1796983200000';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      ALTER TABLE webhook_endpoint
        ADD COLUMN transport text,
        ADD COLUMN payload text NOT NULL DEFAULT 'thin'
          CONSTRAINT webhook_endpoint_payload CHECK (payload IN ('thin', 'full', 'encrypted')),
        ADD COLUMN event_version integer NOT NULL DEFAULT 1,
        ADD COLUMN payload_key text,
        ADD COLUMN payload_key_id uuid,
        ADD COLUMN identity_approved_at timestamptz,
        ADD COLUMN identity_approved_by text,
        ADD COLUMN identity_approval_reason text,
        ADD COLUMN filter jsonb,
        ADD COLUMN heartbeat_minutes integer CONSTRAINT webhook_endpoint_heartbeat CHECK (heartbeat_minutes BETWEEN 1 AND 1440),
        ADD COLUMN heartbeat_at timestamptz,
        ADD CONSTRAINT webhook_endpoint_payload_key CHECK ((payload = 'encrypted') = (payload_key IS NOT NULL AND payload_key_id IS NOT NULL)),
        ADD CONSTRAINT webhook_endpoint_approval CHECK (identity_approved_at IS NULL
          OR (payload <> 'thin' AND identity_approved_by IS NOT NULL AND identity_approval_reason IS NOT NULL)),
        DROP CONSTRAINT webhook_endpoint_held,
        ADD CONSTRAINT webhook_endpoint_held CHECK (held_reason IN ('failing', 'gone', 'unverified'));
      CREATE INDEX delivery_sealed_idx ON delivery (hospital_id) WHERE body LIKE 'sealed:%';
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      DROP INDEX delivery_sealed_idx;
      UPDATE webhook_endpoint SET held_reason = NULL WHERE held_reason = 'unverified';
      ALTER TABLE webhook_endpoint
        DROP CONSTRAINT webhook_endpoint_held,
        ADD CONSTRAINT webhook_endpoint_held CHECK (held_reason IN ('failing', 'gone')),
        DROP CONSTRAINT webhook_endpoint_payload_key,
        DROP CONSTRAINT webhook_endpoint_approval,
        DROP COLUMN transport, DROP COLUMN payload, DROP COLUMN event_version, DROP COLUMN payload_key,
        DROP COLUMN payload_key_id, DROP COLUMN identity_approved_at, DROP COLUMN identity_approved_by,
        DROP COLUMN identity_approval_reason, DROP COLUMN filter, DROP COLUMN heartbeat_minutes, DROP COLUMN heartbeat_at;
    `);
  }
}
