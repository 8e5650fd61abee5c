import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * How a hospital begins: the link of the start by which its first administrator comes in, and when its set-up was finished.
 * `demonstration_logins`: the people of a demonstration; null: a hospital with patients of its own.
 */
export class FirstRun1799750000000 implements MigrationInterface {
  name = 'FirstRun1799750000000';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      ALTER TABLE hospital
        ADD COLUMN first_run_hash bytea,
        ADD COLUMN first_run_until timestamptz,
        ADD COLUMN set_up_at timestamptz,
        ADD COLUMN demonstration_logins text[];
      UPDATE hospital h SET set_up_at = h.created_at
       WHERE EXISTS (SELECT FROM person p WHERE p.hospital_id = h.id) OR EXISTS (SELECT FROM patient t WHERE t.hospital_id = h.id);
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      ALTER TABLE hospital
        DROP COLUMN first_run_hash, DROP COLUMN first_run_until, DROP COLUMN set_up_at, DROP COLUMN demonstration_logins;
    `);
  }
}
