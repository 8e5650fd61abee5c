import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The reminders of the last days, of which patients are told. The table stays in use while the index is built, which is why
 * no transaction holds it. A restore, which keeps other processes off, runs its migrations in one transaction.
 */
export class RemindersByTime1799501000000 implements MigrationInterface {
  name = 'RemindersByTime1799501000000';
  readonly transaction = false;

  async up(db: QueryRunner): Promise<void> {
    const online = db.isTransactionActive ? '' : 'CONCURRENTLY';
    // A migration that was cut off leaves an incomplete index behind.
    await db.query(`DROP INDEX ${online} IF EXISTS reminder_created_idx`);
    await db.query(`CREATE INDEX ${online} reminder_created_idx ON reminder (hospital_id, created_at, id)`);
    await db.query(`DROP INDEX ${online} IF EXISTS clinical_event_result_recorded_idx`);
    await db.query(
      `CREATE INDEX ${online} clinical_event_result_recorded_idx ON clinical_event (hospital_id, recorded_at, id)
         WHERE result_of IS NOT NULL`,
    );
    await db.query(`DROP INDEX ${online} IF EXISTS appointment_missed_idx`);
    await db.query(
      `CREATE INDEX ${online} appointment_missed_idx ON appointment (hospital_id, outcome_at, id)
         WHERE outcome = 'not_attended'`,
    );
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(
      'DROP INDEX appointment_missed_idx, clinical_event_result_recorded_idx, reminder_created_idx',
    );
  }
}
