import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * How a hospital begins: the link of the start by which its first administrator comes in, and when its set-up was finished.
 * `demonstration_logins`: the people of a demonstration; null: a hospital with patients of its own. A table of its own: a
 * column more in `hospital` would disturb the transactions of the previous version, which enter by a function that
 * returns its rows.
 */
export class FirstRun1799750000000 implements MigrationInterface {
  name = 'FirstRun1799750000000';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE hospital_beginning (
        hospital_id           uuid NOT NULL,
        first_run_hash        bytea,
        first_run_until       timestamptz,
        set_up_at             timestamptz,
        demonstration_logins  text[],
        CONSTRAINT hospital_beginning_pkey PRIMARY KEY (hospital_id)
      );
      CALL bind_to_hospital('hospital_beginning');
      INSERT INTO hospital_beginning (hospital_id, set_up_at)
        SELECT h.id, h.created_at FROM hospital h
         WHERE EXISTS (SELECT FROM person p WHERE p.hospital_id = h.id) OR EXISTS (SELECT FROM patient t WHERE t.hospital_id = h.id);
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('DROP TABLE hospital_beginning');
  }
}
