import type { Period } from '../calls/statistics.js';
import { addDays, daysFrom } from '../words/dates.js';

export const SHORTCUTS = ['thisMonth', 'lastMonth', 'threeMonths', 'twelveMonths'] as const;
export type Shortcut = (typeof SHORTCUTS)[number];

/** With what a period is compared: the one of equal length before it, or the same one a year earlier. */
export const COMPARISONS = ['none', 'before', 'year'] as const;
export type ComparedWith = (typeof COMPARISONS)[number];

/** The months before the one that contains `today` are over: their figures hardly change any more. */
export function periodOf(shortcut: Shortcut, today: string): Period {
  const thisMonth = today.slice(0, 7);
  switch (shortcut) {
    case 'thisMonth':
      return months(thisMonth, 1);
    case 'lastMonth':
      return months(addMonths(thisMonth, -1), 1);
    case 'threeMonths':
      return months(addMonths(thisMonth, -3), 3);
    case 'twelveMonths':
      return months(addMonths(thisMonth, -12), 12);
  }
}

/** The period with which `period` is compared. Whole months are compared with as many whole months. */
export function comparedPeriod({ from, to }: Period, compared: Exclude<ComparedWith, 'none'>): Period {
  const count = wholeMonths({ from, to });
  const back = compared === 'year' ? 12 : count;
  if (count > 0) return months(addMonths(from.slice(0, 7), -back), count);
  if (compared === 'year') return { from: dayBack(from), to: dayBack(to) };
  const length = daysFrom(from, to) + 1;
  return { from: addDays(from, -length), to: addDays(from, -1) };
}

/** So many days or months earlier or later: the next period of the same length. */
export function shifted({ from, to }: Period, by: 1 | -1): Period {
  const count = wholeMonths({ from, to });
  if (count > 0) return months(addMonths(from.slice(0, 7), by * count), count);
  const length = by * (daysFrom(from, to) + 1);
  return { from: addDays(from, length), to: addDays(to, length) };
}

/** How many whole months the period has; 0: it begins or ends within one. */
function wholeMonths({ from, to }: Period): number {
  const after = addDays(to, 1);
  if (!from.endsWith('-01') || !after.endsWith('-01') || from > to) return 0;
  return monthNumber(after) - monthNumber(from);
}

const months = (first: string, count: number): Period => ({
  from: `${first}-01`,
  to: addDays(`${addMonths(first, count)}-01`, -1),
});

const monthNumber = (day: string): number => 12 * Number(day.slice(0, 4)) + Number(day.slice(5, 7)) - 1;

/** `2026-11` and -2: `2026-09`. */
export function addMonths(month: string, count: number): string {
  const number = monthNumber(month) + count;
  return `${Math.floor(number / 12)}-${String((number % 12) + 1).padStart(2, '0')}`;
}

/** The same day a year earlier; the day before 1 March where that year has no 29 February. */
function dayBack(day: string): string {
  const earlier = `${Number(day.slice(0, 4)) - 1}${day.slice(4)}`;
  return day.endsWith('-02-29') ? `${earlier.slice(0, 8)}28` : earlier;
}
