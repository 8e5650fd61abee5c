import type { CalendarDate } from '../../guideline/calendar.js';
import { inCareOf } from '../../patients/responsible-nurse.js';
import { folded } from '../../patients/folded.js';
import type { HospitalTransaction } from '../../tenancy/hospital-scope.js';
import type { PatientCondition } from '../ownership/owned-patients.js';
import type { ListSettings } from '../settings/list-settings.js';
import type { DayParameters } from './list-sql.js';
import { live } from './list-sql.js';
import { type ListName, type ListSource, placeTypeOf, rests, sourceOf } from './list-sources.js';

/** Which rows of a list are asked for. */
export interface ListFilter {
  readonly activity?: string | undefined;
  readonly rule?: string | undefined;
  /** First and last due date, both included. */
  readonly from?: CalendarDate | undefined;
  readonly to?: CalendarDate | undefined;
  /** Who owns a duty of the patient today. */
  readonly owner?: PatientCondition | undefined;
  /** The responsible nurse: a person's id, login or name, or what was imported. */
  readonly assignee?: string | undefined;
  readonly department?: string | undefined;
}

/** A row of a list as its order sees it. */
export interface Placed {
  /** As PostgreSQL writes it. */
  readonly place: string;
  readonly patientId: string;
  readonly id: string;
}

/** The values of one statement. PostgreSQL refuses one that no part of the statement uses. */
export class SqlValues {
  readonly list: unknown[] = [];

  /** The parameter that stands for the value. */
  add(value: unknown, type: string): string {
    this.list.push(value);
    return `$${this.list.length}::${type}`;
  }

  /** The same where the statement itself says the type; one parameter for one value. */
  bare(value: unknown): string {
    const known = this.list.indexOf(value);
    if (known < 0) this.list.push(value);
    return `$${known < 0 ? this.list.length : known + 1}`;
  }

  /** The same, added with the first use. */
  whenUsed(value: unknown, type: string): () => string {
    let parameter: string | undefined;
    return () => (parameter ??= this.add(value, type));
  }
}

/** The statement's own names for what its lists depend on. */
export interface ListStatement {
  readonly values: SqlValues;
  readonly hospital: string;
  readonly days: DayParameters;
  /** Only these patients; undefined: all whom the caller may see. */
  readonly patients: string | undefined;
}

export function listStatement(
  { hospital, today }: Pick<HospitalTransaction, 'hospital' | 'today'>,
  settings: ListSettings,
  patientIds: readonly string[] | undefined,
): ListStatement {
  const values = new SqlValues();
  const day = values.whenUsed(today, 'date');
  const bookAheadDays = values.whenUsed(settings.bookAheadDays, 'integer');
  const resultWithinDays = values.whenUsed(settings.resultWithinDays, 'integer');
  return {
    values,
    hospital: values.add(hospital.id, 'uuid'),
    days: {
      get today() {
        return day();
      },
      get bookAheadDays() {
        return bookAheadDays();
      },
      get resultWithinDays() {
        return resultWithinDays();
      },
    },
    patients: patientIds && values.add(patientIds, 'uuid[]'),
  };
}

/** Conditions of the filter about the patient `p`; none: every patient. */
export function patientConditions(filter: ListFilter, values: SqlValues): string[] {
  const { owner, assignee, department } = filter;
  return [
    ...(owner === undefined ? [] : [owner.condition('p', (name) => values.bare(owner.parameters[name]))]),
    ...(assignee === undefined
      ? []
      : [inCareOf('p').replaceAll(':nurseKey', values.add(folded(assignee), 'text'))]),
    ...(department === undefined ? [] : [`p.department = ${values.add(department, 'text')}`]),
  ];
}

type Condition = (r: string) => string;

/** Conditions of the filter about an item. */
function itemConditions({ activity, rule, from, to }: ListFilter, values: SqlValues): Condition[] {
  const compared = (
    column: string,
    operator: string,
    value: string | undefined,
    type: string,
  ): Condition[] => {
    if (value === undefined) return [];
    const parameter = values.add(value, type);
    return [(r) => `${r}.${column} ${operator} ${parameter}`];
  };
  return [
    ...compared('activity', '=', activity, 'text'),
    ...compared('rule', '=', rule, 'text'),
    ...compared('due', '>=', from, 'date'),
    ...compared('due', '<=', to, 'date'),
  ];
}

const allOf = (conditions: readonly Condition[], r: string): string =>
  conditions.map((condition) => ` AND ${condition(r)}`).join('');

/** SQL of the filter for the row `r` of a list. */
function filterOf(
  list: ListName,
  { ofItems }: ListSource,
  filter: ListFilter,
  { values, hospital, days, patients }: ListStatement,
): Condition {
  const parts: Condition[] = [];
  const items = itemConditions(filter, values);
  if (ofItems) parts.push(...items);
  else if (items.length > 0)
    parts.push(
      (
        r,
      ) => `EXISTS (SELECT FROM surveillance_item f WHERE f.hospital_id = ${hospital} AND f.patient_id = ${r}.patient_id
        AND ${live('f')}${allOf(items, 'f')})`,
    );
  const about = patients === undefined ? patientConditions(filter, values) : [];
  // The subquery looks up the patient of each row: the statistics of PostgreSQL do not know how many rows a page reads.
  if (about.length > 0)
    parts.push(
      (r) =>
        `(SELECT ${about.join(' AND ')} FROM patient p WHERE p.hospital_id = ${hospital} AND p.id = ${r}.patient_id)`,
    );
  if (rests(list))
    parts.push(
      (
        r,
      ) => `((SELECT c.rests_until FROM patient_contact c WHERE c.hospital_id = ${hospital} AND c.patient_id = ${r}.patient_id)
        > ${days.today}) IS NOT TRUE`,
    );
  return (r) => allOf(parts, r);
}

/**
 * The next rows of a list in its order, at most `atMost`. `isFirst`: no other row of the same patient comes before it; with
 * `patients`, the others are left out already.
 */
export function rowsStatement(
  list: ListName,
  filter: ListFilter,
  statement: ListStatement,
  { after, atMost, onePerPatient }: { after?: Placed; atMost: number; onePerPatient: boolean },
): string {
  const { values, hospital, days, patients } = statement;
  const source = sourceOf(list, days);
  const { table, id, branches, byPatient, siblings, holds, place } = source;
  const filtered = filterOf(list, source, filter, statement);
  const limit = `LIMIT ${atMost}`;
  const ordered = (by: string, patient: string, row: string): string =>
    [by, ...(byPatient ? [patient] : []), row].join(', ');
  const last = after && {
    place: values.add(after.place, placeTypeOf(list)),
    patientId: byPatient ? values.add(after.patientId, 'uuid') : '',
    id: values.add(after.id, 'uuid'),
  };
  const afterLast = (columns: string, lastPlace: (by: string) => string): string =>
    last ? `(${columns}) > (${ordered(lastPlace(last.place), last.patientId, last.id)})` : 'true';
  const inOrder = ordered('place', 'patient_id', 'id');
  if (patients !== undefined)
    return `
      SELECT place::text, patient_id AS "patientId", id, true AS "isFirst"
        FROM (SELECT found.* FROM unnest(${patients}) AS asked (asked_id) CROSS JOIN LATERAL (
                SELECT ${place('r')} AS place, r.patient_id, r.${id} AS id FROM ${table} r
                 WHERE r.hospital_id = ${hospital} AND r.patient_id = asked_id AND ${holds('r')}${filtered('r')}
                 ORDER BY 1, 3 ${onePerPatient ? 'LIMIT 1' : 'OFFSET 0'}) AS found) AS c
       WHERE ${afterLast(inOrder, (by) => by)} ORDER BY ${ordered('c.place', 'patient_id', 'id')} ${limit}`;
  const parts = branches.map(({ where, orderedBy, placeBy, orderOf }) => {
    const columns = ordered(orderedBy, 'r.patient_id', `r.${id}`);
    return `(
      SELECT ${placeBy(orderedBy)} AS place, r.patient_id, r.${id} AS id FROM ${table} r
       WHERE r.hospital_id = ${hospital} AND ${where}${filtered('r')} AND ${afterLast(columns, orderOf)}
       ORDER BY ${columns} ${limit})`;
  });
  // OFFSET keeps PostgreSQL from looking for the patient among all rows of the list.
  const isFirst = `NOT EXISTS (
      SELECT FROM (SELECT * FROM ${table} s WHERE s.hospital_id = ${hospital} AND s.patient_id = c.patient_id
                      AND ${siblings('s')} OFFSET 0) AS o
       WHERE ${holds('o')}${filtered('o')} AND (${place('o')}, o.${id}) < (c.place, c.id))`;
  return `
    SELECT place::text, patient_id AS "patientId", id, ${onePerPatient ? isFirst : 'true'} AS "isFirst"
      FROM (SELECT * FROM (${parts.join(' UNION ALL ')}) AS merged ORDER BY ${inOrder} ${limit}) AS c
     ORDER BY ${ordered('c.place', 'patient_id', 'id')}`;
}

/** How many rows and patients a list has, counted up to `atMost` rows. */
export function countStatement(
  list: ListName,
  filter: ListFilter,
  statement: ListStatement,
  atMost: number,
): string {
  const { hospital, days, patients } = statement;
  const source = sourceOf(list, days);
  const { table, branches, holds } = source;
  const filtered = filterOf(list, source, filter, statement);
  const limit = `LIMIT ${atMost}`;
  const rows =
    patients === undefined
      ? branches
          .map(
            ({ where, orderedBy }) =>
              `(SELECT r.patient_id FROM ${table} r WHERE r.hospital_id = ${hospital} AND ${where}${filtered('r')}
                 ORDER BY ${orderedBy} ${limit})`,
          )
          .join(' UNION ALL ')
      : `SELECT found.patient_id FROM unnest(${patients}) AS asked (asked_id) CROSS JOIN LATERAL (
           SELECT r.patient_id FROM ${table} r
            WHERE r.hospital_id = ${hospital} AND r.patient_id = asked_id AND ${holds('r')}${filtered('r')} OFFSET 0) AS found`;
  return `SELECT count(*)::integer AS rows, count(DISTINCT patient_id)::integer AS patients
            FROM (SELECT patient_id FROM (${rows}) AS branches ${limit}) AS counted`;
}
