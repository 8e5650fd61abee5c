import type { CalendarDate } from '../../guideline/calendar.js';
import { inCareOf } from '../../patients/responsible-nurse.js';
import { folded } from '../../patients/folded.js';
import type { PatientCondition } from '../ownership/owned-patients.js';
import { type ListSource, live } from './list-sql.js';
import { isItemList, type ListName, placeTypeOf, rests, sourceOf } from './list-sources.js';
import type { ListStatement, SqlValues } from './list-statement.js';
import { liveOfActivity, openOfRule } from './rare-items.js';

/** Which rows of a list are asked for. */
export interface ListFilter {
  readonly activity?: string | undefined;
  readonly rule?: string | undefined;
  /** Of which of the two the hospital has few open items; left out: perhaps it has many of both. */
  readonly rare?: 'activity' | 'rule' | undefined;
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
  const { department, ward, group, distanceFrom, distanceTo } = filter;
  const compared = (column: string, type: string, operator: string, value: unknown): string[] =>
    value === undefined ? [] : [`p.${column} ${operator} ${values.add(value, type)}`];
  return [
    ...careConditions(filter, values),
    ...compared('department', 'text', '=', department),
    ...compared('ward', 'text', '=', ward),
    ...compared('care_group', 'text', '=', group),
    ...compared('distance_km', 'integer', '>=', distanceFrom),
    ...compared('distance_km', 'integer', '<=', distanceTo),
  ];
}

/** Those of them about who cares for the patient. */
export function careConditions({ owner, assignee }: ListFilter, values: SqlValues): string[] {
  return [
    ...(owner === undefined ? [] : [owner.condition('p', (name) => values.bare(owner.parameters[name]))]),
    ...(assignee === undefined
      ? []
      : [inCareOf('p').replaceAll(':nurseKey', values.add(folded(assignee), 'text'))]),
  ];
}

/** The others, about an item with a step. */
function placeConditions(filter: ListFilter, values: SqlValues): Condition[] {
  const { department, ward, group, distanceFrom, distanceTo } = filter;
  return [
    ...compared(values, 'text', '=', department, (r) => `${r}.step_department`),
    ...compared(values, 'text', '=', ward, (r) => `${r}.step_ward`),
    ...compared(values, 'text', '=', group, (r) => `${r}.step_group`),
    ...compared(values, 'integer', '>=', distanceFrom, (r) => `${r}.step_km`),
    ...compared(values, 'integer', '<=', distanceTo, (r) => `${r}.step_km`),
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
  value: string | number | undefined,
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
  { ofItems, saysWhere = false, activity, patientId, rowsArePatients = false, patientCondition }: ListSource,
  filter: ListFilter,
  { values, hospital, parameters, patients }: ListStatement,
): Condition {
  const parts: Condition[] = [];
  if (activity !== null) parts.push(...compared(values, 'text', '=', filter.activity, activity));
  const items = itemConditions(activity === null ? filter : { ...filter, activity: undefined }, values);
  if (ofItems) parts.push(...items);
  else if (items.length > 0)
    parts.push((r) => {
      const ofFilter = (f: string, part: string): string =>
        `FROM surveillance_item f WHERE f.hospital_id = ${hospital} AND ${part}${allOf(items, f)}`;
      // IS TRUE keeps PostgreSQL from joining: the few items are read once, not those of each patient of the list.
      return filter.rare !== undefined && patients === undefined
        ? `(${r}.${patientId} IN (${(filter.rare === 'rule' ? [live('f')] : liveOfActivity('f'))
            .map((part) => `SELECT f.patient_id ${ofFilter('f', part)}`)
            .join(' UNION ALL ')})) IS TRUE`
        : `EXISTS (SELECT ${ofFilter('f', `f.patient_id = ${r}.${patientId} AND ${live('f')}`)})`;
    });
  if (saysWhere && patients === undefined) parts.push(...placeConditions(filter, values));
  const conditionsOf = saysWhere ? careConditions : patientConditions;
  const about =
    patients === undefined
      ? [...(patientCondition ? [patientCondition] : []), ...conditionsOf(filter, values)]
      : [];
  const doesNotRest = rests(list)
    ? (r: string): string =>
        `((SELECT c.rests_until FROM patient_contact c WHERE c.hospital_id = ${hospital} AND c.patient_id = ${r}.${patientId})
          > ${parameters.today}) IS NOT TRUE`
    : undefined;
  // The subquery looks up the patient of each row: the statistics of PostgreSQL do not know how many rows a page reads. Its
  // conditions are tested in their order: rows of other patients cost nothing more.
  if (about.length > 0)
    parts.push((r) => {
      const patient = rowsArePatients
        ? `(SELECT ${r}.* OFFSET 0) AS p`
        : `patient p WHERE p.hospital_id = ${hospital} AND p.id = ${r}.${patientId}`;
      return `(SELECT ${[...about, ...(doesNotRest ? [doesNotRest(r)] : [])].join(' AND ')} FROM ${patient})`;
    });
  else if (doesNotRest) parts.push(doesNotRest);
  return (r) => allOf(parts, r);
}

/** A place as text, in full precision, as `isPlaceIn` reads it. */
const placeText = (list: ListName): string =>
  placeTypeOf(list) === 'timestamptz' ? `to_json(place) #>> '{}'` : 'place::text';

/** The rows among which those of one patient are. OFFSET keeps PostgreSQL from looking for the patient among all rows of the list. */
const rowsOfPatient = ({ table, patientId, siblings }: ListSource, hospital: string, of: string): string =>
  `SELECT * FROM ${table} s WHERE s.hospital_id = ${hospital} AND s.${patientId} = ${of} AND ${siblings?.('s') ?? 'true'} OFFSET 0`;

/** The few open items of the rule, whatever the list; undefined: there are many, or the rows of the list are no items. */
export function itemsOfRareRule(
  list: ListName,
  { rare, rule }: ListFilter,
  { values, hospital, patients }: ListStatement,
): string | undefined {
  if (rare !== 'rule' || patients !== undefined || !isItemList(list)) return undefined;
  return `(SELECT * FROM surveillance_item r
            WHERE r.hospital_id = ${hospital} AND ${openOfRule('r')} AND r.rule = ${values.bare(rule)} OFFSET 0) AS r`;
}

/** Where a page of a list begins and ends, as SQL. */
class Bounds {
  private readonly last:
    | { readonly place: string; readonly patientId: string; readonly id: string }
    | undefined;
  private readonly until: string | undefined;

  constructor(
    list: ListName,
    private readonly source: Pick<ListSource, 'byPatient' | 'patientId' | 'id'>,
    values: SqlValues,
    { after, until }: Pick<AskedRows, 'after' | 'until'>,
  ) {
    this.last = after && {
      place: values.add(after.place, placeTypeOf(list)),
      patientId: source.byPatient ? values.add(after.patientId, 'uuid') : '',
      id: values.add(after.id, 'uuid'),
    };
    this.until = until === undefined ? undefined : values.add(until, placeTypeOf(list));
  }

  /** What the rows are ordered by. */
  order(by: string, patient: string, row: string): string {
    return [by, ...(this.source.byPatient ? [patient] : []), row].join(', ');
  }

  /** Of rows that have their place in these columns, by which the place is found. */
  contain(columns: readonly [string, string, string], byPlace: (place: string) => string): string {
    const { last, until } = this;
    return [
      last
        ? `(${this.order(...columns)}) > (${this.order(byPlace(last.place), last.patientId, last.id)})`
        : 'true',
      ...(until === undefined ? [] : [`${columns[0]} <= ${byPlace(until)}`]),
    ].join(' AND ');
  }

  /** The rows of each branch in its order, each part at most `atMost` of them. */
  partsOf(
    { table, branches, patientId, id }: ListSource,
    { hospital, filtered, atMost }: { hospital: string; filtered: Condition; atMost: number },
  ): string {
    return branches
      .map(({ where, orderedBy, placeBy, orderOf }) => {
        const columns = [orderedBy, `r.${patientId}`, `r.${id}`] as const;
        return `(
      SELECT ${placeBy(orderedBy)} AS place, r.${patientId} AS patient_id, r.${id} AS id FROM ${table} r
       WHERE r.hospital_id = ${hospital} AND ${where}${filtered('r')} AND ${this.contain(columns, orderOf)}
       ORDER BY ${this.order(...columns)} LIMIT ${atMost})`;
      })
      .join(' UNION ALL ');
  }
}

/** Which rows of a list are read. */
export interface AskedRows {
  /** The last row seen. */
  readonly after?: Placed | undefined;
  /** The last place of which rows are read. */
  readonly until?: string | undefined;
  readonly atMost: number;
  readonly onePerPatient: boolean;
}

const itself = (place: string): string => place;

/**
 * The next rows of a list in its order, at most `atMost`. `isFirst`: no other row of the same patient comes before it; with
 * `patients`, the others are left out already.
 */
export function rowsStatement(
  list: ListName,
  filter: ListFilter,
  statement: ListStatement,
  { atMost, onePerPatient, ...between }: AskedRows,
): string {
  const { values, hospital, parameters, patients } = statement;
  const source = sourceOf(list, parameters);
  const { id, patientId, siblings, holds, place } = source;
  const filtered = filterOf(list, source, filter, statement);
  const bounds = new Bounds(list, source, values, between);
  const placed = ['place', 'patient_id', 'id'] as const;
  const rows = `ORDER BY ${bounds.order('c.place', 'patient_id', 'id')}`;
  if (patients !== undefined)
    return `
      SELECT ${placeText(list)} AS place, patient_id AS "patientId", id, true AS "isFirst"
        FROM (SELECT found.* FROM ${patients} CROSS JOIN LATERAL (
                SELECT ${place('r')} AS place, r.${patientId} AS patient_id, r.${id} AS id
                  FROM (${rowsOfPatient(source, hospital, 'asked_id')}) AS r
                 WHERE ${holds('r')}${filtered('r')}
                 ORDER BY 1, 3 ${onePerPatient ? 'LIMIT 1' : 'OFFSET 0'}) AS found) AS c
       WHERE ${bounds.contain(placed, itself)} ${rows} LIMIT ${atMost}`;
  const ofRule = itemsOfRareRule(list, filter, statement);
  if (ofRule !== undefined)
    return `
      SELECT ${placeText(list)} AS place, patient_id AS "patientId", id, true AS "isFirst"
        FROM (SELECT ${onePerPatient ? 'DISTINCT ON (r.patient_id)' : ''} ${place('r')} AS place, r.patient_id, r.id
                FROM ${ofRule} WHERE ${holds('r')}${filtered('r')}
               ORDER BY r.patient_id, 1, r.id) AS c
       WHERE ${bounds.contain(placed, itself)} ${rows} LIMIT ${atMost}`;
  const isFirst = `NOT EXISTS (
      SELECT FROM (${rowsOfPatient(source, hospital, 'c.patient_id')}) AS o
       WHERE ${holds('o')}${filtered('o')} AND (${place('o')}, o.${id}) < (c.place, c.id))`;
  return `
    SELECT ${placeText(list)} AS place, patient_id AS "patientId", id,
           ${onePerPatient && siblings !== null ? isFirst : 'true'} AS "isFirst"
      FROM (SELECT * FROM (${bounds.partsOf(source, { hospital, filtered, atMost })}) AS merged
             ORDER BY ${bounds.order(...placed)} LIMIT ${atMost}) AS c
     ${rows}`;
}

/** The place of the row after the next `rows` rows of a list of items, whatever the filter says of patients; no row: there are no more. */
export function placeStatement(
  list: ListName,
  filter: ListFilter,
  { values, hospital, parameters }: ListStatement,
  { after, rows }: { readonly after: Placed | undefined; readonly rows: number },
): string {
  const source = sourceOf(list, parameters);
  const bounds = new Bounds(list, source, values, { after });
  const items = itemConditions(filter, values);
  const filtered = (r: string): string => allOf(items, r);
  const parts = bounds.partsOf(source, { hospital, filtered, atMost: rows + 1 });
  return `SELECT ${placeText(list)} AS place FROM (${parts}) AS merged ORDER BY merged.place OFFSET ${rows} LIMIT 1`;
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
  const counting = source.counted === undefined ? source : { ...source, patientCondition: '' };
  const filtered = filterOf(list, counting, filter, statement);
  const limit = `LIMIT ${atMost}`;
  const ofRule = itemsOfRareRule(list, filter, statement);
  const rowsFound = (): string => {
    if (ofRule !== undefined) return `SELECT r.patient_id FROM ${ofRule} WHERE ${holds('r')}${filtered('r')}`;
    if (patients !== undefined)
      return `SELECT found.patient_id FROM ${patients} CROSS JOIN LATERAL (
           SELECT r.${patientId} AS patient_id FROM (${rowsOfPatient(source, hospital, 'asked_id')}) AS r
            WHERE ${holds('r')}${filtered('r')}) AS found`;
    return counted
      .map(
        ({ where, orderedBy }) =>
          `(SELECT r.${patientId} AS patient_id FROM ${table} r WHERE r.hospital_id = ${hospital} AND ${where}${filtered('r')}
                 ORDER BY ${orderedBy} ${limit})`,
      )
      .join(' UNION ALL ');
  };
  return `SELECT count(*)::integer AS rows, count(DISTINCT patient_id)::integer AS patients
            FROM (SELECT patient_id FROM (${rowsFound()}) AS branches ${limit}) AS counted`;
}
