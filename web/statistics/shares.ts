/** A numerator and its denominator. */
export interface Counted {
  readonly numerator: number;
  readonly denominator: number;
}

/** Below so many cases one case moves a share by more than three percent, so the share alone says little. */
const SMALL = 30;

/** The quantile of the normal distribution for an interval of 95 %. */
const Z = 1.96;

export const percentOf = ({ numerator, denominator }: Counted): number | null =>
  denominator === 0 ? null : Math.round((1000 * numerator) / denominator) / 10;

export const isSmall = ({ denominator }: Counted): boolean => denominator < SMALL;

/** The 95 % interval of a share in whole percent, after Wilson, which also holds for few cases; null: there is no case. */
export function intervalOf({ numerator, denominator }: Counted): readonly [number, number] | null {
  if (denominator === 0) return null;
  const share = numerator / denominator;
  const weight = 1 + Z ** 2 / denominator;
  const middle = (share + Z ** 2 / (2 * denominator)) / weight;
  const half =
    (Z / weight) * Math.sqrt((share * (1 - share)) / denominator + Z ** 2 / (4 * denominator ** 2));
  const percent = (value: number): number => Math.round(100 * Math.min(1, Math.max(0, value)));
  return [percent(middle - half), percent(middle + half)];
}

/** How two shares differ, in percentage points; null: one of them has no case. */
export function changeOf(now: Counted, before: Counted): number | null {
  const [a, b] = [percentOf(now), percentOf(before)];
  return a === null || b === null ? null : Math.round(10 * (a - b)) / 10;
}

/** Whether the intervals of two shares have no value in common: then chance alone hardly explains the change. */
export function isClear(now: Counted, before: Counted): boolean {
  const [a, b] = [intervalOf(now), intervalOf(before)];
  return a !== null && b !== null && (a[0] > b[1] || b[0] > a[1]);
}
