import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What the lists of undecided intervals and of patients without an owner are read by. The tables stay in use while the
 * indexes are built, which is why no transaction holds them. A restore, which keeps other processes off, runs its
 * migrations in one transaction. A stored plan is drawn again under the next revision of the planner, which fills the column.
 */
export class ListConditions1799000000000 implements MigrationInterface {
  name = 'ListConditions1799000000000';
  readonly transaction = false;

  async up(db: QueryRunner): Promise<void> {
    await db.query('ALTER TABLE patient ADD COLUMN IF NOT EXISTS undecided_since date');
    const online = db.isTransactionActive ? '' : 'CONCURRENTLY';
    for (const [name, definition] of Object.entries(INDEXES)) {
      // A migration that was cut off leaves an incomplete index behind.
      await db.query(`DROP INDEX ${online} IF EXISTS ${name}`);
      await db.query(`CREATE INDEX ${online} ${name} ON patient ${definition}`);
    }
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`DROP INDEX ${Object.keys(INDEXES).join(', ')}`);
    await db.query('ALTER TABLE patient DROP COLUMN undecided_since');
  }
}

const INDEXES = {
  patient_undecided_idx: '(hospital_id, undecided_since, id) WHERE undecided_since IS NOT NULL',
  patient_unowned_idx:
    '(hospital_id, created_at, id) WHERE responsible_person_id IS NULL AND merged_into IS NULL AND erased_at IS NULL',
};
