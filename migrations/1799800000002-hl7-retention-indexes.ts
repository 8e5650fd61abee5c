import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Indexes by which old messages are found, instead of one that had no use. The table stays in use while the indexes are built, which is why no transaction holds it. A
 * restore, which keeps other processes off, runs its migrations in one transaction.
 */
export class Hl7RetentionIndexes1799800000002 implements MigrationInterface {
  name = 'Hl7RetentionIndexes1799800000002';
  readonly transaction = false;

  async up(db: QueryRunner): Promise<void> {
    const online = db.isTransactionActive ? '' : 'CONCURRENTLY';
    for (const [name, definition] of Object.entries(INDEXES)) {
      // A migration that was cut off leaves an incomplete index behind.
      await db.query(`DROP INDEX ${online} IF EXISTS ${name}`);
      await db.query(`CREATE INDEX ${online} ${name} ON ${definition}`);
    }
    // Row security keeps its operator from using it: a cost of each message without a use.
    await db.query(`DROP INDEX ${online} IF EXISTS hl7_message_patients_idx`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(
      'CREATE INDEX IF NOT EXISTS hl7_message_patients_idx ON hl7_message USING gin (patient_ids)',
    );
    await db.query(`DROP INDEX ${Object.keys(INDEXES).join(', ')}`);
  }
}

const INDEXES = {
  hl7_message_received_idx: 'hl7_message (hospital_id, received_at)',
  hl7_message_other_people_idx:
    "hl7_message (hospital_id, received_at) WHERE patient_id IS NULL AND outcome = 'noted'",
};
