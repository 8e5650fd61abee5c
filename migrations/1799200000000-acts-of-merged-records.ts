import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Items are taken off appointments, the history of an item says what a merge of two records gave it, and a relative of a
 * merged record is called for the record that stays.
 */
export class ActsOfMergedRecords1799200000000 implements MigrationInterface {
  name = 'ActsOfMergedRecords1799200000000';

  async up(db: QueryRunner): Promise<void> {
    // NOT VALID: every stored row satisfies the narrower conditions, and need not be read.
    await db.query(`
      GRANT DELETE ON appointment_item TO nedwatch_app;
      ALTER TABLE item_step
        DROP CONSTRAINT item_step_kind,
        ADD CONSTRAINT item_step_kind CHECK (step IN (${[...KINDS, 'merge'].map((kind) => `'${kind}'`).join(', ')})) NOT VALID;
      ALTER TABLE patient_relative ADD CONSTRAINT patient_relative_hospital UNIQUE (hospital_id, id);
      ALTER TABLE contact
        DROP CONSTRAINT contact_relative_fkey,
        ADD CONSTRAINT contact_relative_fkey FOREIGN KEY (hospital_id, relative_id)
          REFERENCES patient_relative (hospital_id, id) NOT VALID;
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      REVOKE DELETE ON appointment_item FROM nedwatch_app;
      ALTER TABLE item_step
        DROP CONSTRAINT item_step_kind,
        ADD CONSTRAINT item_step_kind CHECK (step IN (${KINDS.map((kind) => `'${kind}'`).join(', ')})) NOT VALID;
      ALTER TABLE contact
        DROP CONSTRAINT contact_relative_fkey,
        ADD CONSTRAINT contact_relative_fkey FOREIGN KEY (hospital_id, patient_id, relative_id)
          REFERENCES patient_relative (hospital_id, patient_id, id) NOT VALID;
      ALTER TABLE patient_relative DROP CONSTRAINT patient_relative_hospital;
    `);
  }
}

const KINDS = [
  ...[
    'book',
    'move',
    'attend',
    'not_attend',
    'cancel_appointment',
    'defer',
    'decline',
    'contraindicate',
    'reopen',
  ],
  'complete',
];
