import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Machines that sign in with a private key of their own: the public keys beside the limits of an API key, and the
 * access tokens of some minutes that they receive. A row of `access_token` is also the record that an assertion was
 * used, so it stays until both have ended.
 */
export class SignedInClients1799840000000 implements MigrationInterface {
  name = 'SignedInClients1799840000000';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      ALTER TABLE api_key ADD COLUMN key_set jsonb, ALTER COLUMN key_hash DROP NOT NULL;
      ALTER TABLE api_key ADD CONSTRAINT api_key_credential CHECK ((key_hash IS NULL) = (key_set IS NOT NULL)) NOT VALID;
      ALTER TABLE api_key VALIDATE CONSTRAINT api_key_credential;

      -- Before the hospital is known: a client that names itself is found by its id, and then has to prove it.
      CREATE POLICY presented_client ON api_key FOR SELECT TO nedwatch_app
        USING (key_set IS NOT NULL AND id = nullif(current_setting('nedwatch.presented_client', true), '')::uuid);
      CREATE FUNCTION client_of_id(presented uuid) RETURNS TABLE (hospital_id uuid) LANGUAGE plpgsql AS $$
      #variable_conflict use_column
      BEGIN
        PERFORM set_config('nedwatch.presented_client', presented::text, true);
        RETURN QUERY SELECT k.hospital_id FROM api_key k
                      WHERE k.id = presented AND k.key_set IS NOT NULL AND k.revoked_at IS NULL
                        AND (k.expires_at IS NULL OR k.expires_at > program_now());
      END $$;

      ALTER TABLE api_key ADD CONSTRAINT api_key_in_hospital UNIQUE (hospital_id, id);
      CREATE TABLE access_token (
        hospital_id   uuid NOT NULL REFERENCES hospital,
        api_key_id    uuid NOT NULL,
        assertion     bytea NOT NULL,
        token_hash    bytea CONSTRAINT access_token_hash UNIQUE,
        scopes        text[] NOT NULL,
        resources     text[],
        expires_at    timestamptz NOT NULL,
        kept_until    timestamptz NOT NULL,
        CONSTRAINT access_token_pkey PRIMARY KEY (hospital_id, api_key_id, assertion),
        FOREIGN KEY (hospital_id, api_key_id) REFERENCES api_key (hospital_id, id)
      );
      CREATE INDEX access_token_kept_idx ON access_token (hospital_id, api_key_id, kept_until);
      CALL bind_to_hospital('access_token');
      GRANT DELETE ON access_token TO nedwatch_app;
      CREATE POLICY presented ON access_token FOR SELECT TO nedwatch_app
        USING (token_hash = decode(current_setting('nedwatch.presented', true), 'hex'));

      CREATE FUNCTION use_access_token(hash bytea)
        RETURNS TABLE (id uuid, hospital_id uuid, name text, roles text[], scopes text[], resources text[],
                       within text[], departments text[], addresses text[], expires_at timestamptz) LANGUAGE plpgsql AS $$
      #variable_conflict use_column
      DECLARE
        token access_token;
        used api_key;
      BEGIN
        PERFORM set_config('nedwatch.presented', encode(hash, 'hex'), true);
        SELECT * INTO token FROM access_token t WHERE t.token_hash = hash AND t.expires_at > program_now();
        IF NOT FOUND THEN RETURN; END IF;
        PERFORM set_config('nedwatch.hospital_id', token.hospital_id::text, true);
        SELECT * INTO used FROM api_key k
         WHERE k.id = token.api_key_id AND k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > program_now());
        IF NOT FOUND THEN RETURN; END IF;
        RETURN QUERY SELECT used.id, used.hospital_id, used.name, used.roles, token.scopes, token.resources, used.scopes,
                            used.departments, used.addresses, token.expires_at;
      END $$;
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      DROP FUNCTION use_access_token(bytea);
      DROP TABLE access_token;
      ALTER TABLE api_key DROP CONSTRAINT api_key_in_hospital;
      DROP FUNCTION client_of_id(uuid);
      DROP POLICY presented_client ON api_key;
      DELETE FROM api_key WHERE key_set IS NOT NULL;
      ALTER TABLE api_key DROP CONSTRAINT api_key_credential, ALTER COLUMN key_hash SET NOT NULL, DROP COLUMN key_set;
    `);
  }
}
