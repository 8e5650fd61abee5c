import { addDays, weekdayOf } from '../words/dates.js';

export const VIEWS = ['month', 'week', 'day', 'forecast'] as const;
export type View = (typeof VIEWS)[number];

export interface Range {
  readonly from: string;
  readonly to: string;
}

export const mondayOf = (day: string): string => addDays(day, 1 - weekdayOf(day));

/** The days of a view. A month is shown with the whole weeks in which it begins and ends. */
export function rangeOf(view: View, day: string): Range {
  if (view === 'day') return { from: day, to: day };
  if (view !== 'month') return { from: mondayOf(day), to: addDays(mondayOf(day), 6) };
  const first = `${day.slice(0, 7)}-01`;
  return { from: mondayOf(first), to: addDays(mondayOf(lastOfMonth(day)), 6) };
}

export function daysIn({ from, to }: Range): string[] {
  const days: string[] = [];
  for (let day = from; day <= to; day = addDays(day, 1)) days.push(day);
  return days;
}

/** The same day in the view before (`-1`) or after (`1`); of a shorter month its last day. */
export function shifted(view: View, day: string, by: 1 | -1): string {
  if (view === 'day') return addDays(day, by);
  if (view !== 'month') return addDays(day, 7 * by);
  const next = by === 1 ? addDays(lastOfMonth(day), 1) : addDays(`${day.slice(0, 7)}-01`, -1);
  const last = lastOfMonth(next);
  const same = `${next.slice(0, 7)}-${day.slice(8)}`;
  return same > last ? last : same;
}

function lastOfMonth(day: string): string {
  const [year = 0, month = 1] = day.split('-').map(Number);
  return new Date(Date.UTC(year, month, 0, 12)).toISOString().slice(0, 10);
}

export const isInMonthOf = (day: string, other: string): boolean => day.slice(0, 7) === other.slice(0, 7);
