import {
  allOf,
  type Condition,
  filterOf,
  itemConditions,
  type ListFilter,
  patientFilterOf,
} from './list-filter.js';
import { isItemList, type ListName, placeTypeOf, sourceOf } from './list-sources.js';
import type { ListSource } from './list-sql.js';
import type { ListStatement, SqlValues } from './list-statement.js';
import { openOfRule } from './rare-items.js';

/** A row of a list as its order sees it. */
export interface Placed {
  /** As PostgreSQL writes it. */
  readonly place: string;
  readonly patientId: string;
  readonly id: string;
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

/** Where a page of a list begins, as SQL. */
class PageStart {
  private readonly last:
    | { readonly place: string; readonly patientId: string; readonly id: string }
    | undefined;

  constructor(
    list: ListName,
    private readonly source: Pick<ListSource, 'byPatient' | 'patientId' | 'id'>,
    values: SqlValues,
    after: Placed | undefined,
  ) {
    this.last = after && {
      place: values.add(after.place, placeTypeOf(list)),
      patientId: source.byPatient ? values.add(after.patientId, 'uuid') : '',
      id: values.add(after.id, 'uuid'),
    };
  }

  /** What the rows are ordered by. */
  order(by: string, patient: string, row: string): string {
    return [by, ...(this.source.byPatient ? [patient] : []), row].join(', ');
  }

  /** Whether a row comes after it that has its place in these columns, by which the place is found. */
  isBefore(columns: readonly [string, string, string], byPlace: (place: string) => string): string {
    const { last } = this;
    return last === undefined
      ? 'true'
      : `(${this.order(...columns)}) > (${this.order(byPlace(last.place), last.patientId, last.id)})`;
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
       WHERE r.hospital_id = ${hospital} AND ${where}${filtered('r')} AND ${this.isBefore(columns, orderOf)}
       ORDER BY ${this.order(...columns)} LIMIT ${atMost})`;
      })
      .join(' UNION ALL ');
  }
}

/** Which rows of a list are read. */
export interface AskedRows {
  /** The last row seen. */
  readonly after?: Placed | undefined;
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
  { after, atMost, onePerPatient }: AskedRows,
): string {
  const { values, hospital, parameters, patients } = statement;
  const source = sourceOf(list, parameters);
  const { id, patientId, holds, place } = source;
  const filtered = filterOf(list, source, filter, statement);
  const start = new PageStart(list, source, values, after);
  const placed = ['place', 'patient_id', 'id'] as const;
  const rows = `ORDER BY ${start.order('c.place', 'patient_id', 'id')}`;
  if (patients !== undefined)
    return `
      SELECT ${placeText(list)} AS place, patient_id AS "patientId", id, true AS "isFirst"
        FROM (SELECT found.* FROM ${patients} CROSS JOIN LATERAL (
                SELECT ${place('r')} AS place, r.${patientId} AS patient_id, r.${id} AS id
                  FROM (${rowsOfPatient(source, hospital, 'asked_id')}) AS r
                 WHERE ${holds('r')}${filtered('r')}
                 ORDER BY 1, 3 ${onePerPatient ? 'LIMIT 1' : 'OFFSET 0'}) AS found) AS c
       WHERE ${start.isBefore(placed, itself)} ${rows} LIMIT ${atMost}`;
  const ofRule = itemsOfRareRule(list, filter, statement);
  if (ofRule !== undefined)
    return `
      SELECT ${placeText(list)} AS place, patient_id AS "patientId", id, true AS "isFirst"
        FROM (SELECT ${onePerPatient ? 'DISTINCT ON (r.patient_id)' : ''} ${place('r')} AS place, r.patient_id, r.id
                FROM ${ofRule} WHERE ${holds('r')}${filtered('r')}
               ORDER BY r.patient_id, 1, r.id) AS c
       WHERE ${start.isBefore(placed, itself)} ${rows} LIMIT ${atMost}`;
  const isFirst = onePerPatient ? isFirstOf(source, filtered, hospital) : 'true';
  return `
    SELECT ${placeText(list)} AS place, patient_id AS "patientId", id, ${isFirst} AS "isFirst"
      FROM (SELECT * FROM (${start.partsOf(source, { hospital, filtered, atMost })}) AS merged
             ORDER BY ${start.order(...placed)} LIMIT ${atMost}) AS c
     ${rows}`;
}

/** Whether no other row of the same patient comes before the row `c`, as SQL. */
const isFirstOf = (source: ListSource, filtered: Condition, hospital: string): string =>
  source.siblings === null
    ? 'true'
    : `NOT EXISTS (
      SELECT FROM (${rowsOfPatient(source, hospital, 'c.patient_id')}) AS o
       WHERE ${source.holds('o')}${filtered('o')} AND (${source.place('o')}, o.${source.id}) < (c.place, c.id))`;

/** Which part of a list of items is looked through. */
export interface AskedPart extends AskedRows {
  /** So many rows of the list after `after`, whatever the filter says of their patients. */
  readonly rows: number;
}

/**
 * The first rows, at most `atMost`, that the filter leaves of the next ones of a list of items; and the last one that was looked through,
 * as `isLast`, unless it was the last of the list.
 */
export function partStatement(
  list: ListName,
  filter: ListFilter,
  statement: ListStatement,
  { after, rows, atMost, onePerPatient }: AskedPart,
): string {
  const { values, hospital, parameters } = statement;
  const source = sourceOf(list, parameters);
  const start = new PageStart(list, source, values, after);
  const order = start.order('place', 'patient_id', 'id');
  const items = itemConditions(filter, values);
  const parts = start.partsOf(source, { hospital, filtered: (r) => allOf(items, r), atMost: rows + 1 });
  const ofPatients = allOf(patientFilterOf(list, source, filter, statement), 'c');
  const isFirst = onePerPatient
    ? isFirstOf(source, filterOf(list, source, filter, statement), hospital)
    : 'true';
  const columns = `${placeText(list)} AS place, patient_id AS "patientId", id`;
  return `
    WITH part AS MATERIALIZED (SELECT * FROM (${parts}) AS merged ORDER BY ${order} LIMIT ${rows + 1}),
         looked AS MATERIALIZED (SELECT * FROM part ORDER BY ${order} LIMIT ${rows})
    SELECT ${columns}, false AS "isLast"
      FROM (SELECT * FROM (SELECT * FROM looked c WHERE true${ofPatients} ORDER BY ${order} OFFSET 0) AS c
             WHERE ${isFirst} LIMIT ${atMost}) AS found
    UNION ALL
    SELECT ${columns}, true
      FROM (SELECT * FROM looked WHERE (SELECT count(*) FROM part) > ${rows} ORDER BY ${order} OFFSET ${rows - 1}) AS last`;
}

/** A row where a list of items has more than so many rows, whatever the filter says of their patients. */
export function hasMoreStatement(
  list: ListName,
  filter: ListFilter,
  { values, hospital, parameters }: ListStatement,
  rows: number,
): string {
  const source = sourceOf(list, parameters);
  const items = itemConditions(filter, values);
  const start = new PageStart(list, source, values, undefined);
  const parts = start.partsOf(source, { hospital, filtered: (r) => allOf(items, r), atMost: rows + 1 });
  return `SELECT FROM (${parts}) AS merged OFFSET ${rows} LIMIT 1`;
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
