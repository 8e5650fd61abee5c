import type { MigrationInterface, QueryRunner } from 'typeorm';

/** When the certificate ends that an endpoint's server shows, so that somebody is warned before: it is known with the next attempt. */
export class ReceiverCertificates1797415200000 implements MigrationInterface {
  name = 'ReceiverCertificates1797415200000';

  async up(db: QueryRunner): Promise<void> {
    await db.query(
      `ALTER TABLE webhook_endpoint ADD COLUMN receiver_certificate_until timestamptz,
                                    ADD COLUMN receiver_certificate_warned_days integer`,
    );
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(
      'ALTER TABLE webhook_endpoint DROP COLUMN receiver_certificate_until, DROP COLUMN receiver_certificate_warned_days',
    );
  }
}
