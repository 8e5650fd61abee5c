import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Which measured values somebody has to judge, and who confirmed values that contradict something. */
export class MeasuredValues1797600000000 implements MigrationInterface {
  name = 'MeasuredValues1797600000000';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      ALTER TABLE clinical_event
        ADD COLUMN to_judge jsonb,
        ADD COLUMN confirmed_by text,
        ADD CONSTRAINT clinical_event_to_judge CHECK (to_judge IS NULL OR jsonb_typeof(to_judge) = 'array')
    `);
    await db.query(MARK_RECORDED);
    await db.query(`
      CREATE INDEX clinical_event_to_judge_idx ON clinical_event (hospital_id, patient_id)
        WHERE to_judge IS NOT NULL AND voided_at IS NULL
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('ALTER TABLE clinical_event DROP COLUMN to_judge, DROP COLUMN confirmed_by');
  }
}

// What was recorded before has been compared with nothing. Until now no hospital could choose a limit, and a value in
// the unit of the other marker, which was accepted, cannot be compared.
const MARK_RECORDED = `
  UPDATE clinical_event SET to_judge = above.to_judge
    FROM (SELECT e.id, jsonb_agg(DISTINCT jsonb_build_object('code', l.code, 'limit', l.highest, 'limitOf', 'default')) AS to_judge
            FROM clinical_event e
            CROSS JOIN LATERAL jsonb_array_elements(
              CASE jsonb_typeof(e.detail -> 'values') WHEN 'array' THEN e.detail -> 'values' ELSE '[]' END) AS v
            JOIN (VALUES ('CEA', 'ng/mL', 5), ('CA19-9', 'U/mL', 37)) AS l (code, unit, highest) ON l.code = v ->> 'code'
           WHERE e.type = 'exam' AND ((v ->> 'value')::numeric > l.highest OR v ->> 'unit' <> l.unit)
           GROUP BY e.id) AS above
   WHERE clinical_event.id = above.id
`;
