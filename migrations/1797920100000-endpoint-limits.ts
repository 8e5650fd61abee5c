import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * About which patients an endpoint is told at most, and who made it. An endpoint from before has no limits: it goes on being
 * told of the whole hospital, and nobody is on record as its maker.
 */
export class EndpointLimits1797920100000 implements MigrationInterface {
  name = 'EndpointLimits1797920100000';

  async up(db: QueryRunner): Promise<void> {
    await db.query('ALTER TABLE webhook_endpoint ADD COLUMN reach jsonb, ADD COLUMN created_by text');
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('ALTER TABLE webhook_endpoint DROP COLUMN reach, DROP COLUMN created_by');
  }
}
