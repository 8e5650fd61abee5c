import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * A patient has one item of a key: by a hash of the key, which takes a third of the room of hospital, patient and key. The
 * table stays in use while the index is built, which is why no transaction holds it. A restore, which keeps other processes
 * off, runs its migrations in one transaction.
 */
export class NarrowItemKey1798400000000 implements MigrationInterface {
  name = 'NarrowItemKey1798400000000';
  readonly transaction = false;

  async up(db: QueryRunner): Promise<void> {
    const online = db.isTransactionActive ? '' : 'CONCURRENTLY';
    // A migration that was cut off leaves an incomplete index behind.
    await db.query(`DROP INDEX ${online} IF EXISTS surveillance_item_key_once`);
    await db.query(
      `CREATE UNIQUE INDEX ${online} surveillance_item_key_once ON surveillance_item (patient_id, hashtextextended(key, 0))`,
    );
    await db.query('ALTER TABLE surveillance_item DROP CONSTRAINT IF EXISTS surveillance_item_key');
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(
      'ALTER TABLE surveillance_item ADD CONSTRAINT surveillance_item_key UNIQUE (hospital_id, patient_id, key)',
    );
    await db.query('DROP INDEX surveillance_item_key_once');
  }
}
