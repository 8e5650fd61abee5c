import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What makes two patients one: the mrn in one form, and the blind index of the identity number, each unique in the
 * hospital. Patients who collide already are kept, marked as sharing it.
 */
export class PatientKeys1797700000000 implements MigrationInterface {
  name = 'PatientKeys1797700000000';

  async up(db: QueryRunner): Promise<void> {
    await db.query(FOLDED);
    await db.query(COLUMNS);
    await db.query(TRIGGER);
    await db.query(MRN_KEYS);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      DROP TRIGGER patient_keys ON patient;
      DROP FUNCTION set_patient_keys();
      DROP INDEX patient_birth_idx;
      ALTER TABLE patient DROP COLUMN mrn_key, DROP COLUMN mrn_shared, DROP COLUMN identity_index,
        DROP COLUMN identity_shared, DROP COLUMN index_version;
      DROP FUNCTION folded(text);
    `);
  }
}

// The twin of src/patients/folded.ts. Letters beyond ASCII keep their case: databases differ in how they know it.
const FOLDED = String.raw`
  CREATE FUNCTION folded(typed text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    AS $$ SELECT translate(
      regexp_replace(normalize(typed, NFKC),
        '[\u0009-\u000d\u0020\u0085\u00a0\u00ad\u034f\u061c\u1680\u180e\u2000-\u200f\u2028-\u202f\u205f-\u2064\u3000\ufeff]', '', 'g'),
      'ABCDEFGHIJKLMNOPQRSTUVWXYZ', 'abcdefghijklmnopqrstuvwxyz') $$;
`;

// index_version: 1 is what a version before this one has written; a worker makes 2 of it, in batches.
const COLUMNS = `
  ALTER TABLE patient
    ADD COLUMN mrn_key text,
    ADD COLUMN mrn_shared boolean NOT NULL DEFAULT false,
    ADD COLUMN identity_index bytea,
    ADD COLUMN identity_shared boolean NOT NULL DEFAULT false,
    ADD COLUMN index_version smallint NOT NULL DEFAULT 1;
  CREATE UNIQUE INDEX patient_identity_once ON patient (hospital_id, identity_index) WHERE NOT identity_shared;
  CREATE INDEX patient_to_index_idx ON patient (hospital_id) WHERE index_version < 2;
  CREATE INDEX patient_birth_idx ON patient (hospital_id, birth_date);
  GRANT SELECT (index_version) ON patient TO nedwatch_sweep;
`;

// Holds for every writer, an older version too: what it changes of an identity is indexed anew.
const TRIGGER = `
  CREATE FUNCTION set_patient_keys() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    NEW.mrn_key := folded(NEW.mrn);
    IF TG_OP = 'UPDATE' AND NEW.mrn IS DISTINCT FROM OLD.mrn AND NEW.mrn_shared AND OLD.mrn_shared THEN
      NEW.mrn_shared := false;
    END IF;
    IF TG_OP = 'UPDATE' AND NEW.identity_shared AND OLD.identity_shared
       AND NEW.search_terms IS DISTINCT FROM OLD.search_terms THEN
      NEW.index_version := 1;
    END IF;
    IF NEW.erased_at IS NOT NULL THEN
      NEW.identity_index := NULL;
      NEW.identity_shared := false;
      NEW.index_version := 2;
    ELSIF NEW.identity_number IS NOT NULL AND NEW.identity_index IS NULL AND NOT NEW.identity_shared
       OR NEW.identity_index IS NOT NULL
          AND (NEW.identity_number IS NULL OR NOT coalesce(NEW.search_terms @> ARRAY[NEW.identity_index], false)) THEN
      NEW.identity_index := NULL;
      NEW.index_version := 1;
    END IF;
    RETURN NEW;
  END $$;
  CREATE TRIGGER patient_keys BEFORE INSERT OR UPDATE OF mrn, mrn_shared, identity_number, search_terms, identity_index, erased_at
    ON patient FOR EACH ROW EXECUTE FUNCTION set_patient_keys();
`;

// Of those with one mrn in different forms the first keeps it.
const MRN_KEYS = `
  LOCK TABLE patient IN SHARE ROW EXCLUSIVE MODE;
  UPDATE patient SET mrn_key = folded(mrn), mrn_shared = place > 1, index_version = CASE WHEN erased_at IS NULL THEN 1 ELSE 2 END
    FROM (SELECT hospital_id AS of_hospital, id AS of_patient,
                 row_number() OVER (PARTITION BY hospital_id, folded(mrn) ORDER BY created_at, id) AS place
            FROM patient) AS places
   WHERE hospital_id = of_hospital AND id = of_patient;
  ALTER TABLE patient ALTER COLUMN mrn_key SET NOT NULL;
  CREATE UNIQUE INDEX patient_mrn_once ON patient (hospital_id, mrn_key) WHERE NOT mrn_shared;
`;
