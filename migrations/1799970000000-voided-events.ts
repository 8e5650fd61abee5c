import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The voided events of a patient, which the history shows, without a look at the events of all patients. The table stays in use
 * while the index is built, which is why no transaction holds it. A restore, which keeps other processes off, runs its migrations
 * in one transaction.
 */
export class VoidedEvents1799970000000 implements MigrationInterface {
  name = 'VoidedEvents1799970000000';
  readonly transaction = false;

  async up(db: QueryRunner): Promise<void> {
    const online = db.isTransactionActive ? '' : 'CONCURRENTLY';
    // A migration that was cut off leaves an incomplete index behind.
    await db.query(`DROP INDEX ${online} IF EXISTS clinical_event_voided_idx`);
    await db.query(
      `CREATE INDEX ${online} clinical_event_voided_idx ON clinical_event (hospital_id, patient_id, recorded_at, id)
        WHERE voided_at IS NOT NULL`,
    );
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('DROP INDEX clinical_event_voided_idx');
  }
}
