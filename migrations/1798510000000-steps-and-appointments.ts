import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What people do about items, with its history, and the appointments of patients. */
export class StepsAndAppointments1798510000000 implements MigrationInterface {
  name = 'StepsAndAppointments1798510000000';

  async up(db: QueryRunner): Promise<void> {
    await db.query(APPOINTMENTS);
    await db.query(STEPS);
    await db.query(ATTENTION);
    await db.query(LISTS);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      DROP INDEX surveillance_item_step_on_idx, surveillance_item_step_until_idx;
      DROP TRIGGER item_appointment ON surveillance_item;
      DROP FUNCTION mark_appointment();
      DROP TABLE item_step, appointment_item, appointment;
    `);
  }
}

const seenWithPatient = (table: string): string => `
  CALL bind_to_hospital('${table}');
  CREATE POLICY reach ON ${table} AS RESTRICTIVE TO nedwatch_app
    USING (NOT reach_is_limited() OR EXISTS (SELECT FROM patient p WHERE p.id = patient_id));
`;

const APPOINTMENTS = `
  CREATE TABLE appointment (
    id               uuid PRIMARY KEY,
    hospital_id      uuid NOT NULL,
    patient_id       uuid NOT NULL,
    date             date NOT NULL,
    time             text CONSTRAINT appointment_time CHECK (time ~ '^([01][0-9]|2[0-3]):[0-5][0-9]$'),
    half_day         text CONSTRAINT appointment_half_day CHECK (half_day IN ('morning', 'afternoon')),
    place            text,
    room             text,
    note             text,
    reason           text,
    reason_note      text,
    outside_window   boolean NOT NULL,
    version          integer NOT NULL DEFAULT 1,
    moves            integer NOT NULL DEFAULT 0,
    attention_since  timestamptz,
    outcome          text CONSTRAINT appointment_outcome
      CHECK (outcome IN ('attended', 'not_attended', 'cancelled_by_patient', 'cancelled_by_hospital', 'withdrawn')),
    outcome_note     text,
    outcome_by       text,
    outcome_at       timestamptz,
    booked_by        text NOT NULL,
    booked_at        timestamptz NOT NULL DEFAULT program_now(),
    changed_by       text NOT NULL,
    changed_at       timestamptz NOT NULL DEFAULT program_now(),
    CONSTRAINT appointment_hospital UNIQUE (hospital_id, id),
    CONSTRAINT appointment_patient_fkey FOREIGN KEY (hospital_id, patient_id) REFERENCES patient (hospital_id, id),
    CONSTRAINT appointment_when CHECK (time IS NULL OR half_day IS NULL),
    CONSTRAINT appointment_ended CHECK ((outcome IS NULL) = (outcome_at IS NULL) AND (outcome IS NULL) = (outcome_by IS NULL))
  );
  ${seenWithPatient('appointment')}
  CREATE INDEX appointment_patient_idx ON appointment (hospital_id, patient_id, date, id);
  CREATE INDEX appointment_open_idx ON appointment (hospital_id, date, id) WHERE outcome IS NULL;
  CREATE INDEX appointment_attention_idx ON appointment (hospital_id, date, id) WHERE attention_since IS NOT NULL AND outcome IS NULL;

  CREATE TABLE appointment_item (
    hospital_id     uuid NOT NULL,
    appointment_id  uuid NOT NULL,
    item_id         uuid NOT NULL,
    patient_id      uuid NOT NULL,
    outside_window  boolean NOT NULL,
    is_open         boolean NOT NULL DEFAULT true,
    PRIMARY KEY (hospital_id, appointment_id, item_id),
    CONSTRAINT appointment_item_appointment_fkey FOREIGN KEY (hospital_id, appointment_id) REFERENCES appointment (hospital_id, id),
    CONSTRAINT appointment_item_item_fkey FOREIGN KEY (hospital_id, item_id) REFERENCES surveillance_item (hospital_id, id),
    CONSTRAINT appointment_item_patient_fkey FOREIGN KEY (hospital_id, patient_id) REFERENCES patient (hospital_id, id)
  );
  ${seenWithPatient('appointment_item')}
  -- An item has at most one open appointment.
  CREATE UNIQUE INDEX appointment_item_open ON appointment_item (hospital_id, item_id) WHERE is_open;
  CREATE INDEX appointment_item_patient_idx ON appointment_item (hospital_id, patient_id);
`;

const POSITIONS = `('to_book', 'booked', 'attended', 'not_attended', 'deferred', 'declined', 'contraindicated', 'completed')`;

const STEPS = `
  CREATE TABLE item_step (
    id              uuid PRIMARY KEY,
    hospital_id     uuid NOT NULL,
    patient_id      uuid NOT NULL,
    item_id         uuid NOT NULL,
    number          integer NOT NULL,
    group_id        uuid NOT NULL,
    step            text NOT NULL CONSTRAINT item_step_kind CHECK (step IN ('book', 'move', 'attend', 'not_attend',
      'cancel_appointment', 'defer', 'decline', 'contraindicate', 'reopen', 'complete')),
    from_position   text NOT NULL CONSTRAINT item_step_from CHECK (from_position IN ${POSITIONS}),
    from_on         date,
    from_until      date,
    to_position     text NOT NULL CONSTRAINT item_step_to CHECK (to_position IN ${POSITIONS}),
    to_on           date,
    to_until        date,
    reason          text,
    note            text,
    detail          jsonb NOT NULL DEFAULT '{}',
    appointment_id  uuid,
    event_id        uuid,
    author          text NOT NULL,
    caller_id       text NOT NULL,
    taken_at        timestamptz NOT NULL DEFAULT program_now(),
    undone_number   integer,
    undone_at       timestamptz,
    undone_by       text,
    undone_by_id    text,
    CONSTRAINT item_step_number UNIQUE (hospital_id, item_id, number),
    CONSTRAINT item_step_patient_fkey FOREIGN KEY (hospital_id, patient_id) REFERENCES patient (hospital_id, id),
    CONSTRAINT item_step_item_fkey FOREIGN KEY (hospital_id, item_id) REFERENCES surveillance_item (hospital_id, id),
    CONSTRAINT item_step_appointment_fkey FOREIGN KEY (hospital_id, appointment_id) REFERENCES appointment (hospital_id, id),
    CONSTRAINT item_step_event_fkey FOREIGN KEY (hospital_id, event_id) REFERENCES clinical_event (hospital_id, id),
    CONSTRAINT item_step_undone CHECK ((undone_at IS NULL) = (undone_by IS NULL) AND (undone_at IS NULL) = (undone_number IS NULL))
  );
  ${seenWithPatient('item_step')}
  REVOKE UPDATE ON item_step FROM nedwatch_app;
  GRANT UPDATE (note, detail, undone_number, undone_at, undone_by, undone_by_id) ON item_step TO nedwatch_app;
  CREATE INDEX item_step_patient_idx ON item_step (hospital_id, patient_id, group_id);
`;

/**
 * An open appointment whose item the plan takes away, or moves so that the appointment lies outside the window, is marked
 * in the same statement, whichever part of the program, or version of it, writes the item.
 */
const ATTENTION = `
  CREATE FUNCTION mark_appointment() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    UPDATE appointment a SET attention_since = program_now(), version = a.version + 1
      FROM appointment_item b
     WHERE b.hospital_id = NEW.hospital_id AND b.item_id = NEW.id AND b.is_open
       AND a.hospital_id = b.hospital_id AND a.id = b.appointment_id AND a.attention_since IS NULL
       AND CASE WHEN NEW.state = 'completed' THEN NEW.completed_on <> a.date
                WHEN NEW.state = 'active' AND NEW.step = 'booked' THEN a.date < NEW.earliest OR a.date >= NEW.overdue
                ELSE true END;
    RETURN NULL;
  END $$;
  CREATE TRIGGER item_appointment AFTER UPDATE OF state, step, earliest, overdue ON surveillance_item FOR EACH ROW
    WHEN (OLD.step = 'booked' AND (NEW.step IS DISTINCT FROM 'booked' OR NEW.state <> 'active'
          OR NEW.earliest <> OLD.earliest OR NEW.overdue <> OLD.overdue))
    EXECUTE FUNCTION mark_appointment();
`;

/** Of the lists booked, booked_passed, awaiting_result, not_attended; and returned, ask_again. Few items have a step. */
const LISTS = `
  CREATE INDEX surveillance_item_step_on_idx ON surveillance_item (hospital_id, step, step_on, id) WHERE step IS NOT NULL;
  CREATE INDEX surveillance_item_step_until_idx ON surveillance_item (hospital_id, step, step_until, id) WHERE step_until IS NOT NULL;
`;
