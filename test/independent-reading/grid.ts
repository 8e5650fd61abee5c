import { type Day, NEVER, plusMonths } from './days.js';

export interface Span {
  readonly unit: 'months' | 'weeks';
  readonly count: number;
}
const months = (count: number): Span => ({ unit: 'months', count });
const weeks = (count: number): Span => ({ unit: 'weeks', count });
export const plus = (day: Day, { unit, count }: Span): Day =>
  unit === 'weeks' ? day + 7 * count : plusMonths(day, count);

/** An interval, fixed or a range, until a month counted from the clock; [short, long] where the text has a range. */
export interface Phase {
  readonly every: Span | readonly [Span, Span];
  readonly until: number | readonly [number, number];
}

/** Section 3. */
export const REVIEWS: readonly Phase[] = [
  { every: [months(3), months(6)], until: 24 },
  { every: months(6), until: 60 },
  { every: months(12), until: NEVER },
];
export const CHEST_CT: readonly Phase[] = [
  { every: months(12), until: [36, 60] },
  { every: [months(12), months(24)], until: NEVER },
];
export const NED_MARKERS: readonly Phase[] = [
  { every: months(3), until: 24 },
  { every: months(6), until: 60 },
  { every: months(12), until: NEVER },
];
export const NED_IMAGING: readonly Phase[] = [
  { every: months(3), until: 24 },
  { every: [months(6), months(12)], until: 60 },
  { every: months(12), until: NEVER },
];
export const CONVERSION: readonly Phase[] = [{ every: [weeks(6), weeks(8)], until: NEVER }];

export type Profile = 'intensive' | 'minimal';

/** One date of a rule. */
export interface GridDate {
  /** The date on the grid; `due` may have moved forward from it. */
  readonly grid: Day;
  due: Day;
  readonly opens: Day;
  earliest: Day;
  /** Days around the due date: the hospital's tolerance. */
  readonly tolerance: number;
  /** The long end of the range; undefined: the interval is fixed. */
  readonly long?: Span;
  done?: Done;
}

/** The exam that completed a grid date. */
export interface Done {
  readonly day: Day;
  readonly activity: string;
}

/** Section 5: 14 days around the date up to 3 months, 30 up to 6, 60 from 12. */
function toleranceOf({ unit, count }: Span): number {
  if (unit === 'weeks' || count <= 3) return 14;
  return count < 12 ? 30 : 60;
}

/**
 * The dates of a rule from `clock` on, until two after `horizon`, so that the next date is known for each one shown.
 */
export function gridOf(clock: Day, phases: readonly Phase[], profile: Profile, horizon: Day): GridDate[] {
  const gridDates: GridDate[] = [];
  let count = 0;
  for (const { every, until } of phases) {
    const [short, long] = 'unit' in every ? [every, every] : every;
    const chosen = profile === 'intensive' ? short : long;
    const ends = typeof until === 'number' ? until : until[profile === 'intensive' ? 1 : 0];
    while (count + chosen.count <= ends && gridDates.filter(({ grid }) => grid > horizon).length < 2) {
      // A range is a window: an exam after its short end since the previous date counts for the next.
      const opens = plus(clock, { unit: chosen.unit, count: count + short.count });
      const before = count === 0 ? clock : gridDates.at(-1)!.grid;
      count += chosen.count;
      const grid = plus(clock, { unit: chosen.unit, count });
      const tolerance = toleranceOf(chosen);
      const opensOn = Math.max(opens - tolerance, before + 1);
      gridDates.push({
        ...{ grid, due: grid, opens: opensOn, earliest: opensOn, tolerance },
        ...(short === long ? {} : { long }),
      });
    }
  }
  return gridDates;
}

/**
 * Matches an exam with the open date: the last one that has opened, unless it was done. Returns whether it matched.
 * The date before is missed from then on; an overdue one can still be completed. None opens on the day of the end.
 */
export function fulfil(gridDates: readonly GridDate[], done: Done, end: Day): boolean {
  const index = gridDates.findLastIndex(({ earliest }) => earliest <= done.day && earliest < end);
  const gridDate = gridDates[index];
  if (gridDate === undefined) return false;
  if (gridDate.done) return false;
  gridDate.done = done;
  // "No item of a range is due later than the range's long end after the last exam that counted": this one counts.
  const next = gridDates[index + 1];
  if (next?.long) {
    next.due = Math.min(next.grid, plus(done.day, next.long));
    next.earliest = Math.min(next.opens, next.due);
  }
  return true;
}

/**
 * The first late day of the date at `index`, without regard to the next window. A range is exceeded after its long
 * end "since the last one done": `examined` are the days of all exams, also outside any window.
 */
export function lateFrom(gridDate: GridDate, clock: Day, examined: readonly Day[]): Day {
  if (!gridDate.long) return gridDate.due + gridDate.tolerance + 1;
  const lastDone = Math.max(clock, ...examined.filter((day) => day < gridDate.earliest));
  return Math.max(gridDate.due, plus(lastDone, gridDate.long)) + 1;
}
