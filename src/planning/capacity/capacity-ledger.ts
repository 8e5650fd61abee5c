import type { CalendarDate } from '../../guideline/calendar.js';
import { weekdayOf } from '../../work-calendar/work-calendar.js';

/** What can be done in a day, Monday first; null: unlimited. */
export interface Capacity {
  /** Null: the hospital as a whole. */
  readonly place: string | null;
  /** Null: exams of all kinds together. */
  readonly activity: string | null;
  readonly perWeekday: readonly (number | null)[];
}

/** Items that are booked on one day. */
export interface BookedLoad {
  readonly day: CalendarDate;
  readonly activity: string;
  readonly items: number;
}

/**
 * What is left of the daily capacity of the hospital. A limit of the hospital as a whole counts before the limits of its places;
 * without one, the places add up. What has no limit is unlimited.
 */
export class CapacityLedger {
  private readonly limits = new Map<string | null, readonly (number | null)[]>();
  private readonly taken = new Map<string, number>();

  constructor(capacities: readonly Capacity[], booked: Iterable<BookedLoad>) {
    for (const activity of new Set(capacities.map((capacity) => capacity.activity)))
      this.limits.set(activity, limitOf(capacities.filter((capacity) => capacity.activity === activity)));
    for (const { day, activity, items } of booked) this.take(day, activity, items);
  }

  /** Items of the activity that the day can take at most; null: any number. Of all activities together for null. */
  limit(day: CalendarDate, activity: string | null): number | null {
    return this.limits.get(activity)?.[weekdayOf(day) - 1] ?? null;
  }

  /** Items of the activity that still fit into its own limit. */
  freeOf(day: CalendarDate, activity: string): number {
    const limit = this.limit(day, activity);
    return limit === null ? Infinity : Math.max(0, limit - this.takenOf(day, activity));
  }

  /** Items of any kind that still fit into the limit of all activities together. */
  freeOfAll(day: CalendarDate): number {
    const limit = this.limit(day, null);
    return limit === null ? Infinity : Math.max(0, limit - this.takenOf(day, null));
  }

  fits(day: CalendarDate, activity: string): boolean {
    return this.limits.size === 0 || (this.freeOf(day, activity) > 0 && this.freeOfAll(day) > 0);
  }

  take(day: CalendarDate, activity: string, items = 1): void {
    for (const key of [keyOf(day, activity), keyOf(day, null)])
      this.taken.set(key, (this.taken.get(key) ?? 0) + items);
  }

  takenOf(day: CalendarDate, activity: string | null): number {
    return this.taken.get(keyOf(day, activity)) ?? 0;
  }
}

const keyOf = (day: CalendarDate, activity: string | null): string =>
  activity === null ? day : `${day} ${activity}`;

function limitOf(capacities: readonly Capacity[]): readonly (number | null)[] {
  const whole = capacities.find(({ place }) => place === null);
  if (whole) return whole.perWeekday;
  return Array.from({ length: 7 }, (_, index) =>
    capacities.reduce<number | null>((sum, { perWeekday }) => {
      const limit = perWeekday[index] ?? null;
      return sum === null || limit === null ? null : sum + limit;
    }, 0),
  );
}
