import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What lists of items with a step are read by without the items of other rules, as those of other activities are left out
 * already. The table stays in use while the indexes are built, which is why no transaction holds them. A restore, which keeps
 * other processes off, runs its migrations in one transaction.
 */
export class StepsByRule1799950000000 implements MigrationInterface {
  name = 'StepsByRule1799950000000';
  readonly transaction = false;

  async up(db: QueryRunner): Promise<void> {
    const online = db.isTransactionActive ? '' : 'CONCURRENTLY';
    for (const [name, definition] of Object.entries(INDEXES)) {
      // A migration that was cut off leaves an incomplete index behind.
      await db.query(`DROP INDEX ${online} IF EXISTS ${name}`);
      await db.query(`CREATE INDEX ${online} ${name} ON surveillance_item ${definition}`);
    }
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`DROP INDEX ${Object.keys(INDEXES).join(', ')}`);
  }
}

const STEPPED = `state = 'active' AND step IS NOT NULL`;

const INDEXES = {
  surveillance_item_step_rule_idx: `(hospital_id, step, rule, step_on, patient_id, id) WHERE ${STEPPED}`,
  surveillance_item_return_rule_idx: `(hospital_id, step, rule, step_until, patient_id, id) WHERE ${STEPPED} AND step_until IS NOT NULL`,
};
