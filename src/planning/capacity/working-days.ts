import { addDays, type CalendarDate } from '../../guideline/calendar.js';
import type { WorkCalendar } from '../../work-calendar/work-calendar.js';

/** The working days of a range, counted and walked through without date arithmetic. */
export class WorkingDays {
  private readonly days: CalendarDate[] = [];
  private readonly places = new Map<CalendarDate, number>();
  private readonly isWorking: boolean[] = [];
  /** By place: the working days before it. One longer than `days`. */
  private readonly before = [0];

  /** `first` and `last` are included. */
  constructor(first: CalendarDate, last: CalendarDate, calendar: Pick<WorkCalendar, 'isWorkingDay'>) {
    for (let day = first, place = 0; day <= last; day = addDays(day, 1), place++) {
      const isWorking = calendar.isWorkingDay(day);
      this.days.push(day);
      this.places.set(day, place);
      this.isWorking.push(isWorking);
      this.before.push((this.before[place] ?? 0) + Number(isWorking));
    }
  }

  /** How many lie from `from` to `to`, both included. */
  count(from: CalendarDate, to: CalendarDate): number {
    const [start, end] = this.placesOf(from, to);
    return end < start ? 0 : (this.before[end + 1] ?? 0) - (this.before[start] ?? 0);
  }

  /** Those from `from` to `to`, the nearest to `present` first; of two equally near ones, the earlier first. */
  *nearest(present: CalendarDate, from: CalendarDate, to: CalendarDate): Generator<CalendarDate> {
    const [start, end] = this.placesOf(from, to);
    const middle = this.placeAfter(present);
    for (let away = 0; middle - away >= start || middle + away <= end; away++)
      for (const place of away === 0 ? [middle] : [middle - away, middle + away]) {
        const day = this.days[place];
        if (day !== undefined && place >= start && place <= end && this.isWorking[place] === true) yield day;
      }
  }

  /** The first place may be after the last one: no day lies between. */
  private placesOf(from: CalendarDate, to: CalendarDate): [first: number, last: number] {
    const after = this.placeAfter(to);
    return [this.placeAfter(from), this.days[after] === to ? after : after - 1];
  }

  /** The place of the day; before the range its first place, after it the place behind its last. */
  private placeAfter(day: CalendarDate): number {
    return this.places.get(day) ?? (day < (this.days[0] ?? day) ? 0 : this.days.length);
  }
}
