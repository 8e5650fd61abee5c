import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Functions that name their columns, for the look-ups of every request. A function that returns a row of a table fails
 * where it waited while a migration added a column to that table: its caller expects the columns of before. The earlier
 * functions stay for the version that still serves.
 */
export class NamedLookUps1799880000000 implements MigrationInterface {
  name = 'NamedLookUps1799880000000';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE FUNCTION hospital_entered(entered uuid, reach text)
        RETURNS TABLE (id uuid, time_zone text, language text, policy jsonb, policy_version integer, networks jsonb)
        LANGUAGE plpgsql AS $$
      #variable_conflict use_column
      BEGIN
        PERFORM set_config('nedwatch.hospital_id', entered::text, true), set_config('nedwatch.reach', reach, true);
        -- The lock of this query is held until the transaction ends: by it a move finds the transactions that asked before.
        IF EXISTS (SELECT FROM hospital_move m WHERE m.hospital_id = entered AND m.state IS NOT NULL) THEN
          RAISE EXCEPTION 'hospital % is in another database, or moves to it', entered USING ERRCODE = 'NW001';
        END IF;
        RETURN QUERY SELECT h.id, h.time_zone, h.language, h.policy, h.policy_version, h.networks
                       FROM hospital h WHERE h.id = entered;
      END $$;
      CREATE FUNCTION hospital_with_code(presented text) RETURNS TABLE (id uuid, name text, password_policy text)
        LANGUAGE plpgsql AS $$
      #variable_conflict use_column
      BEGIN
        PERFORM set_config('nedwatch.presented_code', presented, true);
        RETURN QUERY SELECT h.id, h.name, h.password_policy FROM hospital h WHERE h.code = presented;
      END $$;
      ${useApiKey(`
        PERFORM set_config('nedwatch.presented', encode(hash, 'hex'), true);
        SELECT * INTO found_key FROM api_key k
         WHERE k.key_hash = hash AND k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > program_now());`)}
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      ${useApiKey(`
        SELECT * INTO found_key FROM api_key_of(hash) k
         WHERE k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > program_now());`)}
      DROP FUNCTION hospital_with_code(text);
      DROP FUNCTION hospital_entered(uuid, text);
    `);
  }
}

/** When the key was last used is known to the minute. */
const useApiKey = (find: string): string => `
      CREATE OR REPLACE FUNCTION use_api_key(hash bytea)
        RETURNS TABLE (id uuid, hospital_id uuid, name text, roles text[], scopes text[], departments text[],
                       addresses text[], expires_at timestamptz) LANGUAGE plpgsql AS $$
      #variable_conflict use_column
      DECLARE
        found_key api_key;
      BEGIN${find}
        IF NOT FOUND THEN RETURN; END IF;
        IF coalesce(found_key.last_used_at, '-infinity') < program_now() - interval '1 minute' THEN
          PERFORM set_config('nedwatch.hospital_id', found_key.hospital_id::text, true);
          UPDATE api_key k SET last_used_at = program_now() WHERE k.id = found_key.id;
        END IF;
        RETURN QUERY SELECT found_key.id, found_key.hospital_id, found_key.name, found_key.roles, found_key.scopes,
                            found_key.departments, found_key.addresses, found_key.expires_at;
      END $$;`;
