import type { CalendarDay } from '../calls/calendar.js';

/** How much a day can still take. `open`: no limit is known. */
export type LoadState = 'off' | 'open' | 'free' | 'filling' | 'full' | 'over';

type Load = Pick<CalendarDay, 'booked' | 'due' | 'capacity' | 'isOver' | 'isWorkingDay'>;

/** From here on a day fills up. */
const FILLING = 0.8;

export function loadState({ booked, due, capacity, isOver, isWorkingDay }: Load): LoadState {
  if (isOver) return 'over';
  if (!isWorkingDay) return 'off';
  if (capacity === null) return 'open';
  if (booked >= capacity) return 'full';
  return booked >= FILLING * capacity || booked + due > capacity ? 'filling' : 'free';
}

/** How much of the capacity is booked, for the bar of a day: 0 to 1. */
export const filled = ({ booked, capacity }: Load): number =>
  capacity === null || capacity === 0 ? 0 : Math.min(1, booked / capacity);

export interface ActivityLoad {
  readonly activity: string;
  readonly booked: number;
  readonly due: number;
}

/** The load of each activity at all places together, the greatest first. */
export function byActivity(shares: CalendarDay['shares']): readonly ActivityLoad[] {
  const loads = new Map<string, ActivityLoad>();
  for (const { activity, booked, due } of shares) {
    const before = loads.get(activity) ?? { activity, booked: 0, due: 0 };
    loads.set(activity, { activity, booked: before.booked + booked, due: before.due + due });
  }
  return [...loads.values()].sort((a, b) => b.booked + b.due - a.booked - a.due);
}
