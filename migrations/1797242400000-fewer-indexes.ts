import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What is due is looked for by endpoint since `DueEndpoints`: nothing reads this index any more, and each attempt wrote it. */
export class FewerIndexes1797242400000 implements MigrationInterface {
  name = 'FewerIndexes1797242400000';

  async up(db: QueryRunner): Promise<void> {
    await db.query('DROP INDEX delivery_next_attempt_idx');
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(
      `CREATE INDEX delivery_next_attempt_idx ON delivery (next_attempt_at) WHERE state = 'pending'`,
    );
  }
}
