import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Hospitals, their patients and facts, the plans drawn from them, and the reminders sent about them. */
export class Surveillance1795424400000 implements MigrationInterface {
  name = 'Surveillance1795424400000';

  async up(db: QueryRunner): Promise<void> {
    await db.query(CLOCK);
    await db.query(ACCESS);
    await db.query(PATIENTS);
    await db.query(SCHEDULES);
    await db.query(REMINDERS);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      DROP TABLE delivery_attempt, delivery, webhook_endpoint, reminder,
        surveillance_item, clinical_event, patient, idempotent_answer, api_key, hospital;
      DROP FUNCTION program_now();
      DROP TABLE program_clock;
    `);
  }
}

// The program's time is the database's, shifted by one offset that every process shares.
// STABLE lets an index condition use it; clock_timestamp() keeps a long transaction honest.
const CLOCK = `
  CREATE TABLE program_clock (
    only_row   boolean PRIMARY KEY DEFAULT true CONSTRAINT program_clock_single CHECK (only_row),
    starts_at  timestamptz,
    ahead      interval NOT NULL DEFAULT interval '0'
  );
  INSERT INTO program_clock DEFAULT VALUES;
  CREATE FUNCTION program_now() RETURNS timestamptz LANGUAGE sql STABLE PARALLEL SAFE
    AS 'SELECT clock_timestamp() + ahead FROM program_clock';
`;

const ACCESS = `
  CREATE TABLE hospital (
    id          uuid PRIMARY KEY,
    name        text NOT NULL,
    time_zone   text NOT NULL,
    language    text NOT NULL CONSTRAINT hospital_language CHECK (language IN ('zh', 'en')),
    policy      jsonb NOT NULL,
    created_at  timestamptz NOT NULL DEFAULT program_now()
  );

  CREATE TABLE api_key (
    id           uuid PRIMARY KEY,
    hospital_id  uuid NOT NULL REFERENCES hospital,
    name         text NOT NULL,
    key_hash     bytea NOT NULL CONSTRAINT api_key_hash UNIQUE,
    created_at   timestamptz NOT NULL DEFAULT program_now(),
    revoked_at   timestamptz
  );

  CREATE TABLE idempotent_answer (
    hospital_id   uuid NOT NULL REFERENCES hospital,
    key           text NOT NULL,
    request_hash  bytea NOT NULL,
    status        integer,
    body          text,
    created_at    timestamptz NOT NULL DEFAULT program_now(),
    PRIMARY KEY (hospital_id, key)
  );
`;

const PATIENTS = `
  CREATE TABLE patient (
    id                 uuid PRIMARY KEY,
    hospital_id        uuid NOT NULL REFERENCES hospital,
    mrn                text NOT NULL,
    name               text NOT NULL,
    sex                text NOT NULL CONSTRAINT patient_sex CHECK (sex IN ('male', 'female', 'other', 'unknown')),
    birth_date         date NOT NULL,
    diagnosis_date     date NOT NULL,
    phone              text,
    responsible_nurse  text,
    profile            text CONSTRAINT patient_profile CHECK (profile IN ('intensive', 'minimal')),
    liver_imaging      text CONSTRAINT patient_liver_imaging CHECK (liver_imaging IN ('ct', 'mri')),
    enrolled_on        date NOT NULL,
    replan_on          date,
    created_at         timestamptz NOT NULL DEFAULT program_now(),
    CONSTRAINT patient_mrn UNIQUE (hospital_id, mrn),
    CONSTRAINT patient_hospital UNIQUE (hospital_id, id),
    CONSTRAINT patient_born_before_diagnosis CHECK (birth_date <= diagnosis_date)
  );
  CREATE INDEX patient_replan_idx ON patient (hospital_id, replan_on) WHERE replan_on IS NOT NULL;

  CREATE TABLE clinical_event (
    id           uuid PRIMARY KEY,
    hospital_id  uuid NOT NULL,
    patient_id   uuid NOT NULL,
    type         text NOT NULL,
    date         date NOT NULL,
    detail       jsonb NOT NULL,
    recorded_at  timestamptz NOT NULL DEFAULT program_now(),
    voided_at    timestamptz,
    void_reason  text,
    CONSTRAINT clinical_event_hospital UNIQUE (hospital_id, id),
    CONSTRAINT clinical_event_patient_fkey FOREIGN KEY (hospital_id, patient_id) REFERENCES patient (hospital_id, id),
    CONSTRAINT clinical_event_void CHECK ((voided_at IS NULL) = (void_reason IS NULL))
  );
  -- The same fact stands once, however often it is reported.
  CREATE UNIQUE INDEX clinical_event_fact ON clinical_event (hospital_id, patient_id, type, date, md5(detail::text))
    WHERE voided_at IS NULL;
`;

const SCHEDULES = `
  CREATE TABLE surveillance_item (
    id                     uuid PRIMARY KEY,
    hospital_id            uuid NOT NULL,
    patient_id             uuid NOT NULL,
    guideline              text NOT NULL,
    key                    text NOT NULL,
    pathway                text NOT NULL,
    rule                   text NOT NULL,
    activity               text NOT NULL,
    covers                 text[] NOT NULL,
    sequence               integer NOT NULL,
    phase                  integer NOT NULL,
    measured_from          date NOT NULL,
    earliest               date NOT NULL,
    due                    date NOT NULL,
    overdue                date NOT NULL,
    missed_on              date,
    before_enrolment       boolean NOT NULL,
    projected              boolean NOT NULL,
    state                  text NOT NULL CONSTRAINT surveillance_item_state CHECK (state IN ('active', 'completed', 'cancelled')),
    completed_on           date,
    completed_by_event_id  uuid,
    cancelled_by_event_id  uuid,
    revision               integer NOT NULL DEFAULT 1,
    next_reminder_on       date,
    changed_at             timestamptz NOT NULL DEFAULT program_now(),
    CONSTRAINT surveillance_item_key UNIQUE (hospital_id, patient_id, key),
    CONSTRAINT surveillance_item_hospital UNIQUE (hospital_id, id),
    CONSTRAINT surveillance_item_patient_fkey FOREIGN KEY (hospital_id, patient_id) REFERENCES patient (hospital_id, id),
    CONSTRAINT surveillance_item_completed_by_fkey FOREIGN KEY (hospital_id, completed_by_event_id) REFERENCES clinical_event (hospital_id, id),
    CONSTRAINT surveillance_item_cancelled_by_fkey FOREIGN KEY (hospital_id, cancelled_by_event_id) REFERENCES clinical_event (hospital_id, id),
    CONSTRAINT surveillance_item_window CHECK (earliest <= due AND due < overdue),
    CONSTRAINT surveillance_item_completion CHECK ((state = 'completed') = (completed_on IS NOT NULL)),
    CONSTRAINT surveillance_item_reminder CHECK (next_reminder_on IS NULL OR (state = 'active' AND NOT before_enrolment))
  );
  CREATE INDEX surveillance_item_reminder_idx ON surveillance_item (hospital_id, next_reminder_on) WHERE next_reminder_on IS NOT NULL;
  CREATE INDEX surveillance_item_worklist_idx ON surveillance_item (hospital_id, due, id) WHERE state = 'active' AND NOT before_enrolment;
`;

const REMINDERS = `
  CREATE TABLE reminder (
    id             uuid PRIMARY KEY,
    hospital_id    uuid NOT NULL,
    item_id        uuid NOT NULL,
    kind           text NOT NULL CONSTRAINT reminder_kind CHECK (kind IN ('upcoming', 'due', 'overdue')),
    due            date NOT NULL,
    item_revision  integer NOT NULL,
    remind_on      date NOT NULL,
    created_at     timestamptz NOT NULL DEFAULT program_now(),
    CONSTRAINT reminder_hospital UNIQUE (hospital_id, id),
    CONSTRAINT reminder_once UNIQUE (hospital_id, item_id, kind, due, item_revision),
    CONSTRAINT reminder_item_fkey FOREIGN KEY (hospital_id, item_id) REFERENCES surveillance_item (hospital_id, id)
  );

  CREATE TABLE webhook_endpoint (
    id                     uuid PRIMARY KEY,
    hospital_id            uuid NOT NULL REFERENCES hospital,
    url                    text NOT NULL,
    event_types            text[] NOT NULL,
    secret                 text NOT NULL,
    previous_secret        text,
    previous_secret_until  timestamptz,
    last_sequence          bigint NOT NULL DEFAULT 0,
    timeouts               integer NOT NULL DEFAULT 0,
    resting_until          timestamptz,
    created_at             timestamptz NOT NULL DEFAULT program_now(),
    deleted_at             timestamptz,
    CONSTRAINT webhook_endpoint_hospital UNIQUE (hospital_id, id)
  );

  CREATE TABLE delivery (
    id                uuid PRIMARY KEY,
    hospital_id       uuid NOT NULL,
    endpoint_id       uuid NOT NULL,
    reminder_id       uuid,
    event_type        text NOT NULL,
    sequence          bigint,
    body              text,
    state             text NOT NULL DEFAULT 'pending' CONSTRAINT delivery_state CHECK (state IN ('pending', 'delivered', 'cancelled', 'exhausted')),
    attempts          integer NOT NULL DEFAULT 0,
    earlier_attempts  integer NOT NULL DEFAULT 0,
    next_attempt_at   timestamptz DEFAULT program_now(),
    delivered_at      timestamptz,
    cancelled_reason  text,
    created_at        timestamptz NOT NULL DEFAULT program_now(),
    CONSTRAINT delivery_hospital UNIQUE (hospital_id, id),
    CONSTRAINT delivery_once UNIQUE (hospital_id, endpoint_id, reminder_id),
    CONSTRAINT delivery_sequence UNIQUE (hospital_id, endpoint_id, sequence),
    CONSTRAINT delivery_endpoint_fkey FOREIGN KEY (hospital_id, endpoint_id) REFERENCES webhook_endpoint (hospital_id, id),
    CONSTRAINT delivery_reminder_fkey FOREIGN KEY (hospital_id, reminder_id) REFERENCES reminder (hospital_id, id),
    CONSTRAINT delivery_pending CHECK ((state = 'pending') = (next_attempt_at IS NOT NULL)),
    CONSTRAINT delivery_delivered CHECK ((state = 'delivered') = (delivered_at IS NOT NULL)),
    CONSTRAINT delivery_cancelled CHECK ((state = 'cancelled') = (cancelled_reason IS NOT NULL))
  );
  CREATE INDEX delivery_next_attempt_idx ON delivery (next_attempt_at) WHERE state = 'pending';
  CREATE INDEX delivery_exhausted_idx ON delivery (hospital_id, created_at) WHERE state = 'exhausted';
  CREATE INDEX delivery_endpoint_idx ON delivery (hospital_id, endpoint_id, created_at DESC, id DESC);

  CREATE TABLE delivery_attempt (
    delivery_id   uuid NOT NULL,
    number        integer NOT NULL,
    hospital_id   uuid NOT NULL,
    started_at    timestamptz NOT NULL,
    duration_ms   integer NOT NULL,
    outcome       text NOT NULL CONSTRAINT delivery_attempt_outcome CHECK (outcome IN ('accepted', 'refused', 'unreachable', 'interrupted')),
    status        integer,
    error         text,
    answer        text,
    PRIMARY KEY (delivery_id, number),
    CONSTRAINT delivery_attempt_delivery_fkey FOREIGN KEY (hospital_id, delivery_id) REFERENCES delivery (hospital_id, id)
  );
`;
