import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Limits that pass from a grantor to accounts and keys, fresh proofs of identity, and roles that need a second factor.
 * Sessions of an older version count as neither confirmed nor backed by a second factor.
 */
export class AccessLimits1797930000000 implements MigrationInterface {
  name = 'AccessLimits1797930000000';

  async up(db: QueryRunner): Promise<void> {
    await db.query(COLUMNS);
    await db.query(PERSON_OF_SESSION);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(PERSON_OF_SESSION_BEFORE);
    await db.query(`
      ALTER TABLE person DROP COLUMN addresses, DROP COLUMN expires_at, DROP COLUMN setup_by;
      ALTER TABLE api_key DROP COLUMN granted_by;
      ALTER TABLE session DROP COLUMN stepped_up_at, DROP COLUMN second_factor;
      ALTER TABLE hospital DROP COLUMN second_factor_roles;
      ALTER TABLE sso_provider DROP COLUMN second_factor_trusted;
    `);
  }
}

const COLUMNS = `
  ALTER TABLE person ADD COLUMN addresses text[], ADD COLUMN expires_at timestamptz, ADD COLUMN setup_by uuid;
  ALTER TABLE api_key ADD COLUMN granted_by uuid;
  CREATE INDEX api_key_granted_by_idx ON api_key (hospital_id, granted_by) WHERE granted_by IS NOT NULL;
  ALTER TABLE session ADD COLUMN stepped_up_at timestamptz, ADD COLUMN second_factor boolean NOT NULL DEFAULT false;
  ALTER TABLE hospital ADD COLUMN second_factor_roles text[] NOT NULL DEFAULT '{}';
  ALTER TABLE sso_provider ADD COLUMN second_factor_trusted boolean NOT NULL DEFAULT false;
`;

const personOfSession = (added: { columns: string; values: string; where: string }): string => `
  DROP FUNCTION person_of_session(bytea);
  CREATE FUNCTION person_of_session(hash bytea)
    RETURNS TABLE (session_id uuid, session_kind text, person_id uuid, hospital_id uuid, name text, roles text[],
                   departments text[], own_patients_only boolean${added.columns}) LANGUAGE plpgsql AS $$
  DECLARE
    found_session session;
    factor_roles text[];
  BEGIN
    PERFORM set_config('nedwatch.presented', encode(hash, 'hex'), true);
    SELECT * INTO found_session FROM session s
     WHERE s.token_hash = hash AND s.ended_at IS NULL AND s.expires_at > program_now();
    IF NOT FOUND THEN RETURN; END IF;
    PERFORM set_config('nedwatch.hospital_id', found_session.hospital_id::text, true);
    SELECT ${added.columns === '' ? `'{}'::text[]` : 'h.second_factor_roles'} INTO factor_roles FROM hospital h
      WHERE h.id = found_session.hospital_id
        AND found_session.last_seen_at > program_now() - make_interval(mins => h.idle_minutes);
    IF NOT FOUND THEN RETURN; END IF;
    IF found_session.last_seen_at < program_now() - interval '1 minute' THEN
      UPDATE session s SET last_seen_at = program_now() WHERE s.id = found_session.id;
    END IF;
    RETURN QUERY SELECT found_session.id, found_session.kind, p.id, p.hospital_id,
                        CASE WHEN EXISTS (SELECT FROM person q WHERE q.hospital_id = p.hospital_id AND q.name = p.name AND q.id <> p.id)
                             THEN p.name || '（' || p.login || '）' ELSE p.name END,
                        p.roles, p.departments, p.own_patients_only${added.values}
                   FROM person p WHERE p.id = found_session.person_id AND p.state = 'active'${added.where};
  END $$;
`;

const PERSON_OF_SESSION = personOfSession({
  columns: ', addresses text[], expires_at timestamptz, stepped_up boolean, lacks_second_factor boolean',
  values: `, p.addresses, p.expires_at,
           coalesce(found_session.stepped_up_at > program_now() - interval '5 minutes', false),
           p.roles && factor_roles AND NOT found_session.second_factor`,
  where: ' AND (p.expires_at IS NULL OR p.expires_at > program_now())',
});

const PERSON_OF_SESSION_BEFORE = personOfSession({ columns: '', values: '', where: '' });
