import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Endpoints whose messages are signed with a key of ours alone (ed25519): receivers verify with the public one. */
export class PublicKeys1796724000000 implements MigrationInterface {
  name = 'PublicKeys1796724000000';

  async up(db: QueryRunner): Promise<void> {
    await db.query('ALTER TABLE webhook_endpoint ADD COLUMN public_key text');
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('ALTER TABLE webhook_endpoint DROP COLUMN public_key');
  }
}
