import { addDays, type CalendarDate } from '../../guideline/calendar.js';
import type { WorkCalendar } from '../../work-calendar/work-calendar.js';
import { type Capacity, CapacityLedger } from './capacity-ledger.js';
import type { DayLoad, LoadMeasure } from './ward-load.js';
import { mondayOf } from './ward-calendar.js';

export interface ForecastWeek {
  /** The first day: today in the first week, otherwise the Monday. */
  readonly from: CalendarDate;
  /** The Sunday. */
  readonly to: CalendarDate;
  /** Items to be done in the week if every item is done on its first day in time. */
  readonly earliest: number;
  /** The same on the last day in time. */
  readonly latest: number;
  /** Items of open appointments, which are in neither curve. */
  readonly booked: number;
  readonly workingDays: number;
  /** What the working days can do; null: unlimited. */
  readonly capacity: number | null;
}

/** Sums of all days before today. */
export type Backlog = Readonly<Record<Exclude<LoadMeasure, 'due'>, number>>;

interface ForecastFacts {
  readonly today: CalendarDate;
  readonly weeks: number;
  readonly calendar: WorkCalendar;
  readonly capacities: readonly Capacity[];
  readonly activity: string | null;
  /** From today to the last day of the forecast. */
  readonly loads: readonly DayLoad[];
  readonly backlog: Backlog;
}

/**
 * The demand by week, the first one from today. What is open or overdue already counts in the first week, without items that
 * the next one has replaced by today.
 */
export function forecastOf(facts: ForecastFacts): ForecastWeek[] {
  const { today, weeks, calendar, capacities, activity, loads, backlog } = facts;
  const limits = new CapacityLedger(capacities, []);
  const monday = mondayOf(today);
  const sums = new Map<string, number>();
  for (const load of loads) {
    if (activity !== null && load.activity !== activity) continue;
    const key = `${mondayOf(load.day)} ${load.measure}`;
    sums.set(key, (sums.get(key) ?? 0) + load.items);
  }
  return Array.from({ length: weeks }, (_, index) => {
    const first = addDays(monday, 7 * index);
    const [from, to] = [index === 0 ? today : first, addDays(first, 6)];
    const of = (measure: LoadMeasure): number => sums.get(`${first} ${measure}`) ?? 0;
    const days = calendar.workingDays(from, to);
    const isFirst = index === 0;
    return {
      ...{ from, to, workingDays: days.length, booked: of('booked') },
      earliest: of('earliest') + (isFirst ? backlog.earliest - backlog.missed : 0),
      latest: of('last') + (isFirst ? backlog.last - backlog.missed : 0),
      capacity: days.reduce<number | null>((total, day) => {
        const limit = limits.limit(day, activity);
        return total === null || limit === null ? null : total + limit;
      }, 0),
    };
  });
}
