import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What is due is looked for by endpoint. */
export class DueEndpoints1796810400000 implements MigrationInterface {
  name = 'DueEndpoints1796810400000';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      GRANT SELECT (endpoint_id) ON delivery TO nedwatch_sweep;
      CREATE INDEX delivery_due_idx ON delivery (hospital_id, endpoint_id, next_attempt_at, id) WHERE state = 'pending';
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      DROP INDEX delivery_due_idx;
      REVOKE SELECT (endpoint_id) ON delivery FROM nedwatch_sweep;
    `);
  }
}
