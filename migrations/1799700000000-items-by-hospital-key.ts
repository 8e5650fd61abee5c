import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Each index of the largest table costs space and time at each enrolment. Rows are read within a hospital, and foreign keys
 * name the hospital too, so that the unique key of hospital and id is enough: the primary key, which was the id alone, goes.
 * A primary key of both columns would need a second index, because the foreign keys keep the present one.
 */
export class ItemsByHospitalKey1799700000000 implements MigrationInterface {
  name = 'ItemsByHospitalKey1799700000000';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      ALTER TABLE surveillance_item DROP CONSTRAINT surveillance_item_pkey,
        ALTER COLUMN id SET NOT NULL,
        REPLICA IDENTITY USING INDEX surveillance_item_hospital`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      ALTER TABLE surveillance_item REPLICA IDENTITY DEFAULT,
        ADD CONSTRAINT surveillance_item_pkey PRIMARY KEY (id)`);
  }
}
