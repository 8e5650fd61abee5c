import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What the statistics of a period are read by. The tables stay in use while the indexes are built, which is why no transaction
 * holds them. A restore, which keeps other processes off, runs its migrations in one transaction.
 */
export class StatisticsIndexes1799600010000 implements MigrationInterface {
  name = 'StatisticsIndexes1799600010000';
  readonly transaction = false;

  async up(db: QueryRunner): Promise<void> {
    const online = db.isTransactionActive ? '' : 'CONCURRENTLY';
    for (const [name, definition] of Object.entries(INDEXES)) {
      // A migration that was cut off leaves an incomplete index behind.
      await db.query(`DROP INDEX ${online} IF EXISTS ${name}`);
      await db.query(`CREATE INDEX ${online} ${name} ON ${definition}`);
    }
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`DROP INDEX ${Object.keys(INDEXES).join(', ')}`);
  }
}

const INDEXES = {
  clinical_event_day_idx: `clinical_event (hospital_id, date) WHERE voided_at IS NULL`,
  contact_day_idx: `contact (hospital_id, contacted_on) WHERE voided_at IS NULL`,
  appointment_day_idx: `appointment (hospital_id, date)`,
};
