import type { Months, Share } from '../calls/statistics.js';
import type { FIGURES } from './figures.js';

type Figure = (typeof FIGURES)[number];

/** One month of a figure; without a share where nothing was counted. */
export interface MonthShare {
  readonly month: string;
  readonly isOver: boolean;
  readonly share: Share | null;
}

export interface GroupSeries {
  readonly key: string | null;
  readonly label: string | null;
  readonly series: readonly MonthShare[];
  /** The cases of all months. */
  readonly cases: number;
}

/** A figure of all patients, month by month. */
export const seriesOf = ({ months }: Months, figure: Figure): readonly MonthShare[] =>
  months.map(({ month, isOver, total }) => ({ month, isOver, share: figure.ofMonth(total) }));

/** The groups in which the figure has cases, the largest first. */
export function largestGroups({ groups, months }: Months, figure: Figure): readonly GroupSeries[] {
  return groups
    .map(({ key, label }) => {
      const series = months.map(({ month, isOver, groups: ofMonth }) => {
        const group = ofMonth.find((one) => one.key === key);
        return { month, isOver, share: group ? figure.ofMonth(group) : null };
      });
      const cases = series.reduce((sum, { share }) => sum + (share?.denominator ?? 0), 0);
      return { key, label, series, cases };
    })
    .filter(({ cases }) => cases > 0)
    .sort((a, b) => b.cases - a.cases);
}
