import type { MigrationInterface, QueryRunner } from 'typeorm';

/** When the reminders of each hospital were last looked for. */
export class SweepTimes1797328800000 implements MigrationInterface {
  name = 'SweepTimes1797328800000';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE reminder_sweep (
        hospital_id  uuid PRIMARY KEY REFERENCES hospital (id),
        swept_at     timestamptz NOT NULL
      );
      CALL bind_to_hospital('reminder_sweep');
      CREATE POLICY sweep ON reminder_sweep FOR SELECT TO nedwatch_sweep USING (true);
      GRANT SELECT (hospital_id, swept_at) ON reminder_sweep TO nedwatch_sweep;
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('DROP TABLE reminder_sweep');
  }
}
