import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The responsible nurse is a person; what was imported stays beside. Whoever writes a name, an older version too, has it
 * resolved by the database: by a mapping of the hospital, an id, a login, or a name that one person alone has.
 */
export class ResponsiblePerson1797710000000 implements MigrationInterface {
  name = 'ResponsiblePerson1797710000000';

  async up(db: QueryRunner): Promise<void> {
    await db.query(NAMES);
    await db.query(COLUMNS);
    await db.query(RESOLVING);
    await db.query(REACH);
    await db.query(AUTHORS);
    await db.query(
      'UPDATE patient SET responsible_nurse = responsible_nurse WHERE responsible_nurse IS NOT NULL',
    );
  }

  /** Fails where two people have one name: an older version tells them apart by it. */
  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      ${authors('p.name')}
      DROP INDEX person_name_idx;
      ALTER TABLE person ADD CONSTRAINT person_name UNIQUE (hospital_id, name);
      DROP TRIGGER person_resolved ON person;
      DROP FUNCTION resolve_named_person();
      DROP TRIGGER patient_nurse ON patient;
      DROP FUNCTION set_responsible_person();
      DROP FUNCTION person_responsible(uuid, text);
      DROP POLICY reach ON patient;
      CREATE POLICY reach ON patient AS RESTRICTIVE TO nedwatch_app
        USING (NOT reach_is_limited() OR within_reach(department, responsible_nurse));
      DROP FUNCTION within_reach(text, text, uuid);
      ALTER TABLE patient DROP COLUMN nurse_key, DROP COLUMN responsible_person_id;
      DROP TABLE nurse_name;
    `);
  }
}

const NAMES = `
  CREATE TABLE nurse_name (
    hospital_id   uuid NOT NULL REFERENCES hospital (id),
    name_key      text NOT NULL,
    written       text NOT NULL,
    person_id     uuid NOT NULL,
    author        text NOT NULL,
    decided_at    timestamptz NOT NULL DEFAULT program_now(),
    PRIMARY KEY (hospital_id, name_key),
    CONSTRAINT nurse_name_person FOREIGN KEY (hospital_id, person_id) REFERENCES person (hospital_id, id)
  );
  CREATE INDEX nurse_name_person_idx ON nurse_name (hospital_id, person_id);
  CALL bind_to_hospital('nurse_name');
  GRANT DELETE ON nurse_name TO nedwatch_app;
  ALTER TABLE person DROP CONSTRAINT person_name;
  CREATE INDEX person_name_idx ON person (hospital_id, name);
`;

const COLUMNS = `
  ALTER TABLE patient
    ADD COLUMN responsible_person_id uuid,
    ADD COLUMN nurse_key text,
    ADD CONSTRAINT patient_responsible_person FOREIGN KEY (hospital_id, responsible_person_id) REFERENCES person (hospital_id, id);
  CREATE INDEX patient_responsible_person_idx ON patient (hospital_id, responsible_person_id);
  CREATE INDEX patient_nurse_key_idx ON patient (hospital_id, nurse_key) WHERE nurse_key IS NOT NULL;
`;

const RESOLVING = `
  CREATE FUNCTION person_responsible(of_hospital uuid, asked text) RETURNS uuid LANGUAGE sql STABLE AS $$
    SELECT coalesce(
      (SELECT person_id FROM nurse_name WHERE hospital_id = of_hospital AND name_key = folded(asked)),
      (SELECT id FROM person WHERE hospital_id = of_hospital AND id::text = folded(asked)
          AND folded(asked) ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'),
      (SELECT id FROM person WHERE hospital_id = of_hospital AND login = folded(asked)),
      (SELECT min(id::text)::uuid FROM person WHERE hospital_id = of_hospital AND folded(name) = folded(asked)
        HAVING count(*) = 1)) $$;

  CREATE FUNCTION set_responsible_person() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    IF TG_OP = 'UPDATE' AND NEW.responsible_nurse IS DISTINCT FROM OLD.responsible_nurse
       AND NEW.responsible_person_id IS NOT DISTINCT FROM OLD.responsible_person_id THEN
      NEW.responsible_person_id := NULL;
    END IF;
    IF NEW.responsible_person_id IS NULL AND NEW.responsible_nurse IS NOT NULL THEN
      NEW.responsible_person_id := person_responsible(NEW.hospital_id, NEW.responsible_nurse);
    END IF;
    IF NEW.responsible_person_id::text = lower(NEW.responsible_nurse) THEN
      SELECT name INTO NEW.responsible_nurse FROM person WHERE hospital_id = NEW.hospital_id AND id = NEW.responsible_person_id;
    END IF;
    NEW.nurse_key := folded(NEW.responsible_nurse);
    RETURN NEW;
  END $$;
  CREATE TRIGGER patient_nurse BEFORE INSERT OR UPDATE OF responsible_nurse, responsible_person_id
    ON patient FOR EACH ROW EXECUTE FUNCTION set_responsible_person();

  -- A patient may have been written down before the nurse was: whoever registers or renames her sees every department.
  CREATE FUNCTION resolve_named_person() RETURNS trigger LANGUAGE plpgsql AS $$
  DECLARE
    reach text := coalesce(current_setting('nedwatch.reach', true), '');
  BEGIN
    PERFORM set_config('nedwatch.reach', '', true);
    UPDATE patient SET responsible_nurse = responsible_nurse
     WHERE hospital_id = NEW.hospital_id AND responsible_person_id IS NULL
       AND nurse_key IN (folded(NEW.login), folded(NEW.name));
    PERFORM set_config('nedwatch.reach', reach, true);
    RETURN NULL;
  END $$;
  CREATE TRIGGER person_resolved AFTER INSERT OR UPDATE OF name, login ON person
    FOR EACH ROW EXECUTE FUNCTION resolve_named_person();
`;

// An older version says the name alone, and whose it is follows from the name as before.
const REACH = `
  CREATE FUNCTION within_reach(department text, responsible_nurse text, responsible_person_id uuid)
    RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT CASE WHEN NOT reach ? 'person' THEN coalesce(responsible_nurse = reach ->> 'nurse', false)
                      WHEN responsible_person_id IS NOT NULL THEN responsible_person_id::text = reach ->> 'person'
                      ELSE coalesce(responsible_nurse = reach ->> 'nurse', false) END
              OR (reach ? 'departments' AND (department IS NULL OR reach -> 'departments' ? department))
            FROM (SELECT current_setting('nedwatch.reach')::jsonb AS reach) AS said $$;
  DROP POLICY reach ON patient;
  CREATE POLICY reach ON patient AS RESTRICTIVE TO nedwatch_app
    USING (NOT reach_is_limited() OR within_reach(department, responsible_nurse, responsible_person_id));
`;

// Somebody's name is written as author: where two people have it, with the login that tells them apart.
const authors = (name: string): string => `
  CREATE OR REPLACE FUNCTION person_of_session(hash bytea)
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
    RETURN QUERY SELECT found_session.id, found_session.kind, p.id, p.hospital_id, ${name}, p.roles, p.departments,
                        p.own_patients_only
                   FROM person p WHERE p.id = found_session.person_id AND p.state = 'active';
  END $$;
`;
const AUTHORS = authors(`
  CASE WHEN EXISTS (SELECT FROM person q WHERE q.hospital_id = p.hospital_id AND q.name = p.name AND q.id <> p.id)
       THEN p.name || '（' || p.login || '）' ELSE p.name END`);
