import { type CalendarDate, order } from './calendar.js';
import type { Comparator } from './guideline.js';

/**
 * When a measured value has risen so much that a clinician has to judge it, although it lies within its limit. The
 * guideline gives no number: the rule is the hospital's policy.
 */
export interface RiseRule {
  readonly enabled: boolean;
  /** So many percent above the lowest of the last `lowestOf` values; null: not asked. */
  readonly percent: number | null;
  readonly lowestOf: number;
  /** So many rises in a row; null: not asked. */
  readonly successive: number | null;
  /** Lower values than so many percent of their limit count as noise of the assay. */
  readonly fromPercentOfLimit: number;
}

/** Two rises in a row, or 30 % above the lowest of the last three, in values of at least half the limit. */
export const DEFAULT_RISE_RULE: RiseRule = {
  enabled: true,
  percent: 30,
  lowestOf: 3,
  successive: 2,
  fromPercentOfLimit: 50,
};

/** One value of a series of one measurement, in its one unit. */
export interface SeriesValue {
  readonly eventId: string;
  readonly date: CalendarDate;
  readonly value: number;
  readonly comparator?: Comparator | undefined;
  /** The limit that holds for it. */
  readonly limit: number;
}

/** A value that has risen by the rule. */
export interface Rise {
  readonly eventId: string;
  readonly rise: 'percent' | 'successive';
  /** The earlier value from which it has risen: the lowest of the last ones, or the first of the rises in a row. */
  readonly from: number;
}

/**
 * The values of a series that have risen by the rule, in the order of time. A value below the measuring range (`<0.5`)
 * has not risen; as an earlier value it counts as the number that is written.
 */
export function risesIn(series: readonly SeriesValue[], rule: RiseRule): Rise[] {
  if (!rule.enabled) return [];
  const inTime = [...series].sort((a, b) => order(a.date, b.date) || order(a.eventId, b.eventId));
  return inTime.flatMap((value, index) => riseOf(value, inTime.slice(0, index), rule) ?? []);
}

function riseOf(
  { eventId, value, comparator, limit }: SeriesValue,
  earlier: readonly SeriesValue[],
  { percent, lowestOf, successive, fromPercentOfLimit }: RiseRule,
): Rise | null {
  if (comparator === '<' || comparator === '<=') return null;
  if (value * 100 < limit * fromPercentOfLimit) return null;
  const lowest = Math.min(...earlier.slice(-lowestOf).map((one) => one.value));
  if (
    percent !== null &&
    Number.isFinite(lowest) &&
    value > lowest &&
    value * 100 >= lowest * (100 + percent)
  )
    return { eventId, rise: 'percent', from: lowest };
  if (successive === null || earlier.length < successive) return null;
  const steps = [...earlier.slice(-successive).map((one) => one.value), value];
  const isRising = steps.every((one, index) => index === 0 || one > (steps[index - 1] ?? Infinity));
  return isRising ? { eventId, rise: 'successive', from: steps[0] ?? value } : null;
}
