import { Injectable } from '@nestjs/common';
import { folded } from '../../patients/folded.js';
import { termsOf } from '../../patients/identity.js';
import { personsNamed } from '../../patients/responsible-nurse.js';
import { type Caller, isLimited } from '../../tenancy/caller.js';
import { HospitalScope, type HospitalTransaction } from '../../tenancy/hospital-scope.js';
import { ownedBy } from '../ownership/owned-patients.js';
import { staffOf } from '../ownership/staff-rows.js';
import type { ListSettings } from '../settings/list-settings.js';
import { worklistSettings } from '../settings/worklist-settings.js';
import {
  countStatement,
  type ListFilter,
  listStatement,
  patientConditions,
  type Placed,
  rowsStatement,
  SqlValues,
} from './list-query.js';
import { type ListName } from './list-sources.js';
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

export interface ListCount {
  /** Patients with a row in the list, and their rows; at least so many where there are `more`. */
  readonly patients: number;
  readonly rows: number;
  readonly more: boolean;
}

/** Rows are counted up to this number. */
const COUNTED_AT_MOST = 1000;

/** The patients of one nurse or one small ward are looked through one by one; those of more people by the list. */
const LOOKED_THROUGH_AT_MOST = 2000;

/** Rows read at once for each row of a page: a visit is three or four items of a patient. */
const READ_FOR_EACH_ROW = 4;

/** The lists of open items, most urgent first. */
@Injectable()
export class ListsService {
  constructor(private readonly scope: HospitalScope) {}

  /** One patient a row, with all that is open of them. */
  async patients(query: ListQuery): Promise<ListPage<PatientInView>> {
    return this.scope.transaction(async (tx) => {
      const { settings, page, last } = await pageOfList(tx, query, true);
      const rows = await patientsInView(
        tx,
        page.map(({ patientId }) => patientId),
        query.list,
        settings,
      );
      return { rows, last };
    });
  }

  /** One item a row. */
  async items(query: ListQuery): Promise<ListPage<ItemInView>> {
    return this.scope.transaction(async (tx) => {
      const { page, last } = await pageOfList(tx, query, false);
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
      const settings = (await worklistSettings(tx)).lists;
      const counts: ListCount[] = [];
      const lookedThrough = new Map<string, readonly string[] | undefined>();
      for (const { list, ...written } of queries) {
        const filter = await filterIn(tx, written);
        const about = JSON.stringify([written.owner, written.assignee, written.department]);
        if (!lookedThrough.has(about)) lookedThrough.set(about, await patientsToLookThrough(tx, filter));
        counts.push(await countOf(tx, { ...filter, list }, settings, lookedThrough.get(about)));
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
      const settings = (await worklistSettings(tx)).lists;
      const found = await patientsNamed(tx, q);
      const ids =
        list === undefined
          ? found
          : await thoseInList(tx, list, await filterIn(tx, written), settings, found);
      return {
        rows: await patientsInView(tx, ids.slice(0, limit), list, settings),
        more: ids.length > limit || found.length > SEARCHED_AT_MOST,
      };
    });
  }
}

/** The next patients of a list in its order, each by the row that comes first; in the caller's transaction. */
export const patientsOfList = async (tx: HospitalTransaction, query: ListQuery): Promise<readonly Placed[]> =>
  (await pageOfList(tx, query, true)).page;

async function pageOfList(
  tx: HospitalTransaction,
  { list, limit, after, ...written }: ListQuery,
  onePerPatient: boolean,
): Promise<{ settings: ListSettings; page: readonly Placed[]; last: Placed | null }> {
  refuseUnknownActivity(written.activity, tx.hospital.guideline ?? {});
  const filter = await filterIn(tx, written);
  const settings = (await worklistSettings(tx)).lists;
  const patientIds = await patientsToLookThrough(tx, filter);
  const atMost = (limit + 1) * (onePerPatient && patientIds === undefined ? READ_FOR_EACH_ROW : 1);
  const page: Placed[] = [];
  for (let from = after; ;) {
    const statement = listStatement(tx, settings, patientIds);
    const sql = rowsStatement(list, filter, statement, { after: from, atMost, onePerPatient });
    const rows = await tx.db.query<(Placed & { isFirst: boolean })[]>(sql, statement.values.list);
    page.push(...rows.filter(({ isFirst }) => isFirst));
    from = rows.at(-1);
    if (page.length > limit || rows.length < atMost) break;
  }
  const last = page.length > limit ? (page[limit - 1] ?? null) : null;
  return { settings, page: page.slice(0, limit), last };
}

async function countOf(
  tx: HospitalTransaction,
  { list, ...filter }: ListFilter & { readonly list: ListName },
  settings: ListSettings,
  patientIds: readonly string[] | undefined,
): Promise<ListCount> {
  const statement = listStatement(tx, settings, patientIds);
  const sql = countStatement(list, filter, statement, COUNTED_AT_MOST + 1);
  const [count] = await tx.db.query<[{ rows: number; patients: number }]>(sql, statement.values.list);
  return { ...count, rows: Math.min(count.rows, COUNTED_AT_MOST), more: count.rows > COUNTED_AT_MOST };
}

/** The filter with its owner found: the person of that id, login or name, or else a nurse whose name was imported. */
async function filterIn(tx: HospitalTransaction, { owner, ...filter }: WrittenFilter): Promise<ListFilter> {
  if (owner === undefined) return filter;
  const personId = (await personsNamed(tx, new Set([owner]))).get(owner);
  if (!personId) return { ...filter, assignee: owner };
  return { ...filter, owner: ownedBy(await staffOf(tx), personId) };
}

/**
 * The patients among whom the rows are, where the filter or the caller's limits leave few enough to look through each;
 * undefined: there are more, or all of the hospital's.
 */
async function patientsToLookThrough(
  { db, hospital, caller }: HospitalTransaction,
  filter: ListFilter,
): Promise<readonly string[] | undefined> {
  const values = new SqlValues();
  const ofHospital = `p.hospital_id = ${values.add(hospital.id, 'uuid')}`;
  const conditions = [...patientConditions(filter, values), ...scopeConditions(caller, values)];
  if (conditions.length === 0) return undefined;
  const rows = await db.query<{ id: string }[]>(
    `SELECT p.id FROM patient p WHERE ${[ofHospital, ...conditions].join(' AND ')} LIMIT ${LOOKED_THROUGH_AT_MOST + 1}`,
    values.list,
  );
  return rows.length > LOOKED_THROUGH_AT_MOST ? undefined : rows.map(({ id }) => id);
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

/** Patients who are found by one word: more are not looked at. */
const SEARCHED_AT_MOST = 200;

async function patientsNamed(tx: HospitalTransaction, q: string): Promise<string[]> {
  const terms = await termsOf(tx, { name: q, surname: q, phone: q, identityNumber: q });
  const rows = await tx.db.query<{ id: string }[]>(
    `SELECT id FROM patient WHERE hospital_id = $1 AND (mrn_key = $2 OR search_terms && $3::bytea[])
      ORDER BY mrn LIMIT ${SEARCHED_AT_MOST + 1}`,
    [tx.hospital.id, folded(q), terms],
  );
  return rows.map(({ id }) => id);
}

/** In the order of the list. */
async function thoseInList(
  tx: HospitalTransaction,
  list: ListName,
  filter: ListFilter,
  settings: ListSettings,
  patientIds: readonly string[],
): Promise<string[]> {
  const statement = listStatement(tx, settings, patientIds);
  const sql = rowsStatement(list, filter, statement, { atMost: SEARCHED_AT_MOST, onePerPatient: true });
  const rows = await tx.db.query<Placed[]>(sql, statement.values.list);
  return rows.map(({ patientId }) => patientId);
}
