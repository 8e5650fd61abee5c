import { type CalendarDate, type Clock, clockOf, type DayNumber, monthsAfter } from './calendar.js';
import type { Period, PeriodOrRange } from './guideline.js';

/** A length of time counted from a clock: first whole months, then whole days. */
export interface Offset {
  readonly months: number;
  readonly days: number;
}

export const NO_TIME: Offset = { months: 0, days: 0 };

/**
 * The syntax of a period: at least one of years, months, weeks and days, in this order, each with or without a minus.
 */
export const PERIOD_FORM = /^P(?!$)(?:(-?\d{1,4})Y)?(?:(-?\d{1,4})M)?(?:(-?\d{1,4})W)?(?:(-?\d{1,4})D)?$/;

// Caches parsed periods: a guideline contains few, and plans use them constantly. The files of many hospitals contain
// more.
const known = new Map<Period, Offset>();
const MOST_KNOWN = 10_000;

/** Throws a RangeError for anything but years, months, weeks and days. */
export function offsetOf(period: Period): Offset {
  const before = known.get(period);
  if (before) return before;
  const offset = parse(period);
  if (known.size >= MOST_KNOWN) known.clear();
  known.set(period, offset);
  return offset;
}

function parse(period: Period): Offset {
  const [years = 0, months = 0, weeks = 0, days = 0] = countsIn(period);
  return { months: years * 12 + months, days: weeks * 7 + days };
}

/** The written years, months, weeks and days; null for those not written. */
function countsIn(period: Period): number[] {
  const match = PERIOD_FORM.exec(period);
  if (!match) throw new RangeError(`Not a period: ${period}`);
  return match.slice(1).map((count: string | undefined) => Number(count ?? 0));
}

/** One part of a written period, such as 4 weeks. */
export interface PeriodPart {
  readonly count: number;
  readonly unit: 'Y' | 'M' | 'W' | 'D';
}

/** The parts of the written period; a zero part only where it is the only one. */
export function partsOf(period: Period): PeriodPart[] {
  const parts = countsIn(period).map((count, index) => ({ count, unit: UNITS[index] ?? 'D' }));
  const some = parts.filter(({ count }) => count !== 0);
  return some.length > 0 ? some : parts.filter(({ unit }) => period.includes(unit)).slice(0, 1);
}

const UNITS = ['Y', 'M', 'W', 'D'] as const;

export const plus = (a: Offset, b: Offset): Offset => ({
  months: a.months + b.months,
  days: a.days + b.days,
});

/** `clock` + `offset` in one step: first the months, clamped or rolled as the clock says, then the days. */
export const after = (clock: Clock, offset: Offset): DayNumber =>
  monthsAfter(clock, offset.months) + offset.days;

export const dayAt = (date: CalendarDate, offset: Offset, roll = false): DayNumber =>
  after(clockOf(date, roll), offset);

const DAYS_IN_MONTH = 30.4375;

/** The approximate length of a period in months, to compare periods of different units. */
export function monthsIn(period: Period): number {
  const { months, days } = offsetOf(period);
  return months + days / DAYS_IN_MONTH;
}

/** Shorter intervals make no clinical sense, and a plan would have thousands of items. */
const SHORTEST_INTERVAL: Period = 'P1W';

/** Whether the period is too short to be repeated. */
export const isTooOften = (every: Period): boolean => monthsIn(every) < monthsIn(SHORTEST_INTERVAL);

// Counted in days, months are at most this much shorter than their average: two to the end of February are 59.
const SHORTFALL_DAYS = 3;

/** The minimum length of the period in days, from whatever day it is counted. */
export function shortestDays(period: Period): number {
  const { months, days } = offsetOf(period);
  return days + (months === 0 ? 0 : Math.floor(months * DAYS_IN_MONTH) - SHORTFALL_DAYS);
}

/** The short end of a range; a single value is both ends. */
export const shortEnd = (value: PeriodOrRange): Period => (typeof value === 'string' ? value : value[0]);
export const longEnd = (value: PeriodOrRange): Period => (typeof value === 'string' ? value : value[1]);
