import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What the codes of a hospital mean, and which version of it messages are read by. A stored version never changes. */
export class Mappings1799810000000 implements MigrationInterface {
  name = 'Mappings1799810000000';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE stored_mapping (
        hospital_id  uuid NOT NULL REFERENCES hospital,
        id           text NOT NULL,
        version      text NOT NULL,
        digest       text NOT NULL CONSTRAINT stored_mapping_digest CHECK (digest ~ '^[0-9a-f]{64}$'),
        content      json NOT NULL,
        uploaded_by  text NOT NULL,
        uploaded_at  timestamptz NOT NULL,
        PRIMARY KEY (hospital_id, id, version)
      );
      CALL bind_to_hospital('stored_mapping');
      REVOKE UPDATE ON stored_mapping FROM nedwatch_app;

      CREATE TABLE mapping_in_force (
        hospital_id  uuid PRIMARY KEY REFERENCES hospital,
        id           text NOT NULL,
        version      text NOT NULL,
        selected_by  text NOT NULL,
        selected_at  timestamptz NOT NULL,
        CONSTRAINT mapping_in_force_fkey FOREIGN KEY (hospital_id, id, version) REFERENCES stored_mapping
      );
      CALL bind_to_hospital('mapping_in_force');
      GRANT DELETE ON mapping_in_force TO nedwatch_app;
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('DROP TABLE mapping_in_force; DROP TABLE stored_mapping');
  }
}
