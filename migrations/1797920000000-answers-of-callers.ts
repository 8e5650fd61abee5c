import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Whose a kept answer is, under which limits it was given, and which patients it names. Rows of an older version have
 * none of it: they are never answered again, and erasure takes the bodies of all of them.
 */
export class AnswersOfCallers1797920000000 implements MigrationInterface {
  name = 'AnswersOfCallers1797920000000';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      ALTER TABLE idempotent_answer
        ADD COLUMN caller_id uuid,
        ADD COLUMN call text,
        ADD COLUMN limits bytea,
        ADD COLUMN patients uuid[];
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(
      'ALTER TABLE idempotent_answer DROP COLUMN caller_id, DROP COLUMN call, DROP COLUMN limits, DROP COLUMN patients',
    );
  }
}
