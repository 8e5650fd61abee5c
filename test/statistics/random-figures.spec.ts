import { afterAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { addDays, calendarDate } from '../../src/guideline/calendar.js';
import { HospitalScope, type HospitalTransaction } from '../../src/tenancy/hospital-scope.js';
import { figuresByGroup } from '../../src/statistics/figures.js';
import { liveCells, storedCells } from '../../src/statistics/cells.js';
import { monthlyCells } from '../../src/statistics/monthly-cells.js';
import {
  DIMENSIONS,
  sourceOf,
  sourcesBy,
  type Dimension,
  type Measure,
} from '../../src/statistics/measures.js';
import { NightlyFigures } from '../../src/statistics/nightly-figures.js';
import type { TestApp } from '../support/app.js';
import { type NaiveFact, naiveFacts } from '../support/naive-statistics.js';
import { nextApp } from '../support/next-app.js';
import { RandomWard, randomWeek } from '../support/random-ward.js';
import { answered } from '../support/ward.js';

// One week in each run of all tests. For more: WEEKS=100 npx jest test/statistics/random-figures.spec.ts
const WEEKS = Number(process.env['WEEKS'] ?? 1);
const MONDAY = calendarDate('2026-11-02');
const TODAY = addDays(MONDAY, 7);
const PERIOD = { from: calendarDate('2026-02-01'), to: calendarDate('2026-12-31') };

let t: TestApp | undefined;
afterAll(() => t?.close());

/** Counts of each group; what the dimension does not divide is in `total` alone. */
function countsOf(facts: readonly NaiveFact[], by: Dimension): Record<string, Record<string, number>> {
  const counts: Record<string, Record<string, number>> = {};
  const add = (group: string, measure: string): void => {
    const of = (counts[group] ??= {});
    of[measure] = (of[measure] ?? 0) + 1;
  };
  for (const fact of facts) {
    add('total', fact.measure);
    if (sourcesBy(by).includes(sourceOf(fact.measure as Measure))) add(`group ${fact[by]}`, fact.measure);
  }
  return counts;
}

const countsIn = (
  cells: Parameters<typeof figuresByGroup>[0],
  by: Dimension,
): Record<string, Record<string, number>> => {
  const { total, groups } = figuresByGroup(cells, by);
  return {
    total: Object.fromEntries(total.counts),
    ...Object.fromEntries(
      groups.map(({ key, figures }) => [`group ${key}`, Object.fromEntries(figures.counts)]),
    ),
  };
};

/** Months that are counted together equal months that are counted one by one. */
async function expectMonthsCountedAlone(tx: HospitalTransaction, computed: string): Promise<void> {
  const months = [8, 9, 10, 11].map((month) => calendarDate(`2026-${String(month).padStart(2, '0')}-01`));
  for (const by of DIMENSIONS)
    for (const month of await monthlyCells(tx, months, by)) {
      const alone = countsIn(await liveCells(tx, month.period, by), by);
      expect({ by, computed, ...countsIn(month.cells, by) }).toEqual({
        by,
        computed: month.computed,
        ...alone,
      });
    }
}

test(
  'the figures of a random ward equal a naive count in every dimension, now and from the night, and open to as many rows',
  async () => {
    let counted = 0;
    await fc.assert(
      fc.asyncProperty(randomWeek, async (days) => {
        const app = (t = await nextApp(t, { clock: `${MONDAY}T08:00:00+08:00`, role: 'api' }));
        const ward = new RandomWard(app);
        await ward.open(6);
        for (const [day, acts] of days.entries()) {
          await app.setClock(`${addDays(MONDAY, day)}T08:00:00+08:00`);
          for (const act of acts) await ward.act(act);
        }
        await app.setClock(`${TODAY}T08:00:00+08:00`);
        const facts = await naiveFacts(app, PERIOD.from, PERIOD.to, TODAY);
        const scope = app.app.get(HospitalScope);
        await scope.run(app.hospitalId, async () => {
          await scope.unaudited((tx) => expectMonthsCountedAlone(tx, 'now'));
          await app.app.get(NightlyFigures).compute(0);
          await scope.unaudited((tx) => expectMonthsCountedAlone(tx, 'nightly'));
          await scope.unaudited(async (tx) => {
            for (const by of DIMENSIONS) {
              const expected = countsOf(facts, by);
              expect({ by, ...countsIn(await liveCells(tx, PERIOD, by), by) }).toEqual({ by, ...expected });
              const stored = await storedCells(tx, PERIOD, by);
              expect({ by, ...countsIn(stored!.cells, by) }).toEqual({ by, ...expected });
            }
          });
        });
        const { total } = countsOf(facts, 'activity');
        for (const [measure, count] of Object.entries(total ?? {})) {
          const query = `from=${PERIOD.from}&to=${PERIOD.to}&measure=${measure}&limit=500`;
          const { items } = await answered<{ items: unknown[] }>(app.get(`/adherence/patients?${query}`));
          expect({ measure, count: items.length }).toEqual({ measure, count });
        }
        counted += facts.length;
      }),
      { numRuns: WEEKS, endOnFailure: true, includeErrorInReport: true },
    );
    expect(counted).toBeGreaterThan(0); // one week gave 22
  },
  60_000 + WEEKS * 120_000,
);
