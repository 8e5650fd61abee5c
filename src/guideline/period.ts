import { type CalendarDate, type Clock, clockOf, type DayNumber, monthsAfter } from './calendar.js';
import type { Period, PeriodOrRange } from './guideline.js';

/** A length of time counted from a clock: whole months and then whole days. */
export interface Offset {
  readonly months: number;
  readonly days: number;
}

export const NO_TIME: Offset = { months: 0, days: 0 };

/** How a period is written: at least one of years, months, weeks and days, in this order, each with or without a minus. */
export const PERIOD_FORM = /^P(?!$)(?:(-?\d{1,4})Y)?(?:(-?\d{1,4})M)?(?:(-?\d{1,4})W)?(?:(-?\d{1,4})D)?$/;

// A guideline says few different periods, and a plan asks for them all the time. Files of many hospitals say more.
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

/** How many years, months, weeks and days are written; null where none are. */
function countsIn(period: Period): number[] {
  const match = PERIOD_FORM.exec(period);
  if (!match) throw new RangeError(`Not a period: ${period}`);
  return match.slice(1).map((count: string | undefined) => Number(count ?? 0));
}

/** One part of a period as it is written, such as 4 weeks. */
export interface PeriodPart {
  readonly count: number;
  readonly unit: 'Y' | 'M' | 'W' | 'D';
}

/** The parts of the period as they are written; a part of nothing only where there is no other. */
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

/** `clock` + `offset` in one step, into the month as the clock says, before days are added. */
export const after = (clock: Clock, offset: Offset): DayNumber =>
  monthsAfter(clock, offset.months) + offset.days;

export const dayAt = (date: CalendarDate, offset: Offset, roll = false): DayNumber =>
  after(clockOf(date, roll), offset);

const DAYS_IN_MONTH = 30.4375;

/** About how many months a period is, to compare two of different units. */
export function monthsIn(period: Period): number {
  const { months, days } = offsetOf(period);
  return months + days / DAYS_IN_MONTH;
}

/** Closer together no examination of one kind makes sense, and a plan would have thousands of items. */
const SHORTEST_INTERVAL: Period = 'P1W';

/** Whether the period is too short to be repeated. */
export const isTooOften = (every: Period): boolean => monthsIn(every) < monthsIn(SHORTEST_INTERVAL);

// Counted in days, months are at most so much shorter than their average: two to the end of February are 59.
const SHORTFALL_DAYS = 3;

/** Days that the period has at least, from whatever day it is counted. */
export function shortestDays(period: Period): number {
  const { months, days } = offsetOf(period);
  return days + (months === 0 ? 0 : Math.floor(months * DAYS_IN_MONTH) - SHORTFALL_DAYS);
}

/** The short end of a range; a single value is both ends. */
export const shortEnd = (value: PeriodOrRange): Period => (typeof value === 'string' ? value : value[0]);
export const longEnd = (value: PeriodOrRange): Period => (typeof value === 'string' ? value : value[1]);
