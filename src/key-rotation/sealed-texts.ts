import type { SealedColumn, TableDeclaration } from '../encryption/table-declaration.js';
import type { HospitalTransaction } from '../tenancy/hospital-scope.js';

export type SealedText = SealedColumn & { readonly table: string };

/** The sealed columns of all tables. */
export const sealedTextsOf = (tables: readonly TableDeclaration[]): readonly SealedText[] =>
  tables.flatMap(({ table, sealed = [] }) => sealed.map((column) => ({ table, ...column })));

/** The sealed columns that key rotation seals again row by row. */
export const resealedTextsOf = (tables: readonly TableDeclaration[]): readonly SealedText[] =>
  sealedTextsOf(tables).filter(({ notResealed }) => notResealed === undefined);

/**
 * SQL condition: the rows with a plain value or a value under an older key. `$1` is the hospital, `$2` see
 * `underKey`.
 */
const behind = ({ column, stored = column, where = 'true' }: SealedText): string =>
  `hospital_id = $1 AND ${where} AND ${stored} NOT LIKE $2`;

/** The pattern for LIKE of values that are sealed with this key. */
export const underKey = (number: number): string => `sealed:1:${number}:%`;

/** Seals at most `limit` values with the newest key. Returns how many; 0: nothing is left. */
export async function resealTexts(
  tx: HospitalTransaction,
  texts: readonly SealedText[],
  limit: number,
): Promise<number> {
  const { newest } = await tx.keys();
  for (const text of texts) {
    const { table, column, row, stored, set } = withDefaults(text);
    const rows = await tx.db.query<{ row: string; text: string }[]>(
      `SELECT ${row} AS row, ${stored} AS text FROM ${table} WHERE ${behind(text)} LIMIT ${limit} FOR UPDATE SKIP LOCKED`,
      [tx.hospital.id, underKey(newest)],
    );
    if (rows.length === 0) continue;
    const keys = await tx.keys(rows.map(({ text: value }) => value));
    const sealed = rows.map(({ row: name, text: value }) => {
      const context = { table, column, row: name };
      return keys.seal(keys.open(value, context), context);
    });
    await tx.db.query(
      `UPDATE ${table} SET ${set('new.text')} FROM unnest($2::uuid[], $3::text[]) AS new (row, text)
        WHERE ${table}.hospital_id = $1 AND ${table}.${row} = new.row`,
      [tx.hospital.id, rows.map(({ row: name }) => name), sealed],
    );
    return rows.length;
  }
  return 0;
}

/** SQL that is true while a text of the hospital `$1` is not under the key of `$2`. */
export const textsBehind = (texts: readonly SealedText[]): string =>
  texts.map((text) => `EXISTS (SELECT FROM ${text.table} WHERE ${behind(text)})`).join(' OR ');

/** The column's SQL, its defaults filled in. */
export const withDefaults = (text: SealedText) => {
  const { table, column, row = 'id', stored = column, where = 'true' } = text;
  return { table, column, row, stored, where, set: text.set ?? ((value: string) => `${column} = ${value}`) };
};
