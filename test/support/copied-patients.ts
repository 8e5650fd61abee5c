import type { TestApp } from './app.js';

const columnsOf = async (t: TestApp, table: string): Promise<string[]> =>
  (
    await t.dataSource.query<{ name: string }[]>(
      `SELECT column_name AS name FROM information_schema.columns
        WHERE table_schema = 'public' AND table_name = $1 AND is_generated = 'NEVER'`,
      [table],
    )
  ).map(({ name }) => name);

/**
 * Copies one patient, with one open item that satisfies the SQL condition `item`; far faster than by the API. The number of
 * each copy is the prefix and a count. The names are in clear, as the first version wrote them.
 */
export async function copyPatient(
  t: TestApp,
  patientId: string,
  prefix: string,
  { from, to, item }: { readonly from: number; readonly to: number; readonly item: string },
): Promise<void> {
  const ofPatient = await columnsOf(t, 'patient');
  const ofItem = await columnsOf(t, 'surveillance_item');
  const copied = (table: string, columns: readonly string[], changed: string): string =>
    `INSERT INTO ${table} (${columns.join(', ')}) SELECT ${columns.map((name) => `made.${name}`).join(', ')}
       FROM source, LATERAL jsonb_populate_record(NULL::${table}, to_jsonb(source.original) || ${changed}) AS made`;
  await t.dataSource.query(
    `WITH source AS (SELECT p AS original, $4 || n AS mrn FROM patient p, generate_series($2::integer, $3::integer) n WHERE p.id = $1)
     ${copied('patient', ofPatient, `jsonb_build_object('id', gen_random_uuid(), 'mrn', mrn, 'name', '张三' || mrn, 'search_terms', NULL)`)}`,
    [patientId, from, to, prefix],
  );
  await t.dataSource.query(
    `WITH source AS (
       SELECT i AS original, p.id FROM patient p, LATERAL (
         SELECT * FROM surveillance_item WHERE patient_id = $1 AND state = 'active' AND NOT before_enrolment AND ${item}
          ORDER BY due, id LIMIT 1) i
        WHERE p.mrn IN (SELECT $4 || n FROM generate_series($2::integer, $3::integer) n))
     ${copied('surveillance_item', ofItem, `jsonb_build_object('id', gen_random_uuid(), 'patient_id', source.id)`)}`,
    [patientId, from, to, prefix],
  );
  await t.dataSource.query('ANALYZE patient, surveillance_item'); // a hospital of this size has statistics
}
