import { randomUUID } from 'node:crypto';
import { expect } from '@jest/globals';
import type { Caller } from '../../src/tenancy/caller.js';
import { HospitalScope } from '../../src/tenancy/hospital-scope.js';
import type { ListFilter } from '../../src/worklist/lists/list-filter.js';
import type { Placed } from '../../src/worklist/lists/list-query.js';
import type { ListName } from '../../src/worklist/lists/list-sources.js';
import { countOfList, rowsOfList } from '../../src/worklist/lists/list-reading.js';
import { listContext } from '../../src/worklist/lists/list-statement.js';
import { patientsAmong } from '../../src/worklist/lists/look-through.js';
import type { TestApp } from './app.js';

/** As a hospital reads a list where its patients, its items and those of a rule are more than these numbers. */
export interface Size {
  readonly patients: number;
  readonly rowsFirst: number;
  readonly rareAtMost: number;
}
export const SIZES: readonly Size[] = [
  { patients: 0, rowsFirst: 2, rareAtMost: 0 },
  { patients: 1, rowsFirst: 1, rareAtMost: 2 },
  { patients: 100, rowsFirst: 100, rareAtMost: 100 },
];

/** A caller who sees the patients of the department and those without one. */
export const ofDepartment = (t: Pick<TestApp, 'hospitalId'>, department: string): Caller => ({
  ...{ kind: 'key', id: randomUUID(), name: 'Key', hospitalId: t.hospitalId, roles: ['nurse'], scopes: null },
  ...{ patientScope: { departments: [department], ownOnly: false }, addresses: null, expiresAt: null },
});

/** The ids of the items and of the patients of a list, page by page, in a hospital of this size. */
export async function inSize(
  t: TestApp,
  caller: Caller | string,
  list: ListName,
  filter: ListFilter,
  { rareAtMost, ...thresholds }: Size,
): Promise<{ items: readonly string[]; patients: readonly string[] }> {
  const scope = t.app.get(HospitalScope);
  return scope.run(caller, () =>
    scope.transaction(async (tx) => {
      const context = await listContext(tx, [list]);
      const among = await patientsAmong(tx, list, filter, context.settings.lists, thresholds);
      const of = { tx, context, list, filter, among, rareAtMost };
      const pages = async (onePerPatient: boolean): Promise<readonly Placed[]> => {
        const found: Placed[] = [];
        for (;;) {
          const rows = await rowsOfList(of, { after: found.at(-1), limit: 2, onePerPatient });
          found.push(...rows.slice(0, 2));
          if (rows.length <= 2) return found;
        }
      };
      const [items, patients] = [await pages(false), await pages(true)];
      expect([list, await countOfList(of)]).toEqual([
        list,
        { rows: items.length, patients: patients.length, more: false },
      ]);
      return { items: items.map(({ id }) => id), patients: patients.map(({ patientId }) => patientId) };
    }),
  );
}
