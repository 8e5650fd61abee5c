import type { HospitalTransaction } from '../../tenancy/hospital-scope.js';
import {
  type AskedRows,
  countStatement,
  type ListFilter,
  type Placed,
  placeStatement,
  rowsStatement,
} from './list-query.js';
import { isByOpenItems, isItemList, type ListName } from './list-sources.js';
import { type AskedPatients, type ListContext, listStatement } from './list-statement.js';
import type { Among } from './look-through.js';
import { isRareActivity, isRareRule } from './rare-items.js';

/** A list with its filter, in one transaction. */
export interface FilteredList {
  readonly tx: HospitalTransaction;
  readonly context: ListContext;
  readonly list: ListName;
  readonly filter: ListFilter;
  readonly among: Among;
  /** Up to so many open items a rule is rare; the usual number unless given. */
  readonly rareAtMost?: number;
}

/** What is read of a list. */
export interface AskedPage {
  /** The last row seen. */
  readonly after: Placed | undefined;
  readonly limit: number;
  readonly onePerPatient: boolean;
}

export interface ListCount {
  /** Patients with a row in the list, and their rows; at least so many where there are `more`. */
  readonly patients: number;
  readonly rows: number;
  readonly more: boolean;
}

/** Rows are counted up to this number. */
const COUNTED_AT_MOST = 1000;

/** Rows read at once for each row of a page: a visit is three or four items of a patient. */
const READ_FOR_EACH_ROW = 4;

/** At most so many times the first rows are looked through, in a second round, if a page can be expected from them. */
const MORE_ROWS = 4;

/** So much more than the page needs, because the rows of a filter lie unevenly in a list. */
const MARGIN = 1.5;

/** The next rows of the list in its order, each the first of its patient if one is asked for; more than `limit` if there are more. */
export async function rowsOfList(asked: FilteredList, page: AskedPage): Promise<readonly Placed[]> {
  const of = await withRarity(asked);
  const { among } = of;
  if (isReadByRule(of)) return queried(of, { ...page, atMost: page.limit + 1 }, undefined);
  if (among === undefined) return rowsInOrder(of, page, undefined);
  if ('few' in among) return rowsOfPatients(of, page, among.few);
  const found: Placed[] = [];
  let from = page.after;
  for (let rows = among.rowsFirst; ;) {
    const until = await placeAfter(of, from, rows);
    const wanted = { ...page, after: from, limit: page.limit - found.length };
    found.push(...(await rowsInOrder(of, wanted, until)));
    if (until === undefined || found.length > page.limit) return found;
    const isSecond = from !== page.after;
    if (isSecond || found.length * MORE_ROWS <= page.limit) return rowsOfPatients(of, page, among.many);
    const times = Math.min(MORE_ROWS, (MARGIN * (page.limit + 1)) / found.length);
    rows = Math.ceil((times - 1) * among.rowsFirst);
    from = lastAt(until);
  }
}

/**
 * Whether the hospital has few open items of the rule; or of the activity, where open items say which patients of a list
 * are of it.
 */
async function withRarity(of: FilteredList): Promise<FilteredList> {
  const { tx, list, filter, among } = of;
  const { activity, rule } = filter;
  if (among !== undefined && 'few' in among) return of;
  const isRare = (rare: ListFilter['rare']): FilteredList => ({ ...of, filter: { ...filter, rare } });
  if (rule !== undefined && (await isRareRule(tx, rule, of.rareAtMost))) return isRare('rule');
  if (activity === undefined || !isByOpenItems(list)) return of;
  return (await isRareActivity(tx, activity)) ? isRare('activity') : of;
}

const LAST_ID = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

/** Behind all rows of this place. */
const lastAt = (place: string): Placed => ({ place, patientId: LAST_ID, id: LAST_ID });

/** All open items of the rule are read, and sorted. */
const isReadByRule = ({ list, filter }: FilteredList): boolean => filter.rare === 'rule' && isItemList(list);

/** The rows in the order of the list, none behind the place `until`. */
async function rowsInOrder(
  of: FilteredList,
  { after, limit, onePerPatient }: AskedPage,
  until: string | undefined,
): Promise<Placed[]> {
  const atMost = (limit + 1) * (onePerPatient ? READ_FOR_EACH_ROW : 1);
  const page: Placed[] = [];
  for (let from = after; ;) {
    const rows = await queried(of, { after: from, until, atMost, onePerPatient }, undefined);
    page.push(...rows.filter(({ isFirst }) => isFirst));
    from = rows.at(-1);
    if (page.length > limit || rows.length < atMost) return page;
  }
}

/** The rows of these patients, found by the patients. */
const rowsOfPatients = (
  of: FilteredList,
  { after, limit, onePerPatient }: AskedPage,
  patients: AskedPatients,
): Promise<Placed[]> => queried(of, { after, atMost: limit + 1, onePerPatient }, patients);

async function queried(
  { tx, context, list, filter }: FilteredList,
  asked: AskedRows,
  patients: AskedPatients | undefined,
): Promise<(Placed & { isFirst: boolean })[]> {
  const statement = listStatement(tx, context, patients);
  const sql = rowsStatement(list, filter, statement, asked);
  return tx.db.query(sql, statement.values.list);
}

/** The place up to which a list is looked through; undefined: to its end. */
async function placeAfter(
  { tx, context, list, filter }: FilteredList,
  after: Placed | undefined,
  rowsFirst: number,
): Promise<string | undefined> {
  const statement = listStatement(tx, context, undefined);
  const sql = placeStatement(list, filter, statement, { after, rows: rowsFirst });
  const rows = await tx.db.query<{ place: string }[]>(sql, statement.values.list);
  return rows[0]?.place;
}

/** How many rows and patients the list has. */
export async function countOfList(asked: FilteredList): Promise<ListCount> {
  const of = await withRarity(asked);
  const { tx, context, list, filter } = of;
  const statement = listStatement(tx, context, await countedAmong(of));
  const sql = countStatement(list, filter, statement, COUNTED_AT_MOST + 1);
  const [count] = await tx.db.query<[{ rows: number; patients: number }]>(sql, statement.values.list);
  return { ...count, rows: Math.min(count.rows, COUNTED_AT_MOST), more: count.rows > COUNTED_AT_MOST };
}

/** The patients by whom rows are counted; undefined: they are counted by the rule, or by the list, which is short or has no filter. */
async function countedAmong(of: FilteredList): Promise<AskedPatients | undefined> {
  const { among } = of;
  if (among === undefined || isReadByRule(of)) return undefined;
  if ('few' in among) return among.few;
  return (await placeAfter(of, undefined, among.rowsFirst)) === undefined ? undefined : among.many;
}
