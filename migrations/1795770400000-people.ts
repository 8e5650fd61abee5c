import type { MigrationInterface, QueryRunner } from 'typeorm';

/** People who sign in, what they prove themselves by, and how often somebody tried in their place. */
export class People1795770400000 implements MigrationInterface {
  name = 'People1795770400000';

  async up(db: QueryRunner): Promise<void> {
    await db.query(HOSPITALS);
    await db.query(PEOPLE);
    await db.query(SESSIONS);
    await db.query(ATTEMPTS);
    await db.query(PRESENTED);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      DROP FUNCTION person_of_session(bytea);
      DROP FUNCTION use_api_key(bytea);
      DROP FUNCTION hospital_of_code(text);
      DROP POLICY presented ON hospital;
      DROP TABLE sign_in_attempt, known_device, session, person;
      ALTER TABLE hospital DROP COLUMN code, DROP COLUMN password_policy, DROP COLUMN idle_minutes;
    `);
  }
}

// The first hospital is known by the program's own name until somebody gives it another code.
const HOSPITALS = `
  ALTER TABLE hospital
    ADD COLUMN code text CONSTRAINT hospital_code UNIQUE,
    ADD COLUMN password_policy text NOT NULL DEFAULT 'asvs5'
      CONSTRAINT hospital_password_policy CHECK (password_policy IN ('asvs5', 'mlps3')),
    ADD COLUMN idle_minutes integer NOT NULL DEFAULT 15
      CONSTRAINT hospital_idle_minutes CHECK (idle_minutes BETWEEN 5 AND 60);
  UPDATE hospital SET code = 'nedwatch' WHERE id = (SELECT id FROM hospital ORDER BY created_at, id LIMIT 1);
`;

// Names are unique because they are written as authors, and say whose the patients are.
const PEOPLE = `
  CREATE TABLE person (
    id                   uuid PRIMARY KEY,
    hospital_id          uuid NOT NULL REFERENCES hospital,
    login                text NOT NULL,
    name                 text NOT NULL,
    roles                text[] NOT NULL CONSTRAINT person_roles CHECK (cardinality(roles) > 0),
    departments          text[],
    own_patients_only    boolean NOT NULL DEFAULT false,
    language             text NOT NULL CONSTRAINT person_language CHECK (language IN ('zh', 'en')),
    state                text NOT NULL DEFAULT 'active' CONSTRAINT person_state CHECK (state IN ('active', 'disabled')),
    password_hash        text,
    password_changed_at  timestamptz,
    former_passwords     text[] NOT NULL DEFAULT '{}',
    setup_hash           bytea,
    setup_expires_at     timestamptz,
    totp_secret          bytea,
    totp_confirmed_at    timestamptz,
    totp_last_step       bigint,
    recovery_hashes      text[] NOT NULL DEFAULT '{}',
    created_by           text NOT NULL,
    created_at           timestamptz NOT NULL,
    CONSTRAINT person_in_hospital UNIQUE (hospital_id, id),
    CONSTRAINT person_login UNIQUE (hospital_id, login),
    CONSTRAINT person_name UNIQUE (hospital_id, name),
    CONSTRAINT person_setup CHECK ((setup_hash IS NULL) = (setup_expires_at IS NULL)),
    CONSTRAINT person_totp CHECK (totp_secret IS NOT NULL OR totp_confirmed_at IS NULL)
  );
  CALL bind_to_hospital('person');
`;

const SESSIONS = `
  CREATE TABLE session (
    id            uuid PRIMARY KEY,
    hospital_id   uuid NOT NULL REFERENCES hospital,
    person_id     uuid NOT NULL,
    token_hash    bytea NOT NULL CONSTRAINT session_token UNIQUE,
    kind          text NOT NULL CONSTRAINT session_kind CHECK (kind IN ('cookie', 'token')),
    address       text NOT NULL,
    device        text NOT NULL,
    started_at    timestamptz NOT NULL,
    last_seen_at  timestamptz NOT NULL,
    expires_at    timestamptz NOT NULL,
    ended_at      timestamptz,
    CONSTRAINT session_person FOREIGN KEY (hospital_id, person_id) REFERENCES person (hospital_id, id)
  );
  CREATE INDEX session_person_idx ON session (hospital_id, person_id, started_at);
  CALL bind_to_hospital('session');
  GRANT DELETE ON session TO nedwatch_app;

  -- A browser from which somebody has signed in before.
  CREATE TABLE known_device (
    hospital_id   uuid NOT NULL REFERENCES hospital,
    token_hash    bytea NOT NULL,
    person_id     uuid NOT NULL,
    last_used_at  timestamptz NOT NULL,
    PRIMARY KEY (hospital_id, token_hash, person_id),
    CONSTRAINT known_device_person FOREIGN KEY (hospital_id, person_id) REFERENCES person (hospital_id, id)
  );
  CREATE INDEX known_device_person_idx ON known_device (hospital_id, person_id, last_used_at);
  CALL bind_to_hospital('known_device');
  GRANT DELETE ON known_device TO nedwatch_app;
`;

// What is counted is told by a digest: people type their password where the login belongs.
const ATTEMPTS = `
  CREATE TABLE sign_in_attempt (
    hospital_id    uuid NOT NULL REFERENCES hospital,
    counted        text NOT NULL,
    failures       integer NOT NULL,
    last_at        timestamptz NOT NULL,
    blocked_until  timestamptz NOT NULL,
    PRIMARY KEY (hospital_id, counted)
  );
  CALL bind_to_hospital('sign_in_attempt');
  GRANT DELETE ON sign_in_attempt TO nedwatch_app;
`;

// Before the hospital is known: whoever presents a token or a code sees the row of that one.
const PRESENTED = `
  CREATE POLICY presented ON hospital FOR SELECT TO nedwatch_app
    USING (code = nullif(current_setting('nedwatch.presented_code', true), ''));
  CREATE FUNCTION hospital_of_code(presented text) RETURNS SETOF hospital LANGUAGE plpgsql AS $$
  BEGIN
    PERFORM set_config('nedwatch.presented_code', presented, true);
    RETURN QUERY SELECT * FROM hospital WHERE code = presented;
  END $$;

  -- When it was last used is known to the minute.
  CREATE FUNCTION use_api_key(hash bytea) RETURNS SETOF api_key LANGUAGE plpgsql AS $$
  DECLARE
    found_key api_key;
  BEGIN
    SELECT * INTO found_key FROM api_key_of(hash)
     WHERE revoked_at IS NULL AND (expires_at IS NULL OR expires_at > program_now());
    IF NOT FOUND THEN RETURN; END IF;
    IF coalesce(found_key.last_used_at, '-infinity') < program_now() - interval '1 minute' THEN
      PERFORM set_config('nedwatch.hospital_id', found_key.hospital_id::text, true);
      UPDATE api_key SET last_used_at = program_now() WHERE id = found_key.id;
    END IF;
    RETURN NEXT found_key;
  END $$;

  CREATE POLICY presented ON session FOR SELECT TO nedwatch_app
    USING (token_hash = decode(current_setting('nedwatch.presented', true), 'hex'));
  -- The person whose session it is, if it still runs. That it was used is known to the minute.
  CREATE FUNCTION person_of_session(hash bytea)
    RETURNS TABLE (session_id uuid, session_kind text, person_id uuid, hospital_id uuid, name text, roles text[],
                   departments text[], own_patients_only boolean) LANGUAGE plpgsql AS $$
  DECLARE
    found_session session;
  BEGIN
    PERFORM set_config('nedwatch.presented', encode(hash, 'hex'), true);
    SELECT * INTO found_session FROM session s
     WHERE s.token_hash = hash AND s.ended_at IS NULL AND s.expires_at > program_now();
    IF NOT FOUND THEN RETURN; END IF;
    PERFORM set_config('nedwatch.hospital_id', found_session.hospital_id::text, true);
    PERFORM FROM hospital h
      WHERE h.id = found_session.hospital_id
        AND found_session.last_seen_at > program_now() - make_interval(mins => h.idle_minutes);
    IF NOT FOUND THEN RETURN; END IF;
    IF found_session.last_seen_at < program_now() - interval '1 minute' THEN
      UPDATE session s SET last_seen_at = program_now() WHERE s.id = found_session.id;
    END IF;
    RETURN QUERY SELECT found_session.id, found_session.kind, p.id, p.hospital_id, p.name, p.roles, p.departments,
                        p.own_patients_only
                   FROM person p WHERE p.id = found_session.person_id AND p.state = 'active';
  END $$;
`;
