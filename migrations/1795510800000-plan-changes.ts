import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a hospital follows is kept version by version, and is changed with a preview first. */
export class PlanChanges1795510800000 implements MigrationInterface {
  name = 'PlanChanges1795510800000';

  async up(db: QueryRunner): Promise<void> {
    await db.query(POLICY_VERSIONS);
    await db.query(PLAN_CHANGES);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      DROP TABLE plan_change;
      DROP TABLE hospital_policy;
      DROP INDEX patient_policy_version_idx;
      ALTER TABLE patient DROP COLUMN policy_version;
      ALTER TABLE hospital DROP COLUMN policy_version;
    `);
  }
}

// A policy that names no version of its guideline would follow a newer one without anybody's decision. Until
// now there was one version.
const POLICY_VERSIONS = `
  ALTER TABLE hospital ADD COLUMN policy_version integer NOT NULL DEFAULT 1;
  UPDATE hospital SET policy = jsonb_set(policy, '{guideline}', '"crlm-cn-2025@1.0.0"')
   WHERE policy ->> 'guideline' = 'crlm-cn-2025';

  CREATE TABLE hospital_policy (
    hospital_id  uuid NOT NULL REFERENCES hospital,
    version      integer NOT NULL,
    policy       jsonb NOT NULL,
    author       text,
    reason       text,
    created_at   timestamptz NOT NULL DEFAULT program_now(),
    PRIMARY KEY (hospital_id, version),
    CONSTRAINT hospital_policy_decided CHECK ((author IS NULL) = (reason IS NULL))
  );
  INSERT INTO hospital_policy (hospital_id, version, policy, created_at)
  SELECT id, policy_version, policy, created_at FROM hospital;

  -- The version by which the stored plan stands.
  ALTER TABLE patient ADD COLUMN policy_version integer NOT NULL DEFAULT 1;
  CREATE INDEX patient_policy_version_idx ON patient (hospital_id, policy_version);
`;

const PLAN_CHANGES = `
  CREATE TABLE plan_change (
    id                uuid PRIMARY KEY,
    hospital_id       uuid NOT NULL REFERENCES hospital,
    state             text NOT NULL CONSTRAINT plan_change_state
                      CHECK (state IN ('previewing', 'previewed', 'applying', 'applied', 'undoing', 'undone', 'discarded')),
    policy            jsonb NOT NULL,
    based_on_version  integer NOT NULL,
    applied_version   integer,
    cursor            uuid,
    patients_total    integer NOT NULL,
    patients_done     integer NOT NULL DEFAULT 0,
    kept              bigint NOT NULL DEFAULT 0,
    moved             bigint NOT NULL DEFAULT 0,
    cancelled         bigint NOT NULL DEFAULT 0,
    added             bigint NOT NULL DEFAULT 0,
    author            text NOT NULL,
    reason            text NOT NULL,
    created_at        timestamptz NOT NULL DEFAULT program_now(),
    changed_at        timestamptz NOT NULL DEFAULT program_now(),
    CONSTRAINT plan_change_hospital UNIQUE (hospital_id, id),
    CONSTRAINT plan_change_based_on_fkey FOREIGN KEY (hospital_id, based_on_version)
      REFERENCES hospital_policy (hospital_id, version),
    CONSTRAINT plan_change_applied_fkey FOREIGN KEY (hospital_id, applied_version)
      REFERENCES hospital_policy (hospital_id, version),
    CONSTRAINT plan_change_applied CHECK ((applied_version IS NOT NULL) = (state IN ('applying', 'applied', 'undoing', 'undone')))
  );
  -- One at a time changes the plans of a hospital.
  CREATE UNIQUE INDEX plan_change_running ON plan_change (hospital_id) WHERE state IN ('applying', 'undoing');
`;
