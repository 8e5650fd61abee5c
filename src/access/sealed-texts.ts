import type { HospitalTransaction } from './hospital-scope.js';

/** A column of free text, or of secrets, that is sealed. */
interface SealedText {
  readonly table: string;
  /** Its name in the place for which it is sealed. */
  readonly column: string;
  /** The SQL that reads it, and what it is set to. */
  readonly stored?: string;
  readonly set?: (text: string) => string;
  readonly where?: string;
}

/** All of them beside the identities of patients. Each row is named by its `id`. */
const SEALED_TEXTS: readonly SealedText[] = [
  { table: 'clinical_event', column: 'void_reason' },
  {
    table: 'clinical_event',
    column: 'detail.site',
    stored: `detail->>'site'`,
    set: (text) => `detail = jsonb_set(detail, '{site}', to_jsonb(${text}))`,
    where: `type = 'recurrence'`,
  },
  { table: 'patient_consent', column: 'note' },
  { table: 'clinical_decision', column: 'reason' },
  { table: 'clinical_decision', column: 'revoke_reason' },
  { table: 'webhook_endpoint', column: 'secret' },
  { table: 'webhook_endpoint', column: 'transport' },
  { table: 'webhook_endpoint', column: 'payload_key' },
  { table: 'delivery', column: 'body', where: `body LIKE 'sealed:%'` },
  {
    table: 'webhook_endpoint',
    column: 'secret',
    stored: 'previous_secret',
    set: (text) => `previous_secret = ${text}`,
  },
  { table: 'webhook_endpoint', column: 'url', where: `kind <> 'webhook'` },
];

/** Of patients: `identity.ts` seals them, because they are also found by them. */
const SEALED_IDENTITY = ['name', 'phone', 'identity_number'];

/**
 * Whether a text of this column is sealed. Only the column says so: what people write elsewhere may begin like a sealed
 * value. `column` of a value inside JSON: `detail.site`.
 */
export const isSealedColumn = (table: string, column: string): boolean =>
  table === 'patient'
    ? SEALED_IDENTITY.includes(column)
    : SEALED_TEXTS.some((text) => text.table === table && text.column === column);

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
