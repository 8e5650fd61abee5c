import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * An act on a result reads the events of its patient alone. The condition on voided events is that of the index
 * `clinical_event_fact`; without it, PostgreSQL read the events of all hospitals for each act. For databases that got the function
 * of `PatientsOfLists1799940000000` before it had this condition, which its filling needs, too.
 */
export class EventsOfPatient1799960000000 implements MigrationInterface {
  name = 'EventsOfPatient1799960000000';

  async up(db: QueryRunner): Promise<void> {
    await db.query(setListsOfPatient('AND e.voided_at IS NULL'));
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(setListsOfPatient(''));
  }
}

/** As `PatientsOfLists1799940000000` says, with a further condition on the events. */
const setListsOfPatient = (condition: string): string => `
  CREATE OR REPLACE FUNCTION set_lists_of_patient(of_hospital uuid, of_patient uuid) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  DECLARE
    listed record;
  BEGIN
    PERFORM FROM patient WHERE hospital_id = of_hospital AND id = of_patient FOR NO KEY UPDATE;
    SELECT coalesce(bool_or(e.result_of IS NOT NULL AND e.seen_at IS NULL AND e.voided_at IS NULL), false) AS unseen,
           coalesce(bool_or(e.to_judge IS NOT NULL AND e.judged_at IS NULL AND e.voided_at IS NULL), false) AS to_judge,
           (SELECT decision = 'withdrawn' FROM patient_consent
             WHERE hospital_id = of_hospital AND patient_id = of_patient AND channel = 'webhook'
             ORDER BY ordinal DESC LIMIT 1) IS TRUE AS withdrawn,
           (SELECT lost_proposed_on FROM patient_contact WHERE hospital_id = of_hospital AND patient_id = of_patient) AS lost_on
      INTO listed FROM clinical_event e WHERE hospital_id = of_hospital AND patient_id = of_patient ${condition};
    UPDATE patient SET has_unseen_result = listed.unseen, has_result_to_judge = listed.to_judge,
           webhook_withdrawn = listed.withdrawn, loss_proposed_on = listed.lost_on
     WHERE hospital_id = of_hospital AND id = of_patient
       AND (has_unseen_result, has_result_to_judge, webhook_withdrawn, loss_proposed_on)
           IS DISTINCT FROM (listed.unseen, listed.to_judge, listed.withdrawn, listed.lost_on);
  END $$`;
