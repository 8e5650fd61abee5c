import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Attempts to reach patients, the people around them, and for each patient what follows from the attempts. */
export class Contacts1798610000000 implements MigrationInterface {
  name = 'Contacts1798610000000';

  async up(db: QueryRunner): Promise<void> {
    for (const table of [RELATIVES, CONTACTS, STATES]) await db.query(table);
    for (const table of TABLES)
      await db.query(`
        CREATE POLICY reach ON ${table} AS RESTRICTIVE TO nedwatch_app
          USING (NOT reach_is_limited() OR EXISTS (SELECT FROM patient p WHERE p.id = patient_id))
      `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('DROP TABLE patient_contact, contact, patient_relative');
  }
}

const RELATIVES = `
  CREATE TABLE patient_relative (
    id           uuid PRIMARY KEY,
    hospital_id  uuid NOT NULL,
    patient_id   uuid NOT NULL,
    name         text NOT NULL,
    relation     text NOT NULL,
    phone        text,
    note         text,
    rank         integer NOT NULL,
    author       text NOT NULL,
    recorded_at  timestamptz NOT NULL DEFAULT program_now(),
    removed_at   timestamptz,
    removed_by   text,
    CONSTRAINT patient_relative_of_patient UNIQUE (hospital_id, patient_id, id),
    CONSTRAINT patient_relative_removed CHECK ((removed_at IS NULL) = (removed_by IS NULL)),
    CONSTRAINT patient_relative_patient_fkey FOREIGN KEY (hospital_id, patient_id) REFERENCES patient (hospital_id, id)
  );
  CALL bind_to_hospital('patient_relative');
`;

const CONTACTS = `
  CREATE TABLE contact (
    id              uuid PRIMARY KEY,
    hospital_id     uuid NOT NULL,
    patient_id      uuid NOT NULL,
    channel         text NOT NULL,
    outcome         text NOT NULL CONSTRAINT contact_outcome CHECK (outcome IN ('reached', 'sent', 'failed')),
    cause           text,
    confirms_alive  boolean NOT NULL,
    contacted_on    date NOT NULL,
    next_action_on  date,
    relative_id     uuid,
    number          text,
    note            text,
    author          text NOT NULL,
    caller_id       text NOT NULL,
    recorded_at     timestamptz NOT NULL DEFAULT program_now(),
    voided_at       timestamptz,
    voided_by       text,
    void_reason     text,
    CONSTRAINT contact_cause CHECK ((cause IS NOT NULL) = (outcome = 'failed')),
    CONSTRAINT contact_alive CHECK (outcome = 'reached' OR NOT confirms_alive),
    CONSTRAINT contact_voided CHECK ((voided_at IS NULL) = (voided_by IS NULL)),
    CONSTRAINT contact_patient_fkey FOREIGN KEY (hospital_id, patient_id) REFERENCES patient (hospital_id, id),
    CONSTRAINT contact_relative_fkey FOREIGN KEY (hospital_id, patient_id, relative_id)
      REFERENCES patient_relative (hospital_id, patient_id, id)
  );
  CREATE INDEX contact_patient_idx ON contact (hospital_id, patient_id, contacted_on, recorded_at, id);
  CALL bind_to_hospital('contact');
  REVOKE UPDATE ON contact FROM nedwatch_app;
  GRANT UPDATE (number, note, voided_at, voided_by, void_reason) ON contact TO nedwatch_app;
`;

const STATES = `
  CREATE TABLE patient_contact (
    hospital_id       uuid NOT NULL,
    patient_id        uuid NOT NULL,
    tried             integer NOT NULL DEFAULT 0,
    reached           integer NOT NULL DEFAULT 0,
    failed            integer NOT NULL DEFAULT 0,
    since_reached     integer NOT NULL DEFAULT 0,
    last_tried_on     date,
    last_reached_on   date,
    last_called_on    date,
    ladder_step       text,
    rests_until       date,
    next_action_on    date,
    known_alive_on    date,
    lost_proposed_on  date,
    claimed_by        text,
    claimed_until     timestamptz,
    changed_at        timestamptz NOT NULL DEFAULT program_now(),
    CONSTRAINT patient_contact_pkey PRIMARY KEY (hospital_id, patient_id),
    CONSTRAINT patient_contact_claim CHECK ((claimed_by IS NULL) = (claimed_until IS NULL)),
    CONSTRAINT patient_contact_patient_fkey FOREIGN KEY (hospital_id, patient_id) REFERENCES patient (hospital_id, id)
  );
  CREATE INDEX patient_contact_lost_idx ON patient_contact (hospital_id, lost_proposed_on, patient_id)
    WHERE lost_proposed_on IS NOT NULL;
  CREATE INDEX patient_contact_claim_idx ON patient_contact (hospital_id, claimed_by) WHERE claimed_by IS NOT NULL;
  CALL bind_to_hospital('patient_contact');
`;

const TABLES = ['patient_relative', 'contact', 'patient_contact'];
