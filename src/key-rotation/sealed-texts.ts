import type { HospitalTransaction } from '../tenancy/hospital-scope.js';
import { SEALED_TEXTS, type SealedText } from '../encryption/sealed-columns.js';

/** The condition on rows of `text` that are in clear or under an older key; `$1` is the hospital, `$2` see `underKey`. */
const behind = ({ column, stored = column, where = 'true' }: SealedText): string =>
  `hospital_id = $1 AND ${where} AND ${stored} NOT LIKE $2`;

/** How what is sealed with this key begins, for LIKE. */
export const underKey = (number: number): string => `sealed:1:${number}:%`;

/** Seals `limit` texts at most with the newest key. Answers how many; none: nothing is left. */
export async function resealTexts(tx: HospitalTransaction, limit: number): Promise<number> {
  const { newest } = await tx.keys();
  for (const text of SEALED_TEXTS) {
    const { table, column, stored = column, set = (value: string) => `${column} = ${value}` } = text;
    const rows = await tx.db.query<{ id: string; text: string }[]>(
      `SELECT id, ${stored} AS text FROM ${table} WHERE ${behind(text)} LIMIT ${limit} FOR UPDATE SKIP LOCKED`,
      [tx.hospital.id, underKey(newest)],
    );
    if (rows.length === 0) continue;
    const keys = await tx.keys(rows.map(({ text: value }) => value));
    const sealed = rows.map(({ id, text: value }) => {
      const place = { table, column, row: id };
      return keys.seal(keys.open(value, place), place);
    });
    await tx.db.query(
      `UPDATE ${table} SET ${set('new.text')} FROM unnest($2::uuid[], $3::text[]) AS new (id, text)
        WHERE ${table}.hospital_id = $1 AND ${table}.id = new.id`,
      [tx.hospital.id, rows.map(({ id }) => id), sealed],
    );
    return rows.length;
  }
  return 0;
}

/** SQL that is true while a text of the hospital `$1` is not under the key of `$2`. */
export const TEXTS_BEHIND = SEALED_TEXTS.map(
  (text) => `EXISTS (SELECT FROM ${text.table} WHERE ${behind(text)})`,
).join(' OR ');
