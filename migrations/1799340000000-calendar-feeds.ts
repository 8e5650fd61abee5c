import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Calendar feeds, each with a secret address of which the database has the hash alone, and what each feed has shown: an
 * entry keeps its sequence number, and a cancelled one stays for a while.
 */
export class CalendarFeeds1799340000000 implements MigrationInterface {
  name = 'CalendarFeeds1799340000000';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE calendar_feed (
        id            uuid NOT NULL,
        hospital_id   uuid NOT NULL REFERENCES hospital,
        token_hash    bytea NOT NULL,
        owner_kind    text NOT NULL,
        owner_id      uuid NOT NULL,
        author        text NOT NULL,
        name          text NOT NULL,
        person_id     uuid,
        department    text,
        place         text,
        names         boolean NOT NULL,
        language      text NOT NULL,
        created_at    timestamptz NOT NULL,
        last_used_at  timestamptz,
        PRIMARY KEY (hospital_id, id),
        CONSTRAINT calendar_feed_token_once UNIQUE (token_hash),
        CONSTRAINT calendar_feed_owner_kind_check CHECK (owner_kind IN ('person', 'key')),
        CONSTRAINT calendar_feed_language_check CHECK (language IN ('zh', 'en'))
      );
      CALL bind_to_hospital('calendar_feed');
      GRANT DELETE ON calendar_feed TO nedwatch_app;
      CREATE POLICY presented ON calendar_feed FOR SELECT TO nedwatch_app
        USING (token_hash = decode(current_setting('nedwatch.presented', true), 'hex'));

      CREATE TABLE calendar_entry (
        hospital_id   uuid NOT NULL,
        feed_id       uuid NOT NULL,
        item_id       uuid NOT NULL,
        patient_id    uuid NOT NULL,
        sequence      integer NOT NULL,
        day           date NOT NULL,
        status        text NOT NULL,
        digest        bytea NOT NULL,
        created_at    timestamptz NOT NULL,
        changed_at    timestamptz NOT NULL,
        PRIMARY KEY (hospital_id, feed_id, item_id),
        CONSTRAINT calendar_entry_feed_fkey FOREIGN KEY (hospital_id, feed_id) REFERENCES calendar_feed (hospital_id, id)
          ON DELETE CASCADE,
        CONSTRAINT calendar_entry_patient_fkey FOREIGN KEY (hospital_id, patient_id) REFERENCES patient (hospital_id, id),
        CONSTRAINT calendar_entry_status_check CHECK (status IN ('CONFIRMED', 'TENTATIVE', 'CANCELLED'))
      );
      CALL bind_to_hospital('calendar_entry');
      GRANT DELETE ON calendar_entry TO nedwatch_app;
      CREATE POLICY reach ON calendar_entry AS RESTRICTIVE TO nedwatch_app
        USING (NOT reach_is_limited() OR EXISTS (SELECT FROM patient p WHERE p.id = patient_id));
      CREATE INDEX calendar_entry_patient_idx ON calendar_entry (hospital_id, patient_id);
      ${LOOK_UP}
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('DROP FUNCTION use_calendar_feed(bytea); DROP TABLE calendar_entry, calendar_feed');
  }
}

// The feed of a token with the limits that its owner has now; none when the account or key has ended.
const LOOK_UP = `
  CREATE FUNCTION use_calendar_feed(hash bytea)
    RETURNS TABLE (id uuid, hospital_id uuid, title text, person_id uuid, department text, place text, names boolean,
                   language text, kind text, owner_id uuid, owner_name text, roles text[], scopes text[], departments text[],
                   own_only boolean, addresses text[], expires_at timestamptz) LANGUAGE plpgsql AS $$
  #variable_conflict use_column
  DECLARE
    feed calendar_feed;
  BEGIN
    PERFORM set_config('nedwatch.presented', encode(hash, 'hex'), true);
    SELECT * INTO feed FROM calendar_feed f WHERE f.token_hash = hash;
    IF NOT FOUND THEN RETURN; END IF;
    PERFORM set_config('nedwatch.hospital_id', feed.hospital_id::text, true);
    RETURN QUERY
      SELECT feed.id, feed.hospital_id, feed.name, feed.person_id, feed.department, feed.place, feed.names, feed.language,
             feed.owner_kind, feed.owner_id, o.name, o.roles, o.scopes, o.departments, o.own_only, o.addresses, o.expires_at
        FROM (SELECT p.name, p.roles, NULL::text[] AS scopes, p.departments, p.own_patients_only AS own_only, p.addresses,
                     p.expires_at
                FROM person p
               WHERE feed.owner_kind = 'person' AND p.hospital_id = feed.hospital_id AND p.id = feed.owner_id AND p.state = 'active'
              UNION ALL
              SELECT k.name, k.roles, k.scopes, k.departments, false, k.addresses, k.expires_at
                FROM api_key k
               WHERE feed.owner_kind = 'key' AND k.hospital_id = feed.hospital_id AND k.id = feed.owner_id
                 AND k.revoked_at IS NULL) AS o
       WHERE o.expires_at IS NULL OR o.expires_at > program_now();
    IF FOUND AND coalesce(feed.last_used_at, '-infinity') < program_now() - interval '1 minute' THEN
      UPDATE calendar_feed f SET last_used_at = program_now() WHERE f.hospital_id = feed.hospital_id AND f.id = feed.id;
    END IF;
  END $$;`;
