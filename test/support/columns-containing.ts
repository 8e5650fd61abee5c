import type { TestApp } from './app.js';

/** Every table and column that contains one of the words, as text or bytes. One query for each table. */
export async function columnsContaining(t: TestApp, words: readonly string[]): Promise<string[]> {
  const tables = await t.dataSource.query<{ name: string; columns: string[] }[]>(
    `SELECT t.table_name AS name, array_agg(c.column_name::text ORDER BY c.ordinal_position) AS columns
       FROM information_schema.tables t JOIN information_schema.columns c USING (table_schema, table_name)
      WHERE t.table_schema = 'public' AND t.table_type = 'BASE TABLE' GROUP BY 1 ORDER BY 1`,
  );
  const found: string[] = [];
  for (const { name, columns } of tables) {
    const values = columns.map((column) => `('${column}', r."${column}"::text)`).join(', ');
    const rows = await t.dataSource.query<{ word: string; column: string }[]>(
      `SELECT DISTINCT w.word, v.column FROM "${name}" r, unnest($1::text[]) AS w (word), LATERAL (VALUES ${values}) AS v ("column", value)
        WHERE strpos(v.value, w.word) > 0 OR strpos(v.value, encode(convert_to(w.word, 'UTF8'), 'hex')) > 0`,
      [words],
    );
    found.push(...rows.map(({ word, column }) => `${word} in ${name}.${column}`));
  }
  return found;
}
