import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who owns what of a patient beside the responsible nurse, and who stands in for whom. */
export class OwnersAndHandovers1798910000000 implements MigrationInterface {
  name = 'OwnersAndHandovers1798910000000';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE patient_owner (
        hospital_id  uuid NOT NULL,
        patient_id   uuid NOT NULL,
        activity     text NOT NULL, -- empty: all activities without an owner of their own
        duty         text NOT NULL CONSTRAINT patient_owner_duty CHECK (duty IN ('orders', 'books', 'reads')),
        person_id    uuid NOT NULL,
        author       text NOT NULL,
        assigned_at  timestamptz NOT NULL DEFAULT program_now(),
        PRIMARY KEY (hospital_id, patient_id, activity, duty),
        CONSTRAINT patient_owner_patient_fkey FOREIGN KEY (hospital_id, patient_id) REFERENCES patient (hospital_id, id),
        CONSTRAINT patient_owner_person FOREIGN KEY (hospital_id, person_id) REFERENCES person (hospital_id, id)
      );
      CREATE INDEX patient_owner_person_idx ON patient_owner (hospital_id, person_id);
      CALL bind_to_hospital('patient_owner');
      GRANT DELETE ON patient_owner TO nedwatch_app;
      CREATE POLICY reach ON patient_owner AS RESTRICTIVE TO nedwatch_app
        USING (NOT reach_is_limited() OR EXISTS (SELECT FROM patient p WHERE p.id = patient_id));

      CREATE TABLE handover (
        id            uuid PRIMARY KEY,
        hospital_id   uuid NOT NULL,
        from_person   uuid NOT NULL,
        to_person     uuid NOT NULL,
        first_day     date NOT NULL,
        last_day      date NOT NULL,
        all_patients  boolean NOT NULL,
        author        text NOT NULL,
        created_at    timestamptz NOT NULL DEFAULT program_now(),
        cancelled_at  timestamptz,
        cancelled_by  text,
        CONSTRAINT handover_hospital UNIQUE (hospital_id, id),
        CONSTRAINT handover_from FOREIGN KEY (hospital_id, from_person) REFERENCES person (hospital_id, id),
        CONSTRAINT handover_to FOREIGN KEY (hospital_id, to_person) REFERENCES person (hospital_id, id),
        CONSTRAINT handover_two_people CHECK (from_person <> to_person),
        CONSTRAINT handover_days CHECK (first_day <= last_day),
        CONSTRAINT handover_cancelled CHECK ((cancelled_at IS NULL) = (cancelled_by IS NULL))
      );
      CREATE INDEX handover_running_idx ON handover (hospital_id, last_day) WHERE cancelled_at IS NULL;
      CREATE INDEX handover_from_idx ON handover (hospital_id, from_person);
      CREATE INDEX handover_to_idx ON handover (hospital_id, to_person);
      CALL bind_to_hospital('handover');

      CREATE TABLE handover_patient (
        hospital_id  uuid NOT NULL,
        handover_id  uuid NOT NULL,
        patient_id   uuid NOT NULL,
        PRIMARY KEY (hospital_id, handover_id, patient_id),
        CONSTRAINT handover_patient_handover_fkey FOREIGN KEY (hospital_id, handover_id) REFERENCES handover (hospital_id, id),
        CONSTRAINT handover_patient_patient_fkey FOREIGN KEY (hospital_id, patient_id) REFERENCES patient (hospital_id, id)
      );
      CREATE INDEX handover_patient_patient_idx ON handover_patient (hospital_id, patient_id);
      CALL bind_to_hospital('handover_patient');
      CREATE POLICY reach ON handover_patient AS RESTRICTIVE TO nedwatch_app
        USING (NOT reach_is_limited() OR EXISTS (SELECT FROM patient p WHERE p.id = patient_id));
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('DROP TABLE handover_patient, handover, patient_owner');
  }
}
