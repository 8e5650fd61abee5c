import type { Dimension, Measure, Period } from '../calls/statistics.js';
import { writeAddress } from '../routing/address.js';
import { type ComparedWith, COMPARISONS, periodOf } from './periods.js';
import { FIGURES, type FigureName } from './figures.js';

export const DIMENSIONS = [
  'activity',
  'nurse',
  'department',
  'stage',
  'rule',
] as const satisfies readonly Dimension[];
export const TABS = ['figures', 'months', 'reports'] as const;

/** What the address of the page says. */
export interface StatisticsAddress extends Period {
  readonly tab: (typeof TABS)[number];
  readonly by: Dimension;
  readonly compare: ComparedWith;
  /** The figure that is drawn. */
  readonly figure: FigureName;
  /** The count whose patients are listed. */
  readonly measure?: Measure | undefined;
  /** The group to which the count belongs; undefined: all. */
  readonly group?: string | undefined;
}

const DAY = /^\d{4}-\d\d-\d\d$/;

/** Reads the parameters. Without a period: the last three months that are over. */
export function readStatisticsAddress(
  { tab, from, to, by, compare, figure, measure, group }: Readonly<Record<string, string>>,
  today: string,
): StatisticsAddress {
  const isPeriod = from !== undefined && to !== undefined && DAY.test(from) && DAY.test(to) && from <= to;
  return {
    ...(isPeriod ? { from, to } : periodOf('threeMonths', today)),
    tab: TABS.find((one) => one === tab) ?? 'figures',
    by: DIMENSIONS.find((one) => one === by) ?? 'activity',
    compare: COMPARISONS.find((one) => one === compare) ?? 'none',
    figure: FIGURES.find(({ name }) => name === figure)?.name ?? 'completion',
    measure: measure as Measure | undefined, // the server refuses one that it does not know
    group,
  };
}

export const statisticsAddressOf = ({ tab, compare, figure, ...rest }: StatisticsAddress): string =>
  writeAddress('/statistics', {
    ...rest,
    tab: tab === 'figures' ? undefined : tab,
    compare: compare === 'none' ? undefined : compare,
    figure: figure === 'completion' ? undefined : figure,
  });
