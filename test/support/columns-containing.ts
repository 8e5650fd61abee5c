import type { TestApp } from './app.js';

/** Every table and column that contains one of the words, as text or bytes. */
export async function columnsContaining(t: TestApp, words: readonly string[]): Promise<string[]> {
  const columns = await t.dataSource.query<{ table: string; column: string }[]>(
    `SELECT c.table_name AS table, c.column_name AS column FROM information_schema.columns c
       JOIN information_schema.tables t USING (table_schema, table_name)
      WHERE c.table_schema = 'public' AND t.table_type = 'BASE TABLE'`,
  );
  const found: string[] = [];
  for (const { table, column } of columns)
    for (const word of words) {
      const rows = await t.dataSource.query<unknown[]>(
        `SELECT FROM "${table}" WHERE strpos("${column}"::text, $1) > 0 OR strpos("${column}"::text, encode(convert_to($1, 'UTF8'), 'hex')) > 0 LIMIT 1`,
        [word],
      );
      if (rows.length > 0) found.push(`${word} in ${table}.${column}`);
    }
  return found;
}
