import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The application works as `nedwatch_app`, which owns nothing: each row shows itself to the hospital that the
 * transaction has entered, and to no other. `nedwatch_sweep` sees of all hospitals what is due, and not what it is.
 */
export class RowSecurity1795684000000 implements MigrationInterface {
  name = 'RowSecurity1795684000000';

  async up(db: QueryRunner): Promise<void> {
    await db.query(ROLES);
    await db.query(CREDENTIALS);
    await db.query(HOSPITAL_IN_SCOPE);
    for (const table of TABLES) await db.query(`CALL bind_to_hospital('${table}')`);
    await db.query(REACH);
    await db.query(SWEEP);
    await db.query(GRANTS);
  }

  async down(db: QueryRunner): Promise<void> {
    // The roles belong to the server, and other databases may use them.
    await db.query(`
      DO $$
      DECLARE p record;
      BEGIN
        FOR p IN SELECT policyname, tablename FROM pg_policies WHERE schemaname = 'public' LOOP
          EXECUTE format('DROP POLICY %I ON %I', p.policyname, p.tablename);
          EXECUTE format('ALTER TABLE %I DISABLE ROW LEVEL SECURITY, NO FORCE ROW LEVEL SECURITY', p.tablename);
        END LOOP;
      END $$;
      REVOKE ALL ON ALL TABLES IN SCHEMA public FROM nedwatch_app, nedwatch_sweep;
      DROP FUNCTION api_key_of(bytea);
      DROP FUNCTION enter_hospital(uuid, text);
      DROP PROCEDURE bind_to_hospital(regclass);
      DROP FUNCTION within_reach(text, text);
      DROP FUNCTION reach_is_limited();
      DROP FUNCTION current_hospital();
      ALTER TABLE patient DROP COLUMN department;
      ALTER TABLE api_key DROP COLUMN roles, DROP COLUMN scopes, DROP COLUMN departments, DROP COLUMN last_four,
        DROP COLUMN expires_at, DROP COLUMN addresses, DROP COLUMN created_by, DROP COLUMN last_used_at;
    `);
  }
}

const TABLES = [
  ...['api_key', 'idempotent_answer', 'hospital_policy', 'plan_change'],
  ...['patient', 'clinical_event', 'clinical_decision', 'surveillance_item'],
  ...['reminder', 'webhook_endpoint', 'delivery', 'delivery_attempt'],
];

// Roles belong to the server: another database of it may have made them, even at this moment.
const ROLES = `
  DO $$
  DECLARE wanted text;
  BEGIN
    FOREACH wanted IN ARRAY ARRAY['nedwatch_app', 'nedwatch_sweep'] LOOP
      IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = wanted) THEN
        BEGIN
          EXECUTE format('CREATE ROLE %I NOLOGIN NOINHERIT', wanted);
        EXCEPTION
          WHEN duplicate_object OR unique_violation THEN NULL;
          WHEN insufficient_privilege THEN
            RAISE EXCEPTION 'This login may not create roles. Let an administrator of the database run once: CREATE ROLE nedwatch_app NOLOGIN NOINHERIT; CREATE ROLE nedwatch_sweep NOLOGIN NOINHERIT; GRANT nedwatch_sweep TO nedwatch_app; GRANT nedwatch_app, nedwatch_sweep TO %', current_user;
        END;
      END IF;
    END LOOP;
    IF NOT pg_has_role('nedwatch_app', 'nedwatch_sweep', 'MEMBER') THEN
      GRANT nedwatch_sweep TO nedwatch_app;
    END IF;
    IF NOT pg_has_role('nedwatch_app', 'MEMBER') THEN
      EXECUTE format('GRANT nedwatch_app, nedwatch_sweep TO %I', current_user);
    END IF;
  END $$;
`;

// A key made by an older version is the administrator's: it may do what it could.
const CREDENTIALS = `
  ALTER TABLE patient ADD COLUMN department text;
  ALTER TABLE api_key
    ADD COLUMN roles text[] NOT NULL
      DEFAULT '{nurse,head_nurse,clinician,hospital_admin,auditor,integration,platform_operator}',
    ADD COLUMN scopes text[],
    ADD COLUMN departments text[],
    ADD COLUMN last_four text,
    ADD COLUMN expires_at timestamptz,
    ADD COLUMN addresses text[],
    ADD COLUMN created_by text,
    ADD COLUMN last_used_at timestamptz;
`;

// Unset is null, and after a transaction that set it, an empty string: both show no row.
const HOSPITAL_IN_SCOPE = `
  CREATE FUNCTION current_hospital() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT nullif(current_setting('nedwatch.hospital_id', true), '')::uuid $$;

  -- What every table with a hospital_id is made safe by. Its owner, who migrates and backs up, still sees all.
  CREATE PROCEDURE bind_to_hospital(bound regclass) LANGUAGE plpgsql AS $$
  BEGIN
    EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', bound);
    EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', bound);
    EXECUTE format('CREATE POLICY hospital ON %s TO nedwatch_app
                      USING (hospital_id = current_hospital()) WITH CHECK (hospital_id = current_hospital())', bound);
    EXECUTE format('CREATE POLICY owner ON %s TO CURRENT_USER USING (true) WITH CHECK (true)', bound);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE ON %s TO nedwatch_app', bound);
  END $$;

  ALTER TABLE hospital ENABLE ROW LEVEL SECURITY;
  ALTER TABLE hospital FORCE ROW LEVEL SECURITY;
  CREATE POLICY hospital ON hospital TO nedwatch_app
    USING (id = current_hospital()) WITH CHECK (id = current_hospital());
  CREATE POLICY owner ON hospital TO CURRENT_USER USING (true) WITH CHECK (true);
  GRANT SELECT, INSERT, UPDATE ON hospital TO nedwatch_app;

  -- The first statement of every transaction: from here to its end, this hospital and these patients of it.
  CREATE FUNCTION enter_hospital(entered uuid, reach text) RETURNS SETOF hospital LANGUAGE plpgsql AS $$
  BEGIN
    PERFORM set_config('nedwatch.hospital_id', entered::text, true), set_config('nedwatch.reach', reach, true);
    RETURN QUERY SELECT * FROM hospital WHERE id = entered;
  END $$;

  -- Before the hospital is known: whoever presents a key sees the row of that key.
  CREATE POLICY presented ON api_key FOR SELECT TO nedwatch_app
    USING (key_hash = decode(current_setting('nedwatch.presented', true), 'hex'));
  CREATE FUNCTION api_key_of(hash bytea) RETURNS SETOF api_key LANGUAGE plpgsql AS $$
  BEGIN
    PERFORM set_config('nedwatch.presented', encode(hash, 'hex'), true);
    RETURN QUERY SELECT * FROM api_key WHERE key_hash = hash;
  END $$;
`;

// Some see the patients of their departments, or their own alone: {"departments": […], "nurse": name}. A patient whose
// department nobody wrote down is seen by all, because someone has to. Empty: every patient of the hospital.
const REACH = `
  CREATE FUNCTION reach_is_limited() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT coalesce(current_setting('nedwatch.reach', true), '') <> '' $$;
  CREATE FUNCTION within_reach(department text, responsible_nurse text) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT coalesce(responsible_nurse = reach ->> 'nurse', false)
              OR (reach ? 'departments' AND (department IS NULL OR reach -> 'departments' ? department))
            FROM (SELECT current_setting('nedwatch.reach')::jsonb AS reach) AS said $$;

  CREATE POLICY reach ON patient AS RESTRICTIVE TO nedwatch_app
    USING (NOT reach_is_limited() OR within_reach(department, responsible_nurse));
  CREATE POLICY reach ON clinical_event AS RESTRICTIVE TO nedwatch_app
    USING (NOT reach_is_limited() OR EXISTS (SELECT FROM patient p WHERE p.id = patient_id));
  CREATE POLICY reach ON clinical_decision AS RESTRICTIVE TO nedwatch_app
    USING (NOT reach_is_limited() OR EXISTS (SELECT FROM patient p WHERE p.id = patient_id));
  CREATE POLICY reach ON surveillance_item AS RESTRICTIVE TO nedwatch_app
    USING (NOT reach_is_limited() OR EXISTS (SELECT FROM patient p WHERE p.id = patient_id));
`;

const SWEEP = `
  CREATE POLICY sweep ON hospital FOR SELECT TO nedwatch_sweep USING (true);
  CREATE POLICY sweep ON patient FOR SELECT TO nedwatch_sweep USING (true);
  CREATE POLICY sweep ON plan_change FOR SELECT TO nedwatch_sweep USING (true);
  CREATE POLICY sweep ON delivery FOR SELECT TO nedwatch_sweep USING (true);
  GRANT SELECT (id, policy_version, created_at) ON hospital TO nedwatch_sweep;
  GRANT SELECT (hospital_id, policy_version) ON patient TO nedwatch_sweep;
  GRANT SELECT (hospital_id, state) ON plan_change TO nedwatch_sweep;
  GRANT SELECT (id, hospital_id, attempts, state, next_attempt_at) ON delivery TO nedwatch_sweep;
  GRANT SELECT ON program_clock TO nedwatch_sweep;
`;

const GRANTS = `
  GRANT USAGE ON SCHEMA public TO nedwatch_app, nedwatch_sweep;
  GRANT SELECT, UPDATE ON program_clock TO nedwatch_app;
  GRANT SELECT ON migrations TO nedwatch_app;
  GRANT DELETE ON idempotent_answer TO nedwatch_app;
  REVOKE UPDATE ON hospital_policy FROM nedwatch_app;
`;
