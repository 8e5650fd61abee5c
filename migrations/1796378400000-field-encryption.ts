import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Keys of each hospital, wrapped by the master key; patients found by digests of what identifies them. */
export class FieldEncryption1796378400000 implements MigrationInterface {
  name = 'FieldEncryption1796378400000';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE hospital_key (
        hospital_id  uuid NOT NULL REFERENCES hospital (id),
        number       integer NOT NULL CONSTRAINT hospital_key_number CHECK (number >= 0),
        wrapped      bytea NOT NULL,
        created_at   timestamptz NOT NULL DEFAULT program_now(),
        resealed_at  timestamptz,
        PRIMARY KEY (hospital_id, number)
      );
      CALL bind_to_hospital('hospital_key');
      CREATE POLICY sweep ON hospital_key FOR SELECT TO nedwatch_sweep USING (true);
      GRANT SELECT (hospital_id, number, resealed_at) ON hospital_key TO nedwatch_sweep;

      ALTER TABLE patient ADD COLUMN identity_number text, ADD COLUMN search_terms bytea[];
      CREATE INDEX patient_search_idx ON patient USING gin (search_terms);
    `);
  }

  /** What is sealed stays so, and unreadable to the version before: only the keys' table could open it. */
  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      ALTER TABLE patient DROP COLUMN identity_number, DROP COLUMN search_terms;
      DROP TABLE hospital_key;
    `);
  }
}
