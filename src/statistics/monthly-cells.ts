import { addDays, addMonths, type CalendarDate } from '../guideline/calendar.js';
import type { HospitalTransaction } from '../tenancy/hospital-scope.js';
import { GROUP_SQL, liveCells, storedCells } from './cells.js';
import { FactSources, type Period } from './fact-sources.js';
import type { Cell } from './figures.js';
import { type Dimension, type Source, SOURCES } from './measures.js';

type Within = Pick<HospitalTransaction, 'db' | 'hospital' | 'today' | 'now'>;

/** What was counted of one month, without reasons and delays. */
export interface MonthCells {
  readonly period: Period;
  readonly computed: 'now' | 'nightly';
  readonly computedAt: Date;
  readonly cells: readonly Cell[];
}

/** How the patients stand holds for the end of each month; the other facts have a day in it. */
const DATED_SOURCES = (Object.keys(SOURCES) as Source[]).filter((source) => source !== 'patients');

export const monthFrom = (first: CalendarDate): Period => ({
  from: first,
  to: addDays(addMonths(first, 1), -1),
});

/** The cells of these months, which follow each other: stored ones where there are any, the others counted now. */
export async function monthlyCells(
  tx: Within,
  months: readonly CalendarDate[],
  by: Dimension,
): Promise<MonthCells[]> {
  const stored = new Map<CalendarDate, MonthCells>();
  for (const month of months) {
    const found = await storedCells(tx, monthFrom(month), by);
    if (found) stored.set(month, { ...found, period: monthFrom(month), computed: 'nightly' });
  }
  const missing = months.filter((month) => !stored.has(month));
  const live = missing.length === 0 ? undefined : await liveMonths(tx, missing, by);
  return months.map(
    (month) =>
      stored.get(month) ?? {
        ...{ period: monthFrom(month), computed: 'now', computedAt: tx.now },
        cells: live?.get(month) ?? [],
      },
  );
}

interface MonthCell extends Cell {
  readonly month: CalendarDate;
}

/** One statement counts all dated facts: each month by itself would read the tables again. */
async function liveMonths(
  tx: Within,
  months: readonly CalendarDate[],
  by: Dimension,
): Promise<ReadonlyMap<CalendarDate, readonly Cell[]>> {
  const [first, last] = [months[0], months.at(-1)];
  if (first === undefined || last === undefined) return new Map();
  const facts = new FactSources(tx, { from: first, to: monthFrom(last).to }, by === 'stage');
  const rows = await tx.db.query<MonthCell[]>(
    `SELECT date_trunc('month', day)::date AS month, ${GROUP_SQL[by]} AS "group", measure,
            NULL AS reason, NULL AS delay, count(*)::integer AS count
       FROM (${facts.of(DATED_SOURCES)}) AS facts GROUP BY 1, 2, 3`,
    facts.values.list,
  );
  const cells = new Map<CalendarDate, Cell[]>();
  for (const month of months)
    cells.set(month, await liveCells(tx, monthFrom(month), by, { sources: ['patients'] }));
  for (const { month, ...cell } of rows) cells.get(month)?.push(cell);
  return cells;
}
