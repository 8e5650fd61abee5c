import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Since when an endpoint has been failing, and whether it is held; what the nightly examination found. */
export class EndpointHealth1796292000000 implements MigrationInterface {
  name = 'EndpointHealth1796292000000';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      ALTER TABLE webhook_endpoint
        ADD COLUMN failing_since timestamptz,
        ADD COLUMN tried_at timestamptz,
        ADD COLUMN held_reason text CONSTRAINT webhook_endpoint_held CHECK (held_reason IN ('failing', 'gone')),
        ADD COLUMN probe_id uuid,
        ADD COLUMN warned_percent integer NOT NULL DEFAULT 0;
      CREATE INDEX delivery_waiting_idx ON delivery (hospital_id, endpoint_id, created_at, id) WHERE state = 'pending';

      CREATE TABLE examination (
        hospital_id  uuid PRIMARY KEY REFERENCES hospital (id),
        made_at      timestamptz NOT NULL,
        violations   jsonb NOT NULL
      );
      CALL bind_to_hospital('examination');
      CREATE POLICY sweep ON examination FOR SELECT TO nedwatch_sweep USING (true);
      GRANT SELECT (hospital_id, made_at, violations) ON examination TO nedwatch_sweep;
      CREATE POLICY sweep ON webhook_endpoint FOR SELECT TO nedwatch_sweep USING (true);
      GRANT SELECT (id, hospital_id, deleted_at, failing_since, held_reason) ON webhook_endpoint TO nedwatch_sweep;
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      DROP TABLE examination;
      DROP INDEX delivery_waiting_idx;
      REVOKE SELECT (id, hospital_id, deleted_at, failing_since, held_reason) ON webhook_endpoint FROM nedwatch_sweep;
      DROP POLICY sweep ON webhook_endpoint;
      ALTER TABLE webhook_endpoint DROP COLUMN failing_since, DROP COLUMN tried_at, DROP COLUMN held_reason,
        DROP COLUMN probe_id, DROP COLUMN warned_percent;
    `);
  }
}
