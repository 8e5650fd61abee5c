import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Messages to patients: settings, gateway, templates, the messages with their attempts, and replies. */
export class PatientMessages1799500000000 implements MigrationInterface {
  name = 'PatientMessages1799500000000';

  async up(db: QueryRunner): Promise<void> {
    for (const statement of [SETTINGS, MESSAGES, REPLIES]) await db.query(statement);
    for (const table of ABOUT_PATIENTS)
      await db.query(`
        CREATE POLICY reach ON ${table} AS RESTRICTIVE TO nedwatch_app
          USING (NOT reach_is_limited() OR EXISTS (SELECT FROM patient p WHERE p.id = patient_id))
      `);
    await db.query(SWEEP);
    await db.query(WORK);
    await db.query(eventTypes([...EVENT_TYPES, 'surveillance.patient.message']));
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(eventTypes(EVENT_TYPES));
    await db.query(`
      ALTER TABLE patient_contact DROP COLUMN callback_requested_at, DROP COLUMN call_wanted_at, DROP COLUMN call_from;
      ALTER TABLE appointment DROP COLUMN confirmed_at;
      DROP TABLE patient_reply_patient, patient_reply, patient_message_attempt, patient_message_subject, patient_message,
                 message_template, message_gateway, message_settings;
    `);
  }
}

const SETTINGS = `
  CREATE TABLE message_settings (
    hospital_id    uuid PRIMARY KEY REFERENCES hospital,
    settings       jsonb NOT NULL,
    enabled_since  timestamptz,
    changed_by     text NOT NULL,
    changed_at     timestamptz NOT NULL DEFAULT program_now()
  );
  CALL bind_to_hospital('message_settings');

  CREATE TABLE message_gateway (
    hospital_id      uuid PRIMARY KEY REFERENCES hospital,
    config           text,
    timeouts         integer NOT NULL DEFAULT 0,
    paused_until     timestamptz,
    recent_attempts  jsonb NOT NULL DEFAULT '[]',
    changed_by       text NOT NULL,
    changed_at       timestamptz NOT NULL DEFAULT program_now()
  );
  CALL bind_to_hospital('message_gateway');

  CREATE TABLE message_template (
    hospital_id    uuid NOT NULL REFERENCES hospital,
    occasion       text NOT NULL,
    language       text NOT NULL CONSTRAINT message_template_language CHECK (language IN ('zh', 'en')),
    text           text NOT NULL,
    relative_text  text NOT NULL,
    changed_by     text NOT NULL,
    changed_at     timestamptz NOT NULL DEFAULT program_now(),
    CONSTRAINT message_template_pkey PRIMARY KEY (hospital_id, occasion, language)
  );
  CALL bind_to_hospital('message_template');
`;

const MESSAGES = `
  CREATE TABLE patient_message (
    id               uuid PRIMARY KEY,
    hospital_id      uuid NOT NULL,
    patient_id       uuid NOT NULL,
    occasion         text NOT NULL,
    about_on         date NOT NULL,
    item_ids         uuid[] NOT NULL DEFAULT '{}',
    appointment_id   uuid,
    event_id         uuid,
    channel          text NOT NULL,
    route            text CONSTRAINT patient_message_route CHECK (route IN ('gateway', 'webhook')),
    relative_id      uuid,
    language         text,
    number           text,
    number_index     bytea,
    text             text,
    state            text NOT NULL DEFAULT 'pending' CONSTRAINT patient_message_state
                       CHECK (state IN ('pending', 'sent', 'handed_over', 'cancelled', 'failed')),
    reason           text,
    attempts         integer NOT NULL DEFAULT 0,
    uncounted        integer NOT NULL DEFAULT 0,
    next_attempt_at  timestamptz,
    first_tried_at   timestamptz,
    sent_at          timestamptz,
    reference        text,
    created_at       timestamptz NOT NULL DEFAULT program_now(),
    CONSTRAINT patient_message_hospital UNIQUE (hospital_id, id),
    CONSTRAINT patient_message_waits CHECK ((state = 'pending') = (next_attempt_at IS NOT NULL)),
    CONSTRAINT patient_message_reason CHECK (reason IS NULL OR state IN ('pending', 'cancelled', 'failed')),
    CONSTRAINT patient_message_patient_fkey FOREIGN KEY (hospital_id, patient_id) REFERENCES patient (hospital_id, id)
  );
  CREATE INDEX patient_message_due_idx ON patient_message (hospital_id, next_attempt_at, id) WHERE state = 'pending';
  CREATE INDEX patient_message_number_idx ON patient_message (hospital_id, number_index, created_at)
    WHERE number_index IS NOT NULL;
  CREATE INDEX patient_message_patient_idx ON patient_message (hospital_id, patient_id, created_at, id);
  CALL bind_to_hospital('patient_message');

  CREATE TABLE patient_message_subject (
    hospital_id  uuid NOT NULL,
    patient_id   uuid NOT NULL,
    occasion     text NOT NULL,
    subject_id   uuid NOT NULL,
    about_on     date NOT NULL,
    message_id   uuid NOT NULL,
    CONSTRAINT patient_message_subject_pkey PRIMARY KEY (hospital_id, subject_id, occasion, about_on),
    CONSTRAINT patient_message_subject_message_fkey FOREIGN KEY (hospital_id, message_id)
      REFERENCES patient_message (hospital_id, id)
  );
  CREATE INDEX patient_message_subject_patient_idx ON patient_message_subject (hospital_id, patient_id);
  CALL bind_to_hospital('patient_message_subject');

  CREATE TABLE patient_message_attempt (
    hospital_id  uuid NOT NULL,
    patient_id   uuid NOT NULL,
    message_id   uuid NOT NULL,
    number       integer NOT NULL,
    started_at   timestamptz NOT NULL,
    duration_ms  integer NOT NULL,
    outcome      text NOT NULL CONSTRAINT patient_message_attempt_outcome
                   CHECK (outcome IN ('accepted', 'refused', 'throttled', 'unreachable', 'interrupted')),
    status       integer,
    error        text,
    answer       text,
    CONSTRAINT patient_message_attempt_pkey PRIMARY KEY (hospital_id, message_id, number),
    CONSTRAINT patient_message_attempt_message_fkey FOREIGN KEY (hospital_id, message_id)
      REFERENCES patient_message (hospital_id, id)
  );
  CREATE INDEX patient_message_attempt_patient_idx ON patient_message_attempt (hospital_id, patient_id);
  CALL bind_to_hospital('patient_message_attempt');
`;

const REPLIES = `
  CREATE TABLE patient_reply (
    id           uuid PRIMARY KEY,
    hospital_id  uuid NOT NULL REFERENCES hospital,
    external_id  text,
    number       text,
    text         text,
    meaning      text NOT NULL CONSTRAINT patient_reply_meaning CHECK (meaning IN ('confirm', 'call', 'opt_out', 'other')),
    effect       text NOT NULL,
    received_at  timestamptz NOT NULL,
    recorded_at  timestamptz NOT NULL,
    seen_at      timestamptz,
    seen_by      text,
    CONSTRAINT patient_reply_hospital UNIQUE (hospital_id, id),
    CONSTRAINT patient_reply_once UNIQUE (hospital_id, external_id),
    CONSTRAINT patient_reply_seen CHECK ((seen_at IS NULL) = (seen_by IS NULL))
  );
  CREATE INDEX patient_reply_unseen_idx ON patient_reply (hospital_id, recorded_at, id) WHERE seen_at IS NULL;
  CALL bind_to_hospital('patient_reply');
  CREATE TABLE patient_reply_patient (
    hospital_id  uuid NOT NULL,
    reply_id     uuid NOT NULL,
    patient_id   uuid NOT NULL,
    relative_id  uuid,
    CONSTRAINT patient_reply_patient_pkey PRIMARY KEY (hospital_id, reply_id, patient_id),
    CONSTRAINT patient_reply_patient_reply_fkey FOREIGN KEY (hospital_id, reply_id) REFERENCES patient_reply (hospital_id, id),
    CONSTRAINT patient_reply_patient_patient_fkey FOREIGN KEY (hospital_id, patient_id) REFERENCES patient (hospital_id, id)
  );
  CREATE INDEX patient_reply_patient_idx ON patient_reply_patient (hospital_id, patient_id, reply_id);
  CALL bind_to_hospital('patient_reply_patient');
  -- A reply of an unknown number is about nobody: only callers of the whole hospital see it.
  CREATE POLICY reach ON patient_reply AS RESTRICTIVE TO nedwatch_app
    USING (NOT reach_is_limited() OR EXISTS (
      SELECT FROM patient_reply_patient r JOIN patient p ON p.id = r.patient_id WHERE r.reply_id = patient_reply.id));
`;

const ABOUT_PATIENTS = [
  ...['patient_message', 'patient_message_subject', 'patient_message_attempt', 'patient_reply_patient'],
];

const SWEEP = `
  CREATE POLICY sweep ON patient_message FOR SELECT TO nedwatch_sweep USING (true);
  GRANT SELECT (id, hospital_id, state, attempts, next_attempt_at) ON patient_message TO nedwatch_sweep;
  CREATE POLICY sweep ON message_settings FOR SELECT TO nedwatch_sweep USING (true);
  GRANT SELECT (hospital_id, enabled_since) ON message_settings TO nedwatch_sweep;
`;

const WORK = `
  ALTER TABLE appointment ADD COLUMN confirmed_at timestamptz;
  ALTER TABLE patient_contact
    ADD COLUMN callback_requested_at timestamptz,
    ADD COLUMN call_wanted_at timestamptz,
    ADD COLUMN call_from timestamptz;
  CREATE INDEX patient_contact_callback_idx ON patient_contact (hospital_id, callback_requested_at, patient_id)
    WHERE callback_requested_at IS NOT NULL;
  CREATE INDEX patient_contact_wanted_idx ON patient_contact (hospital_id, call_wanted_at, patient_id)
    WHERE call_wanted_at IS NOT NULL AND call_from IS NULL;
`;

const EVENT_TYPES = [
  ...['surveillance.item.upcoming', 'surveillance.item.due', 'surveillance.item.overdue'],
  ...['surveillance.item.completed', 'surveillance.item.rescheduled', 'surveillance.item.cancelled'],
  ...['surveillance.plan.changed', 'surveillance.patient.digest'],
];

// NOT VALID: every stored row satisfies the wider condition, and need not be read.
const eventTypes = (types: readonly string[]): string => `
  ALTER TABLE surveillance_event
    DROP CONSTRAINT surveillance_event_type,
    ADD CONSTRAINT surveillance_event_type CHECK (type IN (${types.map((type) => `'${type}'`).join(', ')})) NOT VALID;
`;
