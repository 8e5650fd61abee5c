import { addDays, type CalendarDate } from '../../guideline/calendar.js';
import { folded } from '../../patients/folded.js';
import { type Caller, isLimited } from '../../tenancy/caller.js';
import type { HospitalTransaction } from '../../tenancy/hospital-scope.js';
import { careConditions, type ListFilter, patientConditions } from './list-query.js';
import type { ListSettings } from '../settings/list-settings.js';
import { daysAhead, isByDate } from './list-membership.js';
import { isItemList, isOfSteps, type ListName } from './list-sources.js';
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

/** The last day on which an item of the list can fall due; undefined: the list is none by date. */
export const lastDueIn = (
  list: ListName,
  today: CalendarDate,
  settings: ListSettings,
): CalendarDate | undefined =>
  isItemList(list) && isByDate(list) ? addDays(today, daysAhead(list, settings)) : undefined;

/** The patients whom the filter and the caller's limits leave, in a list by date those who may have something of it. */
export async function patientsAmong(
  tx: HospitalTransaction,
  list: ListName,
  filter: ListFilter,
  settings: ListSettings,
  { patients: atMost, rowsFirst } = LOOKED_THROUGH,
): Promise<Among> {
  const isByIndex = isOfSteps(list) && careConditions(filter, new SqlValues()).length === 0;
  if (isByIndex && !isLimited(tx.caller)) return undefined;
  const dueBy = lastDueIn(list, tx.today, settings);
  const isShort = dueBy === undefined && !isLimited(tx.caller);
  const few = await patientsToLookThrough(tx, filter, {
    dueBy,
    atMost: isShort ? Math.min(PATIENTS_OF_SHORT_LIST, atMost) : atMost,
  });
  if (few !== undefined) return { few };
  // The other lists are shorter. What row security leaves out of a list is looked through in any case.
  const isByFilter =
    dueBy !== undefined && !isLimited(tx.caller) && patientConditions(filter, new SqlValues()).length > 0;
  return isByFilter
    ? {
        many: (values) => [...patientConditions(filter, values), isDueBy(dueBy, values)],
        rowsFirst,
      }
    : undefined;
}

const isDueBy = (day: CalendarDate, values: SqlValues): string => `p.next_due <= ${values.add(day, 'date')}`;

/**
 * The patients among whom the rows are, where the filter or the caller's limits leave few enough to look through each;
 * undefined: there are more, or all of the hospital's. With `dueBy`, only those with an item that falls due by then.
 */
export async function patientsToLookThrough(
  { db, hospital, caller }: HospitalTransaction,
  filter: ListFilter,
  {
    dueBy,
    atMost = LOOKED_THROUGH.patients,
  }: { readonly dueBy?: CalendarDate | undefined; readonly atMost?: number } = {},
): Promise<readonly string[] | undefined> {
  const values = new SqlValues();
  const ofHospital = `p.hospital_id = ${values.add(hospital.id, 'uuid')}`;
  const conditions = [...patientConditions(filter, values), ...scopeConditions(caller, values)];
  if (conditions.length === 0) return undefined;
  const ofDay = dueBy === undefined ? [] : [isDueBy(dueBy, values)];
  // In this order PostgreSQL reads an index by next due date. For any of them it would expect to meet enough patients soon.
  const order = dueBy === undefined ? '' : 'ORDER BY p.next_due';
  const rows = await db.query<{ id: string }[]>(
    `SELECT p.id FROM patient p WHERE ${[ofHospital, ...conditions, ...ofDay].join(' AND ')} ${order} LIMIT ${atMost + 1}`,
    values.list,
  );
  return rows.length > atMost ? undefined : rows.map(({ id }) => id);
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
