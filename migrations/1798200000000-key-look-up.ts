import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Lets the look-up of an API key name its columns. PostgreSQL locks a table while it plans a call whose result is a row
 * of that table, and so before the call's own `lock_timeout` holds: on a new connection the look-up waited without end.
 */
export class KeyLookUp1798200000000 implements MigrationInterface {
  name = 'KeyLookUp1798200000000';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      DROP FUNCTION use_api_key(bytea);
      CREATE FUNCTION use_api_key(hash bytea)
        RETURNS TABLE (id uuid, hospital_id uuid, name text, roles text[], scopes text[], departments text[],
                       addresses text[], expires_at timestamptz) LANGUAGE plpgsql AS $$
      #variable_conflict use_column
      DECLARE
        found_key api_key;
      BEGIN
        ${FIND_AND_USE}
        RETURN QUERY SELECT found_key.id, found_key.hospital_id, found_key.name, found_key.roles, found_key.scopes,
                            found_key.departments, found_key.addresses, found_key.expires_at;
      END $$;
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      DROP FUNCTION use_api_key(bytea);
      CREATE FUNCTION use_api_key(hash bytea) RETURNS SETOF api_key LANGUAGE plpgsql AS $$
      DECLARE
        found_key api_key;
      BEGIN
        ${FIND_AND_USE}
        RETURN NEXT found_key;
      END $$;
    `);
  }
}

// When the key was last used is known to the minute.
const FIND_AND_USE = `
        SELECT * INTO found_key FROM api_key_of(hash) k
         WHERE k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > program_now());
        IF NOT FOUND THEN RETURN; END IF;
        IF coalesce(found_key.last_used_at, '-infinity') < program_now() - interval '1 minute' THEN
          PERFORM set_config('nedwatch.hospital_id', found_key.hospital_id::text, true);
          UPDATE api_key k SET last_used_at = program_now() WHERE k.id = found_key.id;
        END IF;`;
