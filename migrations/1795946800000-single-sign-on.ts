import type { MigrationInterface, QueryRunner } from 'typeorm';

/** People whom another system knows: the identity providers of a hospital, and who is who there. */
export class SingleSignOn1795946800000 implements MigrationInterface {
  name = 'SingleSignOn1795946800000';

  async up(db: QueryRunner): Promise<void> {
    await db.query(PROVIDERS);
    await db.query(IDENTITIES);
    await db.query(LOGOUT);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      ALTER TABLE session DROP COLUMN provider_id, DROP COLUMN provider_session;
      DROP TABLE sso_logout, person_identity, sso_provider;
    `);
  }
}

const PROVIDERS = `
  CREATE TABLE sso_provider (
    id             uuid PRIMARY KEY,
    hospital_id    uuid NOT NULL REFERENCES hospital,
    code           text NOT NULL,
    name           text NOT NULL,
    issuer         text NOT NULL,
    client_id      text NOT NULL,
    client_secret  bytea,
    role_claim     text NOT NULL,
    role_map       jsonb NOT NULL,
    auto_create    boolean NOT NULL,
    enabled        boolean NOT NULL,
    revision       integer NOT NULL DEFAULT 1,
    created_by     text NOT NULL,
    created_at     timestamptz NOT NULL,
    CONSTRAINT sso_provider_in_hospital UNIQUE (hospital_id, id),
    CONSTRAINT sso_provider_code UNIQUE (hospital_id, code),
    CONSTRAINT sso_provider_issuer UNIQUE (hospital_id, issuer)
  );
  CALL bind_to_hospital('sso_provider');
`;

// Somebody is who the issuer says by its own subject, never by a name or an address that may pass to another.
const IDENTITIES = `
  CREATE TABLE person_identity (
    hospital_id        uuid NOT NULL REFERENCES hospital,
    provider_id        uuid NOT NULL,
    subject            text NOT NULL,
    person_id          uuid NOT NULL,
    roles_from_claims  boolean NOT NULL,
    PRIMARY KEY (hospital_id, provider_id, subject),
    CONSTRAINT person_identity_person FOREIGN KEY (hospital_id, person_id) REFERENCES person (hospital_id, id),
    CONSTRAINT person_identity_provider FOREIGN KEY (hospital_id, provider_id) REFERENCES sso_provider (hospital_id, id)
  );
  CREATE INDEX person_identity_person_idx ON person_identity (hospital_id, person_id);
  CALL bind_to_hospital('person_identity');
`;

const LOGOUT = `
  ALTER TABLE session
    ADD COLUMN provider_id uuid,
    ADD COLUMN provider_session text,
    ADD CONSTRAINT session_provider FOREIGN KEY (hospital_id, provider_id) REFERENCES sso_provider (hospital_id, id);
  CREATE INDEX session_provider_idx ON session (hospital_id, provider_id) WHERE provider_id IS NOT NULL;

  -- The tokens by which a provider ended sessions, so that none is taken twice.
  CREATE TABLE sso_logout (
    hospital_id  uuid NOT NULL REFERENCES hospital,
    provider_id  uuid NOT NULL,
    token_id     text NOT NULL,
    taken_at     timestamptz NOT NULL,
    PRIMARY KEY (hospital_id, provider_id, token_id),
    CONSTRAINT sso_logout_provider FOREIGN KEY (hospital_id, provider_id) REFERENCES sso_provider (hospital_id, id)
  );
  CALL bind_to_hospital('sso_logout');
  GRANT DELETE ON sso_logout TO nedwatch_app;
`;
