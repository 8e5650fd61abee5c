import { type CalendarDate, type Clock, clockOf, type DayNumber, monthsAfter } from './calendar.js';
import type { Period, PeriodOrRange } from './guideline.js';

/** A length of time counted from a clock: whole months and then whole days. */
export interface Offset {
  readonly months: number;
  readonly days: number;
}

export const NO_TIME: Offset = { months: 0, days: 0 };

const MONTHS_IN: Readonly<Record<string, number>> = { Y: 12, M: 1 };
const DAYS_IN: Readonly<Record<string, number>> = { W: 7, D: 1 };
const PERIOD = /^P(\d+)([YMWD])$/;

// A guideline says few different periods, and a plan asks for them all the time.
const known = new Map<Period, Offset>();

/** Throws a RangeError for anything but years, months, weeks or days in one unit. */
export function offsetOf(period: Period): Offset {
  const before = known.get(period);
  if (before) return before;
  const offset = parse(period);
  known.set(period, offset);
  return offset;
}

function parse(period: Period): Offset {
  const match = PERIOD.exec(period);
  if (!match) throw new RangeError(`Not a period in one unit: ${period}`);
  const unit = match[2] ?? '';
  const count = Number(match[1]);
  return { months: count * (MONTHS_IN[unit] ?? 0), days: count * (DAYS_IN[unit] ?? 0) };
}

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

/** The short end of a range; a single value is both ends. */
export const shortEnd = (value: PeriodOrRange): Period => (typeof value === 'string' ? value : value[0]);
export const longEnd = (value: PeriodOrRange): Period => (typeof value === 'string' ? value : value[1]);
