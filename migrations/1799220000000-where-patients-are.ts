import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Ward, treatment group and distance of a patient, by which lists are filtered. The table stays in use while the indexes are
 * built, which is why no transaction holds it. A restore, which keeps other processes off, runs its migrations in one
 * transaction. A version before this one leaves the columns empty.
 */
export class WherePatientsAre1799220000000 implements MigrationInterface {
  name = 'WherePatientsAre1799220000000';
  readonly transaction = false;

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      ALTER TABLE patient ADD COLUMN IF NOT EXISTS ward text, ADD COLUMN IF NOT EXISTS care_group text,
        ADD COLUMN IF NOT EXISTS distance_km integer CHECK (distance_km BETWEEN 0 AND 20000)`);
    const online = db.isTransactionActive ? '' : 'CONCURRENTLY';
    for (const [name, definition] of Object.entries(INDEXES)) {
      // A migration that was cut off leaves an incomplete index behind.
      await db.query(`DROP INDEX ${online} IF EXISTS ${name}`);
      await db.query(`CREATE INDEX ${online} ${name} ON patient ${definition}`);
    }
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`DROP INDEX ${Object.keys(INDEXES).join(', ')}`);
    await db.query('ALTER TABLE patient DROP COLUMN ward, DROP COLUMN care_group, DROP COLUMN distance_km');
  }
}

const INDEXES = {
  patient_ward_idx: '(hospital_id, ward) WHERE ward IS NOT NULL',
  patient_care_group_idx: '(hospital_id, care_group) WHERE care_group IS NOT NULL',
  patient_distance_idx: '(hospital_id, distance_km) WHERE distance_km IS NOT NULL',
};
