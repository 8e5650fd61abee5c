import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Who linked an account to a sign-on provider, so that the link ends when the account gets rights that the linker could
 * not give. Links of an older version name nobody. The index finds the sessions of a person that have not ended.
 */
export class IdentityLinkers1798300000000 implements MigrationInterface {
  name = 'IdentityLinkers1798300000000';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      ALTER TABLE person_identity ADD COLUMN linked_by uuid;
      GRANT DELETE ON person_identity TO nedwatch_app;
      CREATE INDEX session_open_idx ON session (hospital_id, person_id) WHERE ended_at IS NULL;
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      DROP INDEX session_open_idx;
      REVOKE DELETE ON person_identity FROM nedwatch_app;
      ALTER TABLE person_identity DROP COLUMN linked_by;
    `);
  }
}
