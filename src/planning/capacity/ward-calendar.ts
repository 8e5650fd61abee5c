import { addDays, type CalendarDate, order, toDayNumber } from '../../guideline/calendar.js';
import type { SpecialDay, WorkCalendar } from '../../work-calendar/work-calendar.js';
import { weekdayOf } from '../../work-calendar/work-calendar.js';
import { type Capacity, CapacityLedger } from './capacity-ledger.js';
import { type DayLoad, placeHash } from './ward-load.js';

/** The load of one activity at one place. */
export interface LoadShare {
  readonly activity: string;
  /** Null: none, or one that no capacity names. */
  readonly place: string | null;
  readonly booked: number;
  /** Items that are due on the day and have no appointment. They have no place yet. */
  readonly due: number;
}

export interface CalendarDay {
  readonly date: CalendarDate;
  readonly isWorkingDay: boolean;
  readonly special: SpecialDay | null;
  readonly booked: number;
  readonly due: number;
  /** Null: unlimited. On a day off nothing can be done. */
  readonly capacity: number | null;
  readonly isOver: boolean;
  readonly shares: readonly LoadShare[];
}

export interface CalendarWeek {
  /** The Monday. */
  readonly from: CalendarDate;
  readonly booked: number;
  readonly due: number;
  readonly capacity: number | null;
  /** Whether appointments and due items exceed what the working days of the week can do. */
  readonly isOver: boolean;
}

interface CalendarQuery {
  readonly from: CalendarDate;
  readonly to: CalendarDate;
  readonly activity: string | null;
  readonly place: string | null;
}

/** The load of each day, against what the day can do. */
export function calendarOf(
  { from, to, activity, place }: CalendarQuery,
  calendar: WorkCalendar,
  capacities: readonly Capacity[],
  loads: readonly DayLoad[],
): { readonly days: readonly CalendarDay[]; readonly weeks: readonly CalendarWeek[] } {
  const wanted = place === null ? null : placeHash(place);
  const places = [place, ...capacities.map((capacity) => capacity.place)].filter((name) => name !== null);
  const names = new Map(places.map((name) => [placeHash(name), name]));
  const shown = loads.filter(
    (load) =>
      (activity === null || load.activity === activity) &&
      (wanted === null || load.measure !== 'booked' || load.place === wanted),
  );
  const byDay = new Map<CalendarDate, DayLoad[]>();
  for (const load of shown) byDay.set(load.day, [...(byDay.get(load.day) ?? []), load]);
  const limits = new CapacityLedger(place === null ? capacities : ofPlace(capacities, place), []);
  const days: CalendarDay[] = [];
  for (let date = from; date <= to; date = addDays(date, 1)) {
    const shares = sharesOf(byDay.get(date) ?? [], names);
    const isWorkingDay = calendar.isWorkingDay(date);
    const booked = sum(shares, 'booked');
    const capacity = isWorkingDay ? limits.limit(date, activity) : 0;
    days.push({
      ...{ date, isWorkingDay, special: calendar.specialDay(date) ?? null },
      ...{ booked, due: sum(shares, 'due'), capacity, shares },
      isOver:
        (capacity !== null && booked > capacity) ||
        (activity === null && isWorkingDay && isAnyOver(limits, date, shares)),
    });
  }
  return { days, weeks: weeksOf(days) };
}

/** The limits of one place, as if it were the hospital. */
const ofPlace = (capacities: readonly Capacity[], place: string): Capacity[] =>
  capacities.filter((capacity) => capacity.place === place).map((capacity) => ({ ...capacity, place: null }));

/** Whether one activity alone exceeds its own limit. */
function isAnyOver(limits: CapacityLedger, date: CalendarDate, shares: readonly LoadShare[]): boolean {
  const booked = new Map<string, number>();
  for (const share of shares) booked.set(share.activity, (booked.get(share.activity) ?? 0) + share.booked);
  return [...booked].some(([activity, items]) => items > (limits.limit(date, activity) ?? Infinity));
}

function sharesOf(loads: readonly DayLoad[], names: ReadonlyMap<string, string>): LoadShare[] {
  const shares = new Map<string, LoadShare>();
  for (const { measure, activity, place: hash, items } of loads) {
    const place = names.get(hash) ?? null;
    const key = JSON.stringify([activity, place]);
    const share = shares.get(key) ?? { activity, place, booked: 0, due: 0 };
    const isBooked = measure === 'booked';
    shares.set(key, {
      ...share,
      booked: share.booked + (isBooked ? items : 0),
      due: share.due + (isBooked ? 0 : items),
    });
  }
  return [...shares.values()].sort(
    (a, b) => order(a.activity, b.activity) || order(a.place ?? '', b.place ?? ''),
  );
}

function weeksOf(days: readonly CalendarDay[]): CalendarWeek[] {
  const byWeek = new Map<CalendarDate, CalendarDay[]>();
  for (const day of days) {
    const monday = mondayOf(day.date);
    byWeek.set(monday, [...(byWeek.get(monday) ?? []), day]);
  }
  return [...byWeek].map(([from, ofWeek]) => {
    const [booked, due] = [sum(ofWeek, 'booked'), sum(ofWeek, 'due')];
    const capacity = ofWeek.reduce<number | null>(
      (total, day) => (total === null || day.capacity === null ? null : total + day.capacity),
      0,
    );
    return { from, booked, due, capacity, isOver: capacity !== null && booked + due > capacity };
  });
}

export const mondayOf = (date: CalendarDate): CalendarDate => addDays(date, 1 - weekdayOf(date));

export const daysBetween = (from: CalendarDate, to: CalendarDate): number =>
  toDayNumber(to) - toDayNumber(from);

const sum = <K extends 'booked' | 'due'>(rows: readonly Readonly<Record<K, number>>[], field: K): number =>
  rows.reduce((total, row) => total + row[field], 0);
