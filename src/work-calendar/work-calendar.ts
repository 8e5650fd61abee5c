import { addDays, type CalendarDate, toDayNumber } from '../guideline/calendar.js';
import type { Text } from '../guideline/guideline.js';

/** Why a day is off although its weekday works, or works although its weekday is off. */
export const DAY_KINDS = ['holiday', 'makeup_workday', 'closure', 'extra_workday'] as const;
export type DayKind = (typeof DAY_KINDS)[number];

/** Where a special day comes from. A later source in this list takes precedence over an earlier one. */
export const DAY_SOURCES = ['national', 'import', 'hospital', 'policy'] as const;
export type DaySource = (typeof DAY_SOURCES)[number];

/** A day that differs from its weekday. */
export interface SpecialDay {
  readonly date: CalendarDate;
  readonly kind: DayKind;
  readonly name: Text;
  readonly source: DaySource;
}

export const worksOn = (kind: DayKind): boolean => kind === 'makeup_workday' || kind === 'extra_workday';

/** 1 is Monday, 7 Sunday; 1970-01-01 was a Thursday. */
export const weekdayOf = (date: CalendarDate): number => ((((toDayNumber(date) + 3) % 7) + 7) % 7) + 1;

export const yearOf = (date: CalendarDate): number => Number(date.slice(0, 4));

/** Monday to Friday, where the hospital's policy names no weekdays. */
export const USUAL_WEEKDAYS: readonly number[] = [1, 2, 3, 4, 5];

/** The working days of one hospital in the range for which its special days were read. */
export class WorkCalendar {
  private readonly special: ReadonlyMap<CalendarDate, SpecialDay>;

  /** Of several special days with one date, the one of the highest source counts; of equals, the last. */
  constructor(
    private readonly weekdays: readonly number[],
    days: Iterable<SpecialDay>,
    private readonly knownYears: ReadonlySet<number>,
  ) {
    const special = new Map<CalendarDate, SpecialDay>();
    for (const day of days) {
      const known = special.get(day.date);
      if (known === undefined || rank(known) <= rank(day)) special.set(day.date, day);
    }
    this.special = special;
  }

  isWorkingDay(date: CalendarDate): boolean {
    const special = this.special.get(date);
    return special === undefined ? this.weekdays.includes(weekdayOf(date)) : worksOn(special.kind);
  }

  specialDay(date: CalendarDate): SpecialDay | undefined {
    return this.special.get(date);
  }

  /** In the order of their dates. */
  specialDays(): SpecialDay[] {
    return [...this.special.values()].sort((a, b) => (a.date < b.date ? -1 : 1));
  }

  /** The working weekdays; 1 is Monday. */
  get workingWeekdays(): readonly number[] {
    return this.weekdays;
  }

  /** Whether the public holidays of the year are not known yet. */
  isProvisional(year: number): boolean {
    return !this.knownYears.has(year);
  }

  /** The working days from `from` to `to`, both included. */
  workingDays(from: CalendarDate, to: CalendarDate): CalendarDate[] {
    const days: CalendarDate[] = [];
    for (let day = from; day <= to; day = addDays(day, 1)) if (this.isWorkingDay(day)) days.push(day);
    return days;
  }
}

const rank = ({ source }: SpecialDay): number => DAY_SOURCES.indexOf(source);
