import { addDays, type CalendarDate } from '../../guideline/calendar.js';
import { folded } from '../../patients/folded.js';
import { type Caller, isLimited } from '../../tenancy/caller.js';
import type { HospitalTransaction } from '../../tenancy/hospital-scope.js';
import { careConditions, type ListFilter, patientConditions } from './list-filter.js';
import type { ListSettings } from '../settings/list-settings.js';
import { daysAhead, isByDate } from './list-membership.js';
import { isItemList, isOfSteps, type ListName } from './list-sources.js';
import { LISTED_PATIENTS } from './patient-lists.js';
import { SqlValues } from './list-statement.js';

/** The patients of one nurse or one small ward are looked through one by one; those of more people by the list. */
const LOOKED_THROUGH = { patients: 2000, rowsFirst: 1000 };

/** The lists that are not by date are short, and are soon looked through themselves. */
const PATIENTS_OF_SHORT_LIST = 1000;

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

/** What holds of the row `p` of each patient who can be in a list, as an index has it. */
interface ListedPatients {
  readonly condition: (values: SqlValues) => string;
  /** Two lists with the same key have the same condition. */
  readonly key: string;
  readonly isByDate: boolean;
}

/** Undefined: no index has the patients of the list. */
export function listedPatients(
  list: ListName,
  today: CalendarDate,
  settings: ListSettings,
): ListedPatients | undefined {
  if (isItemList(list)) {
    if (!isByDate(list)) return undefined;
    const dueBy = addDays(today, daysAhead(list, settings));
    return {
      condition: (values) => `p.next_due <= ${values.add(dueBy, 'date')}`,
      key: dueBy,
      isByDate: true,
    };
  }
  const listed = LISTED_PATIENTS[list];
  return (
    listed && {
      condition: (values) => listed('p', () => values.add(today, 'date')),
      key: list,
      isByDate: false,
    }
  );
}

/** The patients whom the filter and the caller's limits leave of those who can be in the list. */
export async function patientsAmong(
  tx: HospitalTransaction,
  list: ListName,
  filter: ListFilter,
  settings: ListSettings,
  { patients: atMost, rowsFirst } = LOOKED_THROUGH,
): Promise<Among> {
  const isByIndex = isOfSteps(list) && careConditions(filter, new SqlValues()).length === 0;
  if (isByIndex && !isLimited(tx.caller)) return undefined;
  const listed = listedPatients(list, tx.today, settings);
  const isShort = listed?.isByDate !== true && !isLimited(tx.caller);
  const few = await patientsToLookThrough(tx, filter, {
    listed,
    atMost: isShort ? Math.min(PATIENTS_OF_SHORT_LIST, atMost) : atMost,
  });
  if (few !== undefined) return { few };
  // The other lists are shorter. What row security leaves out of a list is looked through in any case.
  const isByFilter =
    listed?.isByDate === true &&
    !isLimited(tx.caller) &&
    patientConditions(filter, new SqlValues()).length > 0;
  return isByFilter
    ? {
        many: (values) => [...patientConditions(filter, values), listed.condition(values)],
        rowsFirst,
      }
    : undefined;
}

/**
 * The patients among whom the rows are, where the filter or the caller's limits leave few enough to look through each;
 * undefined: there are more, or all of the hospital's.
 */
export async function patientsToLookThrough(
  { db, hospital, caller }: HospitalTransaction,
  filter: ListFilter,
  {
    listed,
    atMost = LOOKED_THROUGH.patients,
  }: { readonly listed?: ListedPatients | undefined; readonly atMost?: number } = {},
): Promise<readonly string[] | undefined> {
  const values = new SqlValues();
  const ofHospital = `p.hospital_id = ${values.add(hospital.id, 'uuid')}`;
  const conditions = [...patientConditions(filter, values), ...scopeConditions(caller, values)];
  if (conditions.length === 0) return undefined;
  const ofList = listed === undefined ? [] : [listed.condition(values)];
  // In this order PostgreSQL reads an index by next due date. For any of them it would expect to meet enough patients soon.
  const order = listed?.isByDate === true ? 'ORDER BY p.next_due' : '';
  // The ids of more patients would be read for nothing.
  const [{ ids }] = await db.query<[{ ids: string[] | null }]>(
    `SELECT CASE WHEN count(*) <= ${atMost} THEN coalesce(array_agg(id), '{}') END AS ids
       FROM (SELECT p.id FROM patient p WHERE ${[ofHospital, ...conditions, ...ofList].join(' AND ')} ${order}
              LIMIT ${atMost + 1}) AS found`,
    values.list,
  );
  return ids ?? undefined;
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
