import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Months of audit: none can be emptied by itself, none is dropped unsealed, and making or dropping one blocks nobody for long. */
export class AuditKeeping1795860400000 implements MigrationInterface {
  name = 'AuditKeeping1795860400000';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      DROP FUNCTION prepare_audit_partitions(timestamptz);
      DROP FUNCTION drop_audit_partitions(timestamptz);
    `);
    await db.query(PARTITIONS);
    await db.query(RIGHTS);
    await db.query(`
      DO $$
      DECLARE part regclass;
      BEGIN
        FOR part IN SELECT inhrelid FROM pg_inherits WHERE inhparent = 'audit_event'::regclass LOOP
          PERFORM guard_audit_partition(part);
        END LOOP;
      END $$`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      DO $$
      DECLARE part regclass;
      BEGIN
        FOR part IN SELECT inhrelid FROM pg_inherits WHERE inhparent = 'audit_event'::regclass LOOP
          EXECUTE format('DROP TRIGGER IF EXISTS audit_partition_never_emptied ON %s', part);
        END LOOP;
      END $$;
      DROP FUNCTION prepare_audit_partitions(timestamptz);
      DROP FUNCTION drop_audit_partitions(timestamptz);
      DROP FUNCTION audit_partitions_before(timestamptz);
      DROP FUNCTION guard_audit_partition(regclass);
    `);
    await db.query(EARLIER);
  }
}

// A month is made and dropped under a lock that nobody else's may wait behind: after two seconds it is tried again later.
const PARTITIONS = `
  -- A trigger against TRUNCATE, unlike one of a row, is not handed down to the partitions.
  CREATE FUNCTION guard_audit_partition(part regclass) RETURNS void LANGUAGE plpgsql AS $$
  BEGIN
    EXECUTE format('CREATE TRIGGER audit_partition_never_emptied BEFORE TRUNCATE ON %s
                      FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()', part);
  END $$;

  CREATE FUNCTION prepare_audit_partitions(moment timestamptz) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET lock_timeout = '2s' AS $$
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
        PERFORM guard_audit_partition(named::regclass);
      EXCEPTION WHEN check_violation THEN NULL; -- rows of that month lie in the default one, and may stay there
      END;
    END LOOP;
  END $$;

  -- Whole months that ended by then, all of whose rows are sealed.
  CREATE FUNCTION audit_partitions_before(moment timestamptz) RETURNS SETOF text
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT c.relname::text
      FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid,
           LATERAL (SELECT to_date(substring(c.relname FROM '\\d{4}_\\d\\d$'), 'YYYY_MM')::timestamp AS start) AS month
     WHERE i.inhparent = 'audit_event'::regclass AND c.relname ~ '^audit_event_\\d{4}_\\d\\d$'
       AND (start + interval '1 month') AT TIME ZONE 'UTC' <= moment
       AND NOT EXISTS (SELECT FROM audit_unsealed WHERE recorded_at >= start AT TIME ZONE 'UTC'
                                                    AND recorded_at < (start + interval '1 month') AT TIME ZONE 'UTC')
     ORDER BY 1 $$;

  CREATE FUNCTION drop_audit_partitions(moment timestamptz) RETURNS SETOF text
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET lock_timeout = '2s' AS $$
  DECLARE named text;
  BEGIN
    IF moment > program_now() - interval '184 days' THEN
      RAISE EXCEPTION 'Audit is kept for at least 184 days.';
    END IF;
    PERFORM pg_advisory_xact_lock(6331951);
    FOR named IN SELECT * FROM audit_partitions_before(moment) LOOP
      EXECUTE format('DROP TABLE %I', named);
      RETURN NEXT named;
    END LOOP;
  END $$;
`;

const RIGHTS = `
  REVOKE ALL ON FUNCTION prepare_audit_partitions(timestamptz), drop_audit_partitions(timestamptz),
                         audit_partitions_before(timestamptz), guard_audit_partition(regclass) FROM PUBLIC;
  GRANT EXECUTE ON FUNCTION prepare_audit_partitions(timestamptz), drop_audit_partitions(timestamptz),
                            audit_partitions_before(timestamptz) TO nedwatch_app;
`;

// As it was before.
const EARLIER = `
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
