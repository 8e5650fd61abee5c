import type { HospitalTransaction } from '../tenancy/hospital-scope.js';
import { folded } from './folded.js';
import { termsOf, type Wanted } from './identity.js';

/** One thing that is searched for: an SQL condition on the patient row `found`, and the value of its parameter. */
interface SearchCondition {
  readonly kind: keyof Wanted | 'mrn';
  readonly sql: (parameter: string) => string;
  readonly value: unknown;
}

const isTerm =
  (...places: readonly number[]) =>
  (parameter: string): string =>
    `(${places.map((place) => `found.search_terms[${place}] = ${parameter}`).join(' OR ')})`;

/**
 * Where `sealedWith` writes the terms of a patient: name, surname, three phone numbers at most, identity number. Each place
 * has an index; row security keeps an operator on the whole array from any index.
 */
const CONDITIONS: Readonly<Record<keyof Wanted, (parameter: string) => string>> = {
  name: isTerm(1),
  surname: isTerm(2),
  phone: isTerm(3, 4, 5),
  identityNumber: isTerm(3, 4, 5, 6),
};

/** The conditions of a search, one for each given value. */
export async function searchConditions(
  tx: HospitalTransaction,
  { mrn, ...wanted }: Wanted & { readonly mrn?: string | undefined },
): Promise<SearchCondition[]> {
  const conditions: SearchCondition[] = [];
  if (mrn !== undefined)
    conditions.push({ kind: 'mrn', sql: (p) => `found.mrn_key = ${p}`, value: folded(mrn) });
  for (const kind of Object.keys(CONDITIONS) as (keyof Wanted)[]) {
    const [value] = await termsOf(tx, { [kind]: wanted[kind] });
    if (value !== undefined) conditions.push({ kind, sql: CONDITIONS[kind], value });
  }
  return conditions;
}

/**
 * Whether an index has the patients in the order of their mrn. All others are found first and sorted then: PostgreSQL, which
 * knows nothing of the values, would look for few patients among all of the hospital in that order.
 */
const isOrdered = (conditions: readonly SearchCondition[]): boolean =>
  conditions.every(({ kind }) => kind === 'surname');

/**
 * Ids of patients by mrn, of those after the mrn `after`, at most `limit`: all conditions of one of the groups hold for the
 * patient, or for a record that was merged into the patient.
 */
export async function patientsFound(
  { db, hospital }: HospitalTransaction,
  anyOf: readonly (readonly SearchCondition[])[],
  { limit, after }: { readonly limit: number; readonly after?: string | undefined },
): Promise<string[]> {
  const values: unknown[] = [hospital.id];
  const bind = (value: unknown): string => `$${values.push(value)}`;
  const last = after === undefined ? undefined : bind(after);
  const inOrder = (patient: string): string =>
    `${last === undefined ? '' : `AND ${patient}.mrn > ${last}`} ORDER BY ${patient}.mrn LIMIT ${limit}`;
  const branches = anyOf.map((conditions) => {
    const holds = conditions.map(({ sql, value }) => sql(bind(value))).join(' AND ');
    const current = `SELECT found.id, found.mrn FROM patient found
        WHERE found.hospital_id = $1 AND ${holds} AND found.merged_into IS NULL`;
    return `
      (${isOrdered(conditions) ? current : `SELECT * FROM (${current} OFFSET 0) AS found WHERE true`} ${inOrder('found')})
      UNION
      (SELECT target.id, target.mrn FROM patient found JOIN patient target ON target.hospital_id = $1 AND target.id = found.merged_into
        WHERE found.hospital_id = $1 AND ${holds} AND found.merged_into IS NOT NULL ${inOrder('target')})`;
  });
  const rows = await db.query<{ id: string }[]>(
    `SELECT id FROM (${branches.join(' UNION ')}) AS all_found ORDER BY mrn LIMIT ${limit}`,
    values,
  );
  return rows.map(({ id }) => id);
}
