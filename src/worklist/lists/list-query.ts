import type { CalendarDate } from '../../guideline/calendar.js';
import { inCareOf } from '../../patients/responsible-nurse.js';
import { folded } from '../../patients/folded.js';
import type { PatientCondition } from '../ownership/owned-patients.js';
import { type ListSource, live } from './list-sql.js';
import { type ListName, placeTypeOf, rests, sourceOf } from './list-sources.js';
import type { ListStatement, SqlValues } from './list-statement.js';

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
  readonly ward?: string | undefined;
  /** The group of doctors that treats the patient. */
  readonly group?: string | undefined;
  /** The least and the greatest distance from home to the hospital in kilometres, both included. */
  readonly distanceFrom?: number | undefined;
  readonly distanceTo?: number | undefined;
}

/** A row of a list as its order sees it. */
export interface Placed {
  /** As PostgreSQL writes it. */
  readonly place: string;
  readonly patientId: string;
  readonly id: string;
}

/** Conditions of the filter about the patient `p`; none: every patient. */
export function patientConditions(filter: ListFilter, values: SqlValues): string[] {
  const { owner, assignee, department, ward, group, distanceFrom, distanceTo } = filter;
  const compared = (column: string, type: string, operator: string, value: unknown): string[] =>
    value === undefined ? [] : [`p.${column} ${operator} ${values.add(value, type)}`];
  return [
    ...(owner === undefined ? [] : [owner.condition('p', (name) => values.bare(owner.parameters[name]))]),
    ...(assignee === undefined
      ? []
      : [inCareOf('p').replaceAll(':nurseKey', values.add(folded(assignee), 'text'))]),
    ...compared('department', 'text', '=', department),
    ...compared('ward', 'text', '=', ward),
    ...compared('care_group', 'text', '=', group),
    ...compared('distance_km', 'integer', '>=', distanceFrom),
    ...compared('distance_km', 'integer', '<=', distanceTo),
  ];
}

type Condition = (r: string) => string;

/** Conditions of the filter about an item. */
export function itemConditions({ activity, rule, from, to }: ListFilter, values: SqlValues): Condition[] {
  return [
    ...compared(values, 'text', '=', activity, (r) => `${r}.activity`),
    ...compared(values, 'text', '=', rule, (r) => `${r}.rule`),
    ...compared(values, 'date', '>=', from, (r) => `${r}.due`),
    ...compared(values, 'date', '<=', to, (r) => `${r}.due`),
  ];
}

function compared(
  values: SqlValues,
  type: string,
  operator: string,
  value: string | undefined,
  column: Condition,
): Condition[] {
  if (value === undefined) return [];
  const parameter = values.add(value, type);
  return [(r) => `${column(r)} ${operator} ${parameter}`];
}

const allOf = (conditions: readonly Condition[], r: string): string =>
  conditions.map((condition) => ` AND ${condition(r)}`).join('');

/** SQL of the filter for the row `r` of a list. */
function filterOf(
  list: ListName,
  { ofItems, activity, patientId }: ListSource,
  filter: ListFilter,
  { values, hospital, parameters, patients }: ListStatement,
): Condition {
  const parts: Condition[] = [];
  if (activity !== null) parts.push(...compared(values, 'text', '=', filter.activity, activity));
  const items = itemConditions(activity === null ? filter : { ...filter, activity: undefined }, values);
  if (ofItems) parts.push(...items);
  else if (items.length > 0)
    parts.push(
      (
        r,
      ) => `EXISTS (SELECT FROM surveillance_item f WHERE f.hospital_id = ${hospital} AND f.patient_id = ${r}.${patientId}
        AND ${live('f')}${allOf(items, 'f')})`,
    );
  const about = patients === undefined ? patientConditions(filter, values) : [];
  // The subquery looks up the patient of each row: the statistics of PostgreSQL do not know how many rows a page reads.
  if (about.length > 0)
    parts.push(
      (r) =>
        `(SELECT ${about.join(' AND ')} FROM patient p WHERE p.hospital_id = ${hospital} AND p.id = ${r}.${patientId})`,
    );
  if (rests(list))
    parts.push(
      (
        r,
      ) => `((SELECT c.rests_until FROM patient_contact c WHERE c.hospital_id = ${hospital} AND c.patient_id = ${r}.patient_id)
        > ${parameters.today}) IS NOT TRUE`,
    );
  return (r) => allOf(parts, r);
}

/** A place as text, in full precision, as `isPlaceIn` reads it. */
const placeText = (list: ListName): string =>
  placeTypeOf(list) === 'timestamptz' ? `to_json(place) #>> '{}'` : 'place::text';

/** The rows among which those of one patient are. OFFSET keeps PostgreSQL from looking for the patient among all rows of the list. */
const rowsOfPatient = ({ table, patientId, siblings }: ListSource, hospital: string, of: string): string =>
  `SELECT * FROM ${table} s WHERE s.hospital_id = ${hospital} AND s.${patientId} = ${of} AND ${siblings?.('s') ?? 'true'} OFFSET 0`;

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
  const { values, hospital, parameters, patients } = statement;
  const source = sourceOf(list, parameters);
  const { table, id, patientId, branches, byPatient, siblings, holds, place } = source;
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
  const columnsOf = (placed: string): string =>
    `${placed} AS place, r.${patientId} AS patient_id, r.${id} AS id`;
  if (patients !== undefined)
    return `
      SELECT ${placeText(list)} AS place, patient_id AS "patientId", id, true AS "isFirst"
        FROM (SELECT found.* FROM unnest(${patients}) AS asked (asked_id) CROSS JOIN LATERAL (
                SELECT ${columnsOf(place('r'))} FROM (${rowsOfPatient(source, hospital, 'asked_id')}) AS r
                 WHERE ${holds('r')}${filtered('r')}
                 ORDER BY 1, 3 ${onePerPatient ? 'LIMIT 1' : 'OFFSET 0'}) AS found) AS c
       WHERE ${afterLast(inOrder, (by) => by)} ORDER BY ${ordered('c.place', 'patient_id', 'id')} ${limit}`;
  const parts = branches.map(({ where, orderedBy, placeBy, orderOf }) => {
    const columns = ordered(orderedBy, `r.${patientId}`, `r.${id}`);
    return `(
      SELECT ${columnsOf(placeBy(orderedBy))} FROM ${table} r
       WHERE r.hospital_id = ${hospital} AND ${where}${filtered('r')} AND ${afterLast(columns, orderOf)}
       ORDER BY ${columns} ${limit})`;
  });
  const isFirst = `NOT EXISTS (
      SELECT FROM (${rowsOfPatient(source, hospital, 'c.patient_id')}) AS o
       WHERE ${holds('o')}${filtered('o')} AND (${place('o')}, o.${id}) < (c.place, c.id))`;
  return `
    SELECT ${placeText(list)} AS place, patient_id AS "patientId", id,
           ${onePerPatient && siblings !== null ? isFirst : 'true'} AS "isFirst"
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
  const { hospital, parameters, patients } = statement;
  const source = sourceOf(list, parameters);
  const { table, patientId, branches, counted = branches, holds } = source;
  const filtered = filterOf(list, source, filter, statement);
  const limit = `LIMIT ${atMost}`;
  const rows =
    patients === undefined
      ? counted
          .map(
            ({ where, orderedBy }) =>
              `(SELECT r.${patientId} AS patient_id FROM ${table} r WHERE r.hospital_id = ${hospital} AND ${where}${filtered('r')}
                 ORDER BY ${orderedBy} ${limit})`,
          )
          .join(' UNION ALL ')
      : `SELECT found.patient_id FROM unnest(${patients}) AS asked (asked_id) CROSS JOIN LATERAL (
           SELECT r.${patientId} AS patient_id FROM (${rowsOfPatient(source, hospital, 'asked_id')}) AS r
            WHERE ${holds('r')}${filtered('r')}) AS found`;
  return `SELECT count(*)::integer AS rows, count(DISTINCT patient_id)::integer AS patients
            FROM (SELECT patient_id FROM (${rows}) AS branches ${limit}) AS counted`;
}
