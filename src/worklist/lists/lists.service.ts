import { Injectable } from '@nestjs/common';
import { patientsFound, searchConditions } from '../../patients/patient-search.js';
import { personsNamed } from '../../patients/responsible-nurse.js';
import { HospitalScope, type HospitalTransaction } from '../../tenancy/hospital-scope.js';
import { ownedBy } from '../ownership/owned-patients.js';
import type { ListFilter } from './list-filter.js';
import { type Placed, rowsStatement } from './list-query.js';
import { countOfList, type ListCount, rowsOfList } from './list-reading.js';
import { isOfSteps, type ListName } from './list-sources.js';
import { type ListContext, listContext, listStatement } from './list-statement.js';
import { type Among, listedPatients, patientsAmong } from './look-through.js';
import { refuseUnknownActivity } from './known-activity.js';
import { itemsInView, type ItemInView, type PatientInView, patientsInView } from './list-rows.js';

/** A filter as a caller writes it. */
export interface WrittenFilter extends Omit<ListFilter, 'owner'> {
  /** A person's id, login or name, or the name of a nurse that was imported. */
  readonly owner?: string | undefined;
}

export interface ListQuery extends WrittenFilter {
  readonly list: ListName;
  readonly limit: number;
  /** The last row seen. */
  readonly after?: Placed | undefined;
}

/** One page of a list in its order. */
export interface ListPage<Row> {
  readonly rows: readonly Row[];
  /** The last row of the page; null: no row follows it. */
  readonly last: Placed | null;
}

/** The lists of open items, most urgent first. */
@Injectable()
export class ListsService {
  constructor(private readonly scope: HospitalScope) {}

  /** One patient a row, with all that is open of them. */
  async patients(query: ListQuery): Promise<ListPage<PatientInView>> {
    return this.scope.transaction(async (tx) => {
      const context = await listContext(tx, [query.list]);
      const { page, last } = await pageOfList(tx, query, context, true);
      const rows = await patientsInView(
        tx,
        page.map(({ patientId }) => patientId),
        query.list,
        context.settings.lists,
      );
      return { rows, last };
    });
  }

  /** One item a row. */
  async items(query: ListQuery): Promise<ListPage<ItemInView>> {
    return this.scope.transaction(async (tx) => {
      const { page, last } = await pageOfList(tx, query, await listContext(tx, [query.list]), false);
      return {
        rows: await itemsInView(
          tx,
          page.map(({ id }) => id),
        ),
        last,
      };
    });
  }

  /** The number of rows of each query, in the same order; as many statements as there are queries. */
  async counts(queries: readonly (WrittenFilter & { readonly list: ListName })[]): Promise<ListCount[]> {
    return this.scope.transaction(async (tx) => {
      const context = await listContext(
        tx,
        queries.map(({ list }) => list),
      );
      const counts: ListCount[] = [];
      const manyLate = new Map<string, ListCount>();
      const among = new Map<string, Among>();
      for (const { list, ...written } of queries) {
        // What is overdue is also to be booked, and stands before all else in that list.
        const asked = JSON.stringify(written);
        const known = list === 'to_book' ? manyLate.get(asked) : undefined;
        if (known !== undefined) {
          counts.push(known);
          continue;
        }
        const filter = await filterIn(tx, written, context);
        const ofItems = { activity: undefined, rule: undefined, from: undefined, to: undefined };
        const { lists } = context.settings;
        const about = JSON.stringify([
          ...[
            { ...written, ...ofItems },
            isOfSteps(list),
            listedPatients(list, tx.today, lists)?.key ?? null,
          ],
        ]);
        if (!among.has(about)) among.set(about, await patientsAmong(tx, list, filter, lists));
        const count = await countOfList({ tx, context, list, filter, among: among.get(about) });
        if (list === 'overdue' && count.more) manyLate.set(asked, count);
        counts.push(count);
      }
      return counts;
    });
  }

  /**
   * Patients whose mrn, whole name, surname, phone or identity number is `q`, by mrn; at most `limit`. With a list, only
   * those who are in it.
   */
  async search(
    q: string,
    limit: number,
    { list, ...written }: Partial<Pick<ListQuery, 'list'>> & WrittenFilter,
  ): Promise<{ readonly rows: readonly PatientInView[]; readonly more: boolean }> {
    return this.scope.transaction(async (tx) => {
      const context = await listContext(tx, [list]);
      const found = await patientsNamed(tx, q);
      const ids =
        list === undefined
          ? found
          : await thoseInList(tx, list, await filterIn(tx, written, context), context, found);
      return {
        rows: await patientsInView(tx, ids.slice(0, limit), list, context.settings.lists),
        more: ids.length > limit || found.length > SEARCHED_AT_MOST,
      };
    });
  }
}

/** The next patients of a list in its order, each by the row that comes first; in the caller's transaction. */
export const patientsOfList = async (tx: HospitalTransaction, query: ListQuery): Promise<readonly Placed[]> =>
  (await pageOfList(tx, query, await listContext(tx, [query.list]), true)).page;

/** The next items of a list in its order; in the caller's transaction. */
export const itemsOfList = async (tx: HospitalTransaction, query: ListQuery): Promise<readonly Placed[]> =>
  (await pageOfList(tx, query, await listContext(tx, [query.list]), false)).page;

async function pageOfList(
  tx: HospitalTransaction,
  { list, limit, after, ...written }: ListQuery,
  context: ListContext,
  onePerPatient: boolean,
): Promise<{ page: readonly Placed[]; last: Placed | null }> {
  refuseUnknownActivity(written.activity, tx.hospital.guideline ?? {});
  const filter = await filterIn(tx, written, context);
  const among = await patientsAmong(tx, list, filter, context.settings.lists);
  const page = await rowsOfList({ tx, context, list, filter, among }, { after, limit, onePerPatient });
  const last = page.length > limit ? (page[limit - 1] ?? null) : null;
  return { page: page.slice(0, limit), last };
}

/** The filter with its owner found: the person of that id, login or name, or else a nurse whose name was imported. */
async function filterIn(
  tx: HospitalTransaction,
  { owner, ...filter }: WrittenFilter,
  { staff }: ListContext,
): Promise<ListFilter> {
  if (owner === undefined) return filter;
  const personId = (await personsNamed(tx, new Set([owner]))).get(owner);
  if (!personId) return { ...filter, assignee: owner };
  return { ...filter, owner: ownedBy(await staff(), personId) };
}

/** Patients who are found by one word: more are not looked at. */
const SEARCHED_AT_MOST = 200;

async function patientsNamed(tx: HospitalTransaction, q: string): Promise<string[]> {
  const conditions = await searchConditions(tx, {
    ...{ mrn: q, name: q, surname: q, phone: q, identityNumber: q },
  });
  return patientsFound(
    tx,
    conditions.map((condition) => [condition]),
    { limit: SEARCHED_AT_MOST + 1 },
  );
}

/** In the order of the list. */
async function thoseInList(
  tx: HospitalTransaction,
  list: ListName,
  filter: ListFilter,
  context: ListContext,
  patientIds: readonly string[],
): Promise<string[]> {
  const statement = listStatement(tx, context, patientIds);
  const sql = rowsStatement(list, filter, statement, { atMost: SEARCHED_AT_MOST, onePerPatient: true });
  const rows = await tx.db.query<Placed[]>(sql, statement.values.list);
  return rows.map(({ patientId }) => patientId);
}
