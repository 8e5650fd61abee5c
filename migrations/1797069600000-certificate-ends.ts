import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * When the certificate ends that an endpoint is shown, so that somebody is warned before. The certificate itself is sealed:
 * of one that is there already it is known once it is given anew.
 */
export class CertificateEnds1797069600000 implements MigrationInterface {
  name = 'CertificateEnds1797069600000';

  async up(db: QueryRunner): Promise<void> {
    await db.query(
      'ALTER TABLE webhook_endpoint ADD COLUMN certificate_until timestamptz, ADD COLUMN certificate_warned_days integer',
    );
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(
      'ALTER TABLE webhook_endpoint DROP COLUMN certificate_until, DROP COLUMN certificate_warned_days',
    );
  }
}
