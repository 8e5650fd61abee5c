/** A calendar day, `YYYY-MM-DD`, compared with `<`. Has no time zone: it is a day in the hospital's own calendar. */
export type CalendarDate = string & { readonly __brand: 'CalendarDate' };

/** Days since 1970-01-01, for arithmetic. */
export type DayNumber = number;

const PATTERN = /^(\d{4})-(\d{2})-(\d{2})$/;

/** Whether `text` is a day of the Gregorian calendar from year 1 to 9999 in the form `YYYY-MM-DD`. */
export function isCalendarDate(text: string): text is CalendarDate {
  const match = PATTERN.exec(text);
  if (!match) return false;
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  return year >= 1 && month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month);
}

/** Throws a RangeError for a text that is not a day. */
export function calendarDate(text: string): CalendarDate {
  if (!isCalendarDate(text)) throw new RangeError(`Not a calendar date: ${text}`);
  return text;
}

const isLeap = (year: number): boolean => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;

const MONTH_LENGTHS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

function daysInMonth(year: number, month: number): number {
  return month === 2 && isLeap(year) ? 29 : (MONTH_LENGTHS[month - 1] ?? 0);
}

/** Howard Hinnant's days_from_civil: the year begins in March, so that the leap day is its last. */
function dayNumberOf(year: number, month: number, day: number): DayNumber {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

interface Civil {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

function civilOf(number: DayNumber): Civil {
  const z = number + 719_468;
  const era = Math.floor(z / 146_097);
  const dayOfEra = z - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const mp = Math.floor((5 * dayOfYear + 2) / 153);
  const month = mp < 10 ? mp + 3 : mp - 9;
  return {
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    day: dayOfYear - Math.floor((153 * mp + 2) / 5) + 1,
  };
}

export function toDayNumber(date: CalendarDate): DayNumber {
  return dayNumberOf(Number(date.slice(0, 4)), Number(date.slice(5, 7)), Number(date.slice(8, 10)));
}

const twoDigits = (n: number): string => (n < 10 ? `0${n}` : String(n));

const written = (year: number, month: number, day: number): CalendarDate =>
  `${String(year).padStart(4, '0')}-${twoDigits(month)}-${twoDigits(day)}` as CalendarDate;

// Caches the texts, because plans repeat the same days; a century has 36,525 of them.
const remembered: CalendarDate[] = [];

export function fromDayNumber(number: DayNumber): CalendarDate {
  if (number < 0 || number > 73_050) return write(number);
  return (remembered[number] ??= write(number));
}

function write(number: DayNumber): CalendarDate {
  const { year, month, day } = civilOf(number);
  return written(year, month, day);
}

/** A day split into its parts once, to count many other days from it. */
export interface Clock {
  readonly monthIndex: number;
  readonly day: number;
  /** A day that the month does not have becomes the first of the next month, not the month's last day. */
  readonly roll: boolean;
}

export const clockOf = (date: CalendarDate, roll = false): Clock => ({
  monthIndex: Number(date.slice(0, 4)) * 12 + Number(date.slice(5, 7)) - 1,
  day: Number(date.slice(8, 10)),
  roll,
});

/** The day `months` after the clock's date; see `addMonths`. */
export function monthsAfter({ monthIndex, day, roll }: Clock, months: number): DayNumber {
  const index = monthIndex + months;
  const year = Math.floor(index / 12);
  const month = index - year * 12 + 1;
  if (day <= 28) return dayNumberOf(year, month, day);
  const length = daysInMonth(year, month);
  return dayNumberOf(year, month, Math.min(day, length)) + (roll && day > length ? 1 : 0);
}

/**
 * `months` later in one step, on the same day of the month or, in a shorter month, on its last day: 31 January + 3 =
 * 30 April. Never chain it: 31 January + 1 + 1 is 28 March, + 2 is 31 March.
 */
export function addMonths(date: CalendarDate, months: number): CalendarDate {
  return fromDayNumber(monthsAfter(clockOf(date), months));
}

export function addDays(date: CalendarDate, days: number): CalendarDate {
  return fromDayNumber(toDayNumber(date) + days);
}

/** The age in whole years on `day`. A person born on 29 February turns a year older on 1 March in common years. */
export function yearsBetween(birth: CalendarDate, day: CalendarDate): number {
  const years = Number(day.slice(0, 4)) - Number(birth.slice(0, 4));
  return day.slice(5) < birth.slice(5) ? years - 1 : years;
}

/** Negative, zero or positive when `a` comes before, equals or comes after `b`; for dates and other texts. */
export const order = (a: string, b: string): number => (a < b ? -1 : Number(a > b));
