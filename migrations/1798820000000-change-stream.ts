import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Changes of the lists are read by their time, which is the database's, and deleted by it. */
export class ChangeStream1798820000000 implements MigrationInterface {
  name = 'ChangeStream1798820000000';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE INDEX worklist_change_time_idx ON worklist_change (hospital_id, changed_at);
      DROP INDEX worklist_change_idx;
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE INDEX worklist_change_idx ON worklist_change (hospital_id, id);
      DROP INDEX worklist_change_time_idx;
    `);
  }
}
