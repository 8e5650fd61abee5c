import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who saw and did what: written once, sealed in batches that hold each other, and never changed. */
export class Audit1795856800000 implements MigrationInterface {
  name = 'Audit1795856800000';

  async up(db: QueryRunner): Promise<void> {
    await db.query(EVENTS);
    await db.query(PARTITIONS);
    await db.query(SEALS);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      DROP TABLE audit_seal, audit_unsealed, audit_event;
      DROP FUNCTION refuse_change();
      DROP FUNCTION prepare_audit_partitions(timestamptz);
      DROP FUNCTION drop_audit_partitions(timestamptz);
    `);
  }
}

// No name of a patient, and nothing else of one but the id.
const EVENTS = `
  CREATE TABLE audit_event (
    id           uuid NOT NULL,
    hospital_id  uuid NOT NULL REFERENCES hospital,
    recorded_at  timestamptz NOT NULL,
    call         text NOT NULL,
    outcome      text NOT NULL CONSTRAINT audit_event_outcome CHECK (outcome IN ('done', 'refused')),
    status       integer,
    caller_kind  text NOT NULL,
    caller_id    text NOT NULL,
    roles        text[] NOT NULL,
    address      text,
    request_id   text,
    purpose      text NOT NULL,
    patients     uuid[] NOT NULL,
    detail       jsonb,
    PRIMARY KEY (recorded_at, id)
  ) PARTITION BY RANGE (recorded_at);
  CREATE TABLE audit_event_default PARTITION OF audit_event DEFAULT;
  CREATE INDEX audit_event_hospital_idx ON audit_event (hospital_id, recorded_at, id);
  CREATE INDEX audit_event_patients_idx ON audit_event USING gin (patients);

  CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'What is audited is never changed.' USING ERRCODE = 'insufficient_privilege'; END $$;
  CREATE TRIGGER audit_event_never_changes BEFORE UPDATE OR DELETE ON audit_event
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
  CREATE TRIGGER audit_event_never_emptied BEFORE TRUNCATE ON audit_event
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

  CALL bind_to_hospital('audit_event');
  REVOKE UPDATE ON audit_event FROM nedwatch_app;
`;

// One a month, made ahead by whoever runs; the default one takes what nobody expected, so that no call fails for it.
// These run as the owner: the application itself may create and drop nothing.
const PARTITIONS = `
  CREATE FUNCTION prepare_audit_partitions(moment timestamptz) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  DECLARE month date; named text;
  BEGIN
    PERFORM pg_advisory_xact_lock(6331951);
    FOR ahead IN 0..2 LOOP
      month := (date_trunc('month', moment AT TIME ZONE 'UTC') + make_interval(months => ahead))::date;
      named := format('audit_event_%s', to_char(month, 'YYYY_MM'));
      CONTINUE WHEN to_regclass(named) IS NOT NULL;
      BEGIN
        EXECUTE format('CREATE TABLE %I PARTITION OF audit_event FOR VALUES FROM (%L) TO (%L)', named,
                       month::timestamp AT TIME ZONE 'UTC', (month + interval '1 month')::timestamp AT TIME ZONE 'UTC');
      EXCEPTION WHEN check_violation THEN NULL; -- rows of that month lie in the default one, and may stay there
      END;
    END LOOP;
  END $$;

  -- Whole months that ended before the moment, none of them younger than the law allows.
  CREATE FUNCTION drop_audit_partitions(moment timestamptz) RETURNS SETOF text
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  DECLARE named text;
  BEGIN
    IF moment > program_now() - interval '184 days' THEN
      RAISE EXCEPTION 'Audit is kept for at least 184 days.';
    END IF;
    PERFORM pg_advisory_xact_lock(6331951);
    FOR named IN
      SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
       WHERE i.inhparent = 'audit_event'::regclass AND c.relname ~ '^audit_event_\\d{4}_\\d\\d$'
         AND to_date(right(c.relname, 7), 'YYYY_MM') + interval '1 month' <= moment AT TIME ZONE 'UTC'
       ORDER BY 1
    LOOP
      EXECUTE format('DROP TABLE %I', named);
      RETURN NEXT named;
    END LOOP;
  END $$;
`;

// A seal names the rows of its batch and their digests, and holds the seal before it.
const SEALS = `
  CREATE TABLE audit_unsealed (
    hospital_id  uuid NOT NULL REFERENCES hospital,
    recorded_at  timestamptz NOT NULL,
    id           uuid NOT NULL,
    PRIMARY KEY (hospital_id, recorded_at, id)
  );
  CALL bind_to_hospital('audit_unsealed');
  GRANT DELETE ON audit_unsealed TO nedwatch_app;
  REVOKE UPDATE ON audit_unsealed FROM nedwatch_app;
  CREATE POLICY sweep ON audit_unsealed FOR SELECT TO nedwatch_sweep USING (true);
  GRANT SELECT (hospital_id) ON audit_unsealed TO nedwatch_sweep;

  CREATE TABLE audit_seal (
    hospital_id  uuid NOT NULL REFERENCES hospital,
    batch        integer NOT NULL,
    previous     bytea,
    ids          uuid[] NOT NULL,
    instants     timestamptz[] NOT NULL,
    digests      bytea[] NOT NULL,
    digest       bytea NOT NULL,
    sealed_at    timestamptz NOT NULL,
    PRIMARY KEY (hospital_id, batch),
    CONSTRAINT audit_seal_whole CHECK (cardinality(ids) > 0 AND cardinality(ids) = cardinality(digests)
                                       AND cardinality(ids) = cardinality(instants))
  );
  CREATE TRIGGER audit_seal_never_changes BEFORE UPDATE OR DELETE ON audit_seal
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
  CREATE TRIGGER audit_seal_never_emptied BEFORE TRUNCATE ON audit_seal
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
  CALL bind_to_hospital('audit_seal');
  REVOKE UPDATE ON audit_seal FROM nedwatch_app;
`;
