import { addDays, calendarDate, type CalendarDate, isCalendarDate } from '../../../guideline/calendar.js';
import { saysNothing } from '../../../guideline/roster-reading.js';
import { dayOfSerial } from '../tables/number-format.js';
import type { Cell } from '../tables/table.js';

/** Why a date needs a person. */
export type DateDoubt =
  | 'month-only'
  | 'year-only'
  | 'no-year'
  | 'two-digit-year'
  | 'day-or-month-first'
  | 'age'
  | 'approximate'
  | 'several-dates'
  | 'note-in-date'
  | 'lunar'
  | 'no-date'
  | 'cell-error';

/** What a cell says of a day. Undefined: nothing. */
export type DateReading =
  | { readonly date: CalendarDate | undefined; readonly note?: 'note-left-out' | 'serial-number' }
  | { readonly doubt: DateDoubt; readonly options: readonly string[] }
  | { readonly noSuchDate: true };

const doubt = (code: DateDoubt, options: readonly (string | undefined)[] = []): DateReading => ({
  doubt: code,
  options: [...new Set(options.filter((option) => option !== undefined))],
});

/** No date is longer; what follows so many characters is a remark. */
const LONGEST_READ = 200;

/** Reads the day of a cell. A day that the cell does not say is never made up; a time of day is dropped. */
export function readDate(cell: Cell | undefined): DateReading {
  if (cell === undefined) return { date: undefined };
  if (cell.broken) return doubt('cell-error');
  if (cell.precision) return dateCell(cell);
  const text = tidy(cell.text.slice(0, LONGEST_READ));
  if (cell.number !== undefined && /^\d{1,5}(?:\.\d+)?$/.test(text)) return ofNumber(Number(text));
  if (saysNothing(text)) return { date: undefined };
  return ofText(text);
}

function dateCell({ date, precision, text }: Cell): DateReading {
  if (date === null || date === undefined) return { noSuchDate: true };
  if (precision === 'day') return { date };
  if (precision === 'month') return doubt('month-only', [`${date.slice(0, 7)}-…`]);
  if (precision === 'year') return doubt('year-only', [`${date.slice(0, 4)}-…`]);
  if (precision === 'no-year') return doubt('no-year', [date]);
  return doubt('no-date', [text]);
}

// Serial numbers of days from 1927 to 2064. Smaller numbers are ages or years.
const [FIRST_SERIAL, LAST_SERIAL] = [10_000, 60_000];

function ofNumber(number: number): DateReading {
  if (number >= FIRST_SERIAL && number <= LAST_SERIAL) {
    const date = dayOfSerial(number);
    return date === null ? { noSuchDate: true } : { date, note: 'serial-number' };
  }
  if (number >= 1850 && number <= 2200) return doubt('year-only', [`${number}-…`]);
  return number > 0 && number < 130 ? doubt('age') : doubt('no-date');
}

const CHINESE_DIGITS = '〇一二三四五六七八九';
const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

function tidy(written: string): string {
  return (
    written
      .normalize('NFKC')
      .replace(/零|○|０/g, '〇')
      .replace(/[‐-―−－—]/g, '-')
      .replace(/[。．]/g, '.')
      .replace(/\s+/g, ' ')
      .replace(/[、,;]+ ?$/u, '')
      // The time of day, and the day of the week.
      .replace(
        /[T ]?(?:上午|下午|am|pm)? ?\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?: ?(?:am|pm))?(?:Z|[+-]\d{2}:?\d{2})?$/i,
        '',
      )
      .replace(/(?<=日) ?\d{1,2}时(?:\d{1,2}分)?(?:\d{1,2}秒)?$/, '')
      .replace(/\(?(?:星期|周|礼拜)[一二三四五六日天]\)?/g, '')
      .replace(/[〇一二三四五六七八九十]{1,4}(?=[年月日号])/g, arabic)
      .trim()
  );
}

/** 二〇二六, 十二, 二十五 */
function arabic(chinese: string): string {
  if (!chinese.includes('十')) return [...chinese].map((digit) => CHINESE_DIGITS.indexOf(digit)).join('');
  const [tens = '', units = ''] = chinese.split('十');
  return String(
    (tens === '' ? 1 : CHINESE_DIGITS.indexOf(tens)) * 10 +
      (units === '' ? 0 : CHINESE_DIGITS.indexOf(units)),
  );
}

const BETWEEN = '[-/.年月,、·_ ]+ ?';
const DAY = new RegExp(`^(\\d{4})${BETWEEN}(\\d{1,2})${BETWEEN}(\\d{1,2}) ?[日号]?\\.?$`, 'u');
const APPROXIMATE =
  /[?？约初底末中上下]旬?|左右|前后|以前|之前|大概|可能|around|about|approx|拟|计划|预约|待定|~/iu;

function ofText(text: string): DateReading {
  if (/农历|阴历|腊月|正月|闰/u.test(text)) return doubt('lunar');
  const whole = wholeDate(text);
  if (whole) return whole;
  if (/^\d{1,5}(?:\.0+)?$/.test(text)) return ofNumber(Number(text));
  return partialDate(text) ?? inText(text);
}

/** A text that is a date and nothing else. */
function wholeDate(text: string): DateReading | undefined {
  const [, year, month, day] = DAY.exec(text) ?? /^(\d{4})(\d{2})(\d{2})(?:\d{6}|\d{4})?$/.exec(text) ?? [];
  if (year !== undefined) return existing(year, month, day);
  const named = ofMonthName(text);
  if (named) return named;
  const [, first = '', second = '', last] = /^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})$/.exec(text) ?? [];
  if (last === undefined) return undefined;
  const [dayFirst, monthFirst] = [isoOf(last, second, first), isoOf(last, first, second)];
  if (dayFirst !== undefined && monthFirst !== undefined && dayFirst !== monthFirst)
    return doubt('day-or-month-first', [dayFirst, monthFirst]);
  const date = dayFirst ?? monthFirst;
  return date === undefined ? { noSuchDate: true } : { date };
}

function ofMonthName(text: string): DateReading | undefined {
  const found =
    /^(?<day>\d{1,2})[- ]?(?<month>[a-z]{3,9})\.?[-, ]*(?<year>\d{4})$/i.exec(text) ??
    /^(?<month>[a-z]{3,9})\.? ?(?<day>\d{1,2})(?:st|nd|rd|th)?[-, ]+(?<year>\d{4})$/i.exec(text) ??
    /^(?<year>\d{4})[- ](?<month>[a-z]{3,9})[- ](?<day>\d{1,2})$/i.exec(text);
  const { day, month = '', year } = found?.groups ?? {};
  const number = MONTHS.indexOf(month.slice(0, 3).toLowerCase()) + 1;
  return number === 0 ? undefined : existing(year, String(number), day);
}

function partialDate(text: string): DateReading | undefined {
  const [, year, month] =
    /^(\d{4}) ?[-/.年] ?(\d{1,2}) ?月?(?:份)?$/u.exec(text) ??
    /^((?:19|20)\d{2})(0[1-9]|1[0-2])$/.exec(text) ??
    [];
  if (year !== undefined && month !== undefined)
    return Number(month) >= 1 && Number(month) <= 12
      ? doubt('month-only', [`${year}-${month.padStart(2, '0')}-…`])
      : { noSuchDate: true };
  const [, only] = /^(\d{4}) ?年(?:生|份|底|初)?$/u.exec(text) ?? [];
  if (only !== undefined) return doubt('year-only', [`${only}-…`]);
  if (/^\d{1,3} ?(?:岁|周岁|y|yo|years?(?: old)?)$/iu.test(text)) return doubt('age');
  const [, a = '', b = '', c] =
    /^'?(\d{2}) ?[-/.年] ?(\d{1,2}) ?[-/.月] ?(\d{1,2}) ?[日号]?$/u.exec(text) ??
    /^(\d{2})(\d{2})(\d{2})$/.exec(text) ??
    [];
  if (c !== undefined) return doubt('two-digit-year', twoDigitYears(a, b, c));
  const [, x = '', y = '', z] = /^(\d{1,2})[-/.](\d{1,2})[-/.](\d{2})$/.exec(text) ?? [];
  if (z !== undefined) return doubt('two-digit-year', [isoOf(`20${z}`, y, x), isoOf(`20${z}`, x, y)]);
  if (/^\d{1,2} ?[-/.月] ?\d{1,2} ?[日号]?$/u.test(text)) return doubt('no-year');
  return undefined;
}

const twoDigitYears = (a: string, b: string, c: string): (string | undefined)[] => [
  isoOf(`20${a}`, b, c),
  isoOf(`20${c.padStart(2, '0')}`, b, a),
  ...(Number(a) > 30 ? [isoOf(`19${a}`, b, c)] : []),
];

const IN_TEXT = /(?<!\d)(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})(?:[日号])?(?!\d)/gu;

/** A date with words around it. Words in brackets behind one date say where or what, not when. */
function inText(text: string): DateReading {
  const found = [...text.matchAll(IN_TEXT)].map(([, year, month, day]) => isoOf(year, month, day));
  const dates = found.filter((date) => date !== undefined);
  if (found.length === 0)
    return APPROXIMATE.test(text) && /\d{4}/.test(text) ? doubt('approximate') : doubt('no-date');
  if (dates.length < found.length) return { noSuchDate: true };
  if (new Set(dates).size > 1) return doubt('several-dates', dates);
  const words = text.replace(IN_TEXT, '');
  if (APPROXIMATE.test(words)) return doubt('approximate', dates);
  if (/\d/.test(words.replace(/\([^)]*\)/g, ''))) return doubt('note-in-date', dates);
  const [date] = dates;
  return /^ ?\([^()]*\)$/u.test(words) ? { date, note: 'note-left-out' } : doubt('note-in-date', dates);
}

function existing(year?: string, month?: string, day?: string): DateReading {
  const date = isoOf(year, month, day);
  return date === undefined ? { noSuchDate: true } : { date };
}

function isoOf(year = '', month = '', day = ''): CalendarDate | undefined {
  const iso = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  return isCalendarDate(iso) ? calendarDate(iso) : undefined;
}

/** The last day that is on or before `today` and `years` years before it: for plausible ages. */
export const yearsBefore = (today: CalendarDate, years: number): CalendarDate =>
  addDays(calendarDate(`${String(Number(today.slice(0, 4)) - years).padStart(4, '0')}-01-01`), 0);
