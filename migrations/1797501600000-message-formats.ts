import type { MigrationInterface, QueryRunner } from 'typeorm';

/** In which form an endpoint is told. Those that are there are told as before; a version older than this tells all in JSON. */
export class MessageFormats1797501600000 implements MigrationInterface {
  name = 'MessageFormats1797501600000';

  async up(db: QueryRunner): Promise<void> {
    await db.query(
      `ALTER TABLE webhook_endpoint
         ADD COLUMN format text NOT NULL DEFAULT 'json',
         ADD CONSTRAINT webhook_endpoint_format CHECK (format IN ('json', 'fhir-r4', 'hl7-v2')),
         ADD CONSTRAINT webhook_endpoint_format_encrypted CHECK (format = 'json' OR payload <> 'encrypted')`,
    );
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('ALTER TABLE webhook_endpoint DROP COLUMN format');
  }
}
