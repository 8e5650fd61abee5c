import { folded } from '../../patients/folded.js';
import { type Caller, isLimited } from '../../tenancy/caller.js';
import type { HospitalTransaction } from '../../tenancy/hospital-scope.js';
import { careConditions, type ListFilter, patientConditions } from './list-query.js';
import { isByDate } from './list-membership.js';
import { isItemList, isOfSteps, type ListName } from './list-sources.js';
import { SqlValues } from './list-statement.js';

/** The patients of one nurse or one small ward are looked through one by one; those of more people by the list. */
const LOOKED_THROUGH_AT_MOST = 2000;
const LIST_LOOKED_THROUGH = 2000;

/** The patients among whom the rows of a list are; undefined: all whom the caller may see. */
export type Among =
  | { readonly few: readonly string[] }
  /**
   * Too many to be looked through before the list is: their conditions about the row `p` of `patient`, and how many rows of the list
   * are looked through first. Where too few of them are of these patients, the patients are looked through instead: the
   * list may be much longer, and have nothing of them.
   */
  | { readonly many: (values: SqlValues) => readonly string[]; readonly rowsFirst: number }
  | undefined;

/** The patients whom the filter and the caller's limits leave. */
export async function patientsAmong(
  tx: HospitalTransaction,
  list: ListName,
  filter: ListFilter,
): Promise<Among> {
  const isByIndex = isOfSteps(list) && careConditions(filter, new SqlValues()).length === 0;
  if (isByIndex && !isLimited(tx.caller)) return undefined;
  const few = await patientsToLookThrough(tx, filter);
  if (few !== undefined) return { few };
  // The other lists are shorter. What row security leaves out of a list is looked through in any case.
  const isLong = isItemList(list) && isByDate(list) && !isLimited(tx.caller);
  const isByFilter = isLong && patientConditions(filter, new SqlValues()).length > 0;
  return isByFilter
    ? { many: (values) => patientConditions(filter, values), rowsFirst: LIST_LOOKED_THROUGH }
    : undefined;
}

/**
 * The patients among whom the rows are, where the filter or the caller's limits leave few enough to look through each;
 * undefined: there are more, or all of the hospital's.
 */
export async function patientsToLookThrough(
  { db, hospital, caller }: HospitalTransaction,
  filter: ListFilter,
): Promise<readonly string[] | undefined> {
  const values = new SqlValues();
  const ofHospital = `p.hospital_id = ${values.add(hospital.id, 'uuid')}`;
  const conditions = [...patientConditions(filter, values), ...scopeConditions(caller, values)];
  if (conditions.length === 0) return undefined;
  const rows = await db.query<{ id: string }[]>(
    `SELECT p.id FROM patient p WHERE ${[ofHospital, ...conditions].join(' AND ')} LIMIT ${LOOKED_THROUGH_AT_MOST + 1}`,
    values.list,
  );
  return rows.length > LOOKED_THROUGH_AT_MOST ? undefined : rows.map(({ id }) => id);
}

/** What row security says anyhow, in words that an index understands; it may let through more. */
function scopeConditions(caller: Caller, values: SqlValues): string[] {
  if (!isLimited(caller)) return [];
  const { departments, ownOnly } = caller.patientScope;
  const own =
    caller.kind === 'person'
      ? [
          `p.responsible_person_id = ${values.add(caller.id, 'uuid')}`,
          `p.nurse_key = ${values.add(folded(caller.name), 'text')}`,
        ]
      : [];
  const ofDepartments = ownOnly
    ? []
    : ['p.department IS NULL', `p.department = ANY (${values.add(departments ?? [], 'text[]')})`];
  return [`(${[...own, ...ofDepartments, 'false'].join(' OR ')})`];
}
