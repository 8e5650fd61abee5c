import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Counts of a month in a large hospital, and inspection reports, which never change. */
export class Statistics1799600000000 implements MigrationInterface {
  name = 'Statistics1799600000000';

  async up(db: QueryRunner): Promise<void> {
    await db.query(FIGURES);
    await db.query(REPORTS);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('DROP TABLE inspection_report, statistics_figure, statistics_month');
  }
}

// Rows with by_nurse are for callers who see a part of the patients, and for figures by nurse; the others are fewer.
const FIGURES = `
  CREATE TABLE statistics_month (
    hospital_id  uuid NOT NULL REFERENCES hospital (id),
    month        date NOT NULL,
    computed_at  timestamptz NOT NULL,
    PRIMARY KEY (hospital_id, month)
  );
  CALL bind_to_hospital('statistics_month');
  GRANT DELETE ON statistics_month TO nedwatch_app;

  CREATE TABLE statistics_figure (
    hospital_id  uuid NOT NULL,
    month        date NOT NULL,
    by_nurse     boolean NOT NULL,
    department   text,
    person_id    uuid,
    nurse        text,
    stage        text,
    measure      text NOT NULL,
    activity     text,
    rule         text,
    reason       text,
    delays       integer[] NOT NULL,
    counts       integer[] NOT NULL,
    CONSTRAINT statistics_figure_month_fkey FOREIGN KEY (hospital_id, month)
      REFERENCES statistics_month (hospital_id, month) ON DELETE CASCADE
  );
  CREATE INDEX statistics_figure_idx ON statistics_figure (hospital_id, month, by_nurse);
  CALL bind_to_hospital('statistics_figure');
  GRANT DELETE ON statistics_figure TO nedwatch_app;
  CREATE POLICY reach ON statistics_figure AS RESTRICTIVE TO nedwatch_app
    USING (NOT reach_is_limited() OR (by_nurse AND within_reach(department, nurse, person_id)));
`;

const REPORTS = `
  CREATE TABLE inspection_report (
    id           uuid PRIMARY KEY,
    hospital_id  uuid NOT NULL REFERENCES hospital (id),
    department   text,
    month        date NOT NULL,
    content      jsonb NOT NULL,
    digest       bytea NOT NULL,
    created_by   text NOT NULL,
    created_at   timestamptz NOT NULL DEFAULT program_now(),
    CONSTRAINT inspection_report_month CHECK (extract(day FROM month) = 1)
  );
  CREATE INDEX inspection_report_idx ON inspection_report (hospital_id, month, id);
  CALL bind_to_hospital('inspection_report');
  REVOKE UPDATE ON inspection_report FROM nedwatch_app;
  CREATE POLICY reach ON inspection_report AS RESTRICTIVE TO nedwatch_app
    USING (NOT reach_is_limited() OR (department IS NOT NULL AND within_reach(department, NULL, NULL)));
`;
