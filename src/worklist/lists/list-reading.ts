import type { HospitalTransaction } from '../../tenancy/hospital-scope.js';
import { type ListFilter } from './list-filter.js';
import {
  type AskedRows,
  countStatement,
  hasMoreStatement,
  type Placed,
  partStatement,
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
  if (among === undefined) return rowsInOrder(of, page);
  if ('few' in among) return rowsOfPatients(of, page, among.few);
  const found: Placed[] = [];
  let { after } = page;
  for (let rows = among.rowsFirst; ;) {
    const part = await partOfList(of, { ...page, after, limit: page.limit - found.length }, rows);
    found.push(...part.found);
    if (part.last === undefined || found.length > page.limit) return found;
    const isSecond = after !== page.after;
    if (isSecond || found.length * MORE_ROWS <= page.limit) return rowsOfPatients(of, page, among.many);
    const times = Math.min(MORE_ROWS, (MARGIN * (page.limit + 1)) / found.length);
    rows = Math.ceil((times - 1) * among.rowsFirst);
    after = part.last;
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

/** All open items of the rule are read, and sorted. */
const isReadByRule = ({ list, filter }: FilteredList): boolean => filter.rare === 'rule' && isItemList(list);

/** The rows in the order of the list. */
async function rowsInOrder(of: FilteredList, { after, limit, onePerPatient }: AskedPage): Promise<Placed[]> {
  const atMost = (limit + 1) * (onePerPatient ? READ_FOR_EACH_ROW : 1);
  const page: Placed[] = [];
  for (let from = after; ;) {
    const rows = await queried(of, { after: from, atMost, onePerPatient }, undefined);
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

/** What the filter leaves of the next rows, and the last of these; undefined: that of the list. */
async function partOfList(
  { tx, context, list, filter }: FilteredList,
  { after, limit, onePerPatient }: AskedPage,
  rows: number,
): Promise<{ found: Placed[]; last: Placed | undefined }> {
  const statement = listStatement(tx, context, undefined);
  const sql = partStatement(list, filter, statement, { after, rows, atMost: limit + 1, onePerPatient });
  const read = await tx.db.query<(Placed & { isLast: boolean })[]>(sql, statement.values.list);
  return { found: read.filter(({ isLast }) => !isLast), last: read.find(({ isLast }) => isLast) };
}

/** Whether the list has more than so many rows, whatever the filter says of their patients. */
async function hasMoreThan({ tx, context, list, filter }: FilteredList, rows: number): Promise<boolean> {
  const statement = listStatement(tx, context, undefined);
  const found = await tx.db.query<object[]>(
    hasMoreStatement(list, filter, statement, rows),
    statement.values.list,
  );
  return found.length > 0;
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
  return (await hasMoreThan(of, among.rowsFirst)) ? among.many : undefined;
}
