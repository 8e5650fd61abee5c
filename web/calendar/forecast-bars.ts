import type { ForecastWeek } from '../calls/calendar.js';

/** A week of the forecast in the parts of its bar. */
export interface WeekParts {
  readonly booked: number;
  /** Demand that still finds room, with everything on its last day in time. */
  readonly latest: number;
  /** What exceeds the capacity. */
  readonly beyond: number;
}

/** Booked items first, then the demand of the last day; what the capacity does not hold lies on top. */
export function weekParts({ booked, latest, capacity }: ForecastWeek): WeekParts {
  const all = booked + latest;
  if (capacity === null || all <= capacity) return { booked, latest, beyond: 0 };
  const held = Math.min(booked, capacity);
  return { booked: held, latest: capacity - held, beyond: all - capacity };
}

/** Of each week: everything on its first day in time, with what is booked. */
export const earliestOf = ({ booked, earliest }: ForecastWeek): number => booked + earliest;

/** The week with the greatest demand on the first day; undefined: there is none. */
export function peakOf(weeks: readonly ForecastWeek[]): ForecastWeek | undefined {
  const [first, ...others] = weeks;
  return others.reduce(
    (peak, week) => (peak !== undefined && earliestOf(peak) >= earliestOf(week) ? peak : week),
    first,
  );
}
