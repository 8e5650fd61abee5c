import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What the lists of open items need to read only the rows that they show. */
export class ListIndexes1798800000000 implements MigrationInterface {
  name = 'ListIndexes1798800000000';

  async up(db: QueryRunner): Promise<void> {
    // A version before this one leaves both columns empty; the trigger keeps `urgent_on` for it.
    await db.query(`
      ALTER TABLE surveillance_item ADD COLUMN urgent_on date, ADD COLUMN overtaken_on date;

      CREATE FUNCTION set_urgent_date() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        NEW.urgent_on := CASE WHEN NEW.overdue > NEW.due + 62 THEN NEW.due + 62 END;
        RETURN NEW;
      END $$;
      CREATE TRIGGER surveillance_item_urgent BEFORE INSERT OR UPDATE OF due, overdue ON surveillance_item FOR EACH ROW
        WHEN (NEW.overdue > NEW.due + 62 OR NEW.urgent_on IS NOT NULL) EXECUTE FUNCTION set_urgent_date();
      UPDATE surveillance_item SET urgent_on = due + 62 WHERE state = 'active' AND overdue > due + 62;
    `);
    // Without the id, PostgreSQL stores the items of one day or patient as one entry: a seventh of the size.
    // The same rule in a form for which PostgreSQL does not read all patients of the hospital beforehand.
    await db.query(reach('coalesce((SELECT true FROM patient p WHERE p.id = patient_id), false)'));
    await db.query(`
      CREATE INDEX surveillance_item_late_idx ON surveillance_item (hospital_id, overdue, patient_id)
        WHERE ${LIVE} AND step IS NULL AND urgent_on IS NULL;
      CREATE INDEX surveillance_item_late_activity_idx ON surveillance_item (hospital_id, activity, overdue)
        WHERE ${LIVE} AND step IS NULL AND urgent_on IS NULL;
      CREATE INDEX surveillance_item_wide_idx ON surveillance_item (hospital_id, urgent_on, patient_id)
        WHERE ${LIVE} AND step IS NULL AND urgent_on IS NOT NULL;
      CREATE INDEX surveillance_item_patient_idx ON surveillance_item (patient_id, coalesce(urgent_on, overdue))
        WHERE ${LIVE};
      CREATE INDEX patient_department_idx ON patient (hospital_id, department) WHERE department IS NOT NULL;
      CREATE INDEX patient_consent_withdrawn_idx ON patient_consent (hospital_id, ordinal)
        WHERE channel = 'webhook' AND decision = 'withdrawn';
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      DROP INDEX patient_consent_withdrawn_idx, patient_department_idx, surveillance_item_patient_idx,
        surveillance_item_wide_idx, surveillance_item_late_activity_idx, surveillance_item_late_idx;
      ${reach('EXISTS (SELECT FROM patient p WHERE p.id = patient_id)')}
      DROP TRIGGER surveillance_item_urgent ON surveillance_item;
      DROP FUNCTION set_urgent_date();
      ALTER TABLE surveillance_item DROP COLUMN urgent_on, DROP COLUMN overtaken_on;
    `);
  }
}

const reach = (sees: string): string => `
  DROP POLICY reach ON surveillance_item;
  CREATE POLICY reach ON surveillance_item AS RESTRICTIVE TO nedwatch_app USING (NOT reach_is_limited() OR ${sees});`;

// A missed item that was marked as such drops out; one whose dates moved since is in again, whoever moved them.
const LIVE = `state = 'active' AND NOT before_enrolment AND (overtaken_on = missed_on) IS NOT TRUE`;
