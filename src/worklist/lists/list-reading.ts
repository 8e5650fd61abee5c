import type { HospitalTransaction } from '../../tenancy/hospital-scope.js';
import type { ListFilter } from './list-filter.js';
import {
  type AskedRows,
  countStatement,
  hasMoreStatement,
  type Placed,
  partStatement,
  rowsStatement,
} from './list-query.js';
import { isByOpenItems, isItemList, isOfSteps, type ListName } from './list-sources.js';
import { type AskedPatients, type ListContext, listStatement } from './list-statement.js';
import type { Among } from './look-through.js';
import { RARE_AT_MOST, type Rarity } from './rare-items.js';

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
export async function rowsOfList(of: FilteredList, page: AskedPage): Promise<readonly Placed[]> {
  for (const rare of rarities(of)) {
    const { rows, isMany } = await rowsOfRare({ ...of, filter: { ...of.filter, rare } }, page);
    if (!isMany) return rows;
  }
  const { among } = of;
  if (among === undefined) return (await rowsInOrder(of, page)).rows;
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
 * Whose open items may be few: those of the rule, where no index has the rows of the list by rule; or of the activity, where open
 * items say which patients of a list are of it. The statement itself finds out whether they are.
 */
function rarities({ list, filter, among, rareAtMost }: FilteredList): Rarity[] {
  const { activity, rule } = filter;
  if (among !== undefined && 'few' in among) return [];
  const found: Rarity[] = [];
  if (rule !== undefined && !isOfSteps(list))
    found.push({ by: 'rule', atMost: rareAtMost ?? RARE_AT_MOST.rule });
  if (activity !== undefined && isByOpenItems(list))
    found.push({ by: 'activity', atMost: RARE_AT_MOST.activity });
  return found;
}

interface RowsUnlessMany {
  readonly rows: readonly (Placed & { readonly isFirst: boolean })[];
  /** The items of the activity or rule are not few, so that no row was read. */
  readonly isMany: boolean;
}

/** A list by date is read by the items of the rule, all of which are sorted; another one in its order. */
const rowsOfRare = (of: FilteredList, page: AskedPage): Promise<RowsUnlessMany> =>
  isItemList(of.list) ? queried(of, { ...page, atMost: page.limit + 1 }, undefined) : rowsInOrder(of, page);

/** The rows in the order of the list. */
async function rowsInOrder(
  of: FilteredList,
  { after, limit, onePerPatient }: AskedPage,
): Promise<RowsUnlessMany> {
  const atMost = (limit + 1) * (onePerPatient ? READ_FOR_EACH_ROW : 1);
  const found: RowsUnlessMany['rows'][number][] = [];
  for (let from = after; ;) {
    const { rows, isMany } = await queried(of, { after: from, atMost, onePerPatient }, undefined);
    found.push(...rows.filter(({ isFirst }) => isFirst));
    from = rows.at(-1);
    if (isMany || found.length > limit || rows.length < atMost) return { rows: found, isMany };
  }
}

/** The rows of these patients, found by the patients. */
const rowsOfPatients = async (
  of: FilteredList,
  { after, limit, onePerPatient }: AskedPage,
  patients: AskedPatients,
): Promise<readonly Placed[]> =>
  (await queried(of, { after, atMost: limit + 1, onePerPatient }, patients)).rows;

async function queried(
  { tx, context, list, filter }: FilteredList,
  asked: AskedRows,
  patients: AskedPatients | undefined,
): Promise<RowsUnlessMany> {
  const statement = listStatement(tx, context, patients);
  const sql = rowsStatement(list, filter, statement, asked);
  const rows = await tx.db.query<(Placed & { isFirst: boolean; isMany?: boolean })[]>(
    sql,
    statement.values.list,
  );
  return rows[0]?.isMany === true ? { rows: [], isMany: true } : { rows, isMany: false };
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
export async function countOfList(of: FilteredList): Promise<ListCount> {
  for (const rare of rarities(of)) {
    const { count, isMany } = await counted({ ...of, filter: { ...of.filter, rare } }, undefined);
    if (!isMany) return count;
  }
  return (await counted(of, await countedAmong(of))).count;
}

async function counted(
  { tx, context, list, filter }: FilteredList,
  patients: AskedPatients | undefined,
): Promise<{ count: ListCount; isMany: boolean }> {
  const statement = listStatement(tx, context, patients);
  const sql = countStatement(list, filter, statement, COUNTED_AT_MOST + 1);
  const [{ isMany, ...count }] = await tx.db.query<[{ rows: number; patients: number; isMany: boolean }]>(
    sql,
    statement.values.list,
  );
  return {
    count: { ...count, rows: Math.min(count.rows, COUNTED_AT_MOST), more: count.rows > COUNTED_AT_MOST },
    isMany,
  };
}

/** The patients by whom rows are counted; undefined: they are counted by the list, which is short or has no filter. */
async function countedAmong(of: FilteredList): Promise<AskedPatients | undefined> {
  const { among } = of;
  if (among === undefined) return undefined;
  if ('few' in among) return among.few;
  return (await hasMoreThan(of, among.rowsFirst)) ? among.many : undefined;
}
