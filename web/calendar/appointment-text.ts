import type { Appointment } from '../calls/appointments.js';
import { useWords } from '../words/use-words.js';
import { addDays, NEVER } from '../words/dates.js';
import { calendarWords } from './calendar-words.js';

/** `09:30`, `上午`, or that the time is open. */
export function useTimeText(): (appointment: Pick<Appointment, 'time' | 'halfDay'>) => string {
  const words = useWords(calendarWords);
  return ({ time, halfDay }) =>
    time ??
    (halfDay === 'morning' ? words.morning : halfDay === 'afternoon' ? words.afternoon : words.anyTime);
}

/** In the order of the day: exact times of a half-day stand before the half-day, and open times at the end. */
export const byTime = (a: Appointment, b: Appointment): number => (timeKey(a) < timeKey(b) ? -1 : 1);

const timeKey = ({ time, halfDay, id }: Appointment): string =>
  `${time ?? (halfDay === 'morning' ? '12:00' : halfDay === 'afternoon' ? '23:58' : '23:59')} ${id}`;

type Windowed = Pick<Appointment['items'][number], 'earliest' | 'overdue'>;

/** Whether the day lies in the windows of all items. */
export const isInWindows = (items: readonly Windowed[], day: string): boolean =>
  items.every(({ earliest, overdue }) => earliest <= day && day < overdue);

/** `2026-10-20 – 2026-11-30`; without a last day only the first. */
export const windowText = ({ earliest, overdue }: Windowed): string =>
  `${earliest} – ${overdue === NEVER ? '' : addDays(overdue, -1)}`;
