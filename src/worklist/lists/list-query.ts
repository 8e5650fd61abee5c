import {
  allOf,
  type Condition,
  filterOf,
  itemConditions,
  openItemConditions,
  type ListFilter,
  patientFilterOf,
} from './list-filter.js';
import { type ListName, placeTypeOf, sourceOf } from './list-sources.js';
import { type ListSource, live } from './list-sql.js';
import type { ListStatement, SqlValues } from './list-statement.js';
import { liveOfActivity, openOfRule, type Rarity } from './rare-items.js';

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

/** Reads the open items of a rare activity or rule as `rare` of a statement; one more than they may be, if they are not few. */
interface RareItems {
  readonly text: string;
  readonly areFew: string;
}

const rareItems = (items: string, { atMost }: Rarity): RareItems => ({
  text: `WITH rare AS MATERIALIZED (${items})`,
  areFew: `NOT EXISTS (SELECT FROM rare OFFSET ${atMost})`,
});

/** Of a list whose rows are no items. */
function patientsOfRare(
  source: ListSource,
  filter: ListFilter,
  { values, hospital }: ListStatement,
): RareItems | undefined {
  const { rare } = filter;
  if (rare === undefined) return undefined;
  const conditions = allOf(openItemConditions(source, filter, values), 'f');
  const parts = (rare.by === 'rule' ? [live('f')] : liveOfActivity('f')).map(
    (part) => `(SELECT f.patient_id FROM surveillance_item f
                 WHERE f.hospital_id = ${hospital} AND ${part}${conditions} LIMIT ${rare.atMost + 1})`,
  );
  return rareItems(parts.join(' UNION ALL '), rare);
}

/** Of a list of items; with the rows `r` of the list among them. The patients are looked up of these alone. */
function itemsOfRare(
  list: ListName,
  source: ListSource,
  filter: ListFilter,
  statement: ListStatement,
): (RareItems & { readonly inList: string }) | undefined {
  const { rare, rule } = filter;
  if (rare === undefined || !source.ofItems) return undefined;
  const { values, hospital } = statement;
  const items = allOf(itemConditions({ ...filter, rule: undefined }, values), 'r');
  return {
    ...rareItems(
      `SELECT r.patient_id, r.id, ${source.place('r')} AS place, ${source.holds('r')}${items} AS is_in_list FROM surveillance_item r
        WHERE r.hospital_id = ${hospital} AND ${openOfRule('r')} AND r.rule = ${values.add(rule, 'text')} LIMIT ${rare.atMost + 1}`,
      rare,
    ),
    inList: `rare r WHERE r.is_in_list${allOf(patientFilterOf(list, source, filter, statement), 'r')}`,
  };
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
 * `patients`, the others are left out already. With a rare activity or rule, one row with `isMany` if its items are not few.
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
  const start = new PageStart(list, source, values, after);
  const placed = ['place', 'patient_id', 'id'] as const;
  const rows = `ORDER BY ${start.order('c.place', 'patient_id', 'id')}`;
  const ofRule = itemsOfRare(list, source, filter, statement);
  if (ofRule !== undefined)
    return unlessMany(
      ofRule,
      `SELECT ${placeText(list)} AS place, patient_id AS "patientId", id, true AS "isFirst"
         FROM (SELECT ${onePerPatient ? 'DISTINCT ON (r.patient_id)' : ''} r.place, r.patient_id, r.id
                 FROM ${ofRule.inList} ORDER BY r.patient_id, r.place, r.id) AS c
        WHERE ${start.isBefore(placed, itself)} ${rows} LIMIT ${atMost}`,
    );
  const filtered = filterOf(list, source, filter, statement);
  if (patients !== undefined)
    return `
      SELECT ${placeText(list)} AS place, patient_id AS "patientId", id, true AS "isFirst"
        FROM (SELECT found.* FROM ${patients} CROSS JOIN LATERAL (
                SELECT ${place('r')} AS place, r.${patientId} AS patient_id, r.${id} AS id
                  FROM (${rowsOfPatient(source, hospital, 'asked_id')}) AS r
                 WHERE ${holds('r')}${filtered('r')}
                 ORDER BY 1, 3 ${onePerPatient ? 'LIMIT 1' : 'OFFSET 0'}) AS found) AS c
       WHERE ${start.isBefore(placed, itself)} ${rows} LIMIT ${atMost}`;
  const rare = patientsOfRare(source, filter, statement);
  const isFirst = onePerPatient ? isFirstOf(source, filtered, hospital) : 'true';
  const inOrder = `
    SELECT ${placeText(list)} AS place, patient_id AS "patientId", id, ${isFirst} AS "isFirst"
      FROM (SELECT * FROM (${start.partsOf(source, { hospital, filtered, atMost })}) AS merged
             ORDER BY ${start.order(...placed)} LIMIT ${atMost}) AS c
     ${rows}`;
  return rare === undefined ? inOrder : unlessMany(rare, inOrder);
}

/** The rows of a list; instead of them one with `isMany`, if the items of the activity or rule are not few. */
const unlessMany = ({ text, areFew }: RareItems, rows: string): string => `
  ${text}
  SELECT found.*, false AS "isMany" FROM (${rows}) AS found WHERE ${areFew}
  UNION ALL
  SELECT NULL, NULL, NULL, NULL, true WHERE NOT (${areFew})`;

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

/** How many rows and patients a list has, counted up to `atMost` rows; `isMany`: not counted, as the items of the activity or rule are not few. */
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
  const limit = `LIMIT ${atMost}`;
  const ofRule = itemsOfRare(list, source, filter, statement);
  const rare = ofRule ?? patientsOfRare(source, filter, statement);
  const rowsFound = (): string => {
    if (ofRule !== undefined) return `SELECT r.patient_id FROM ${ofRule.inList}`;
    const filtered = filterOf(list, counting, filter, statement);
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
  const [text, areFew] = rare === undefined ? ['', 'true'] : [rare.text, rare.areFew];
  return `${text}
    SELECT count(*)::integer AS rows, count(DISTINCT patient_id)::integer AS patients, NOT (${areFew}) AS "isMany"
      FROM (SELECT patient_id FROM (${rowsFound()}) AS branches WHERE ${areFew} ${limit}) AS counted`;
}
