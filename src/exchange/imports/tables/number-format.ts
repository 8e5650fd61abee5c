import { addDays, calendarDate, type CalendarDate } from '../../../guideline/calendar.js';
import type { DatePrecision } from './table.js';

/** What a number format says of a number: a date of some precision, or digits in a fixed form. */
export interface NumberFormat {
  readonly precision?: DatePrecision;
  /** The shown text of a whole number, such as 00260102. */
  readonly shown?: (number: number) => string;
}

/** What the sheets of a workbook share. */
export interface SharedParts {
  readonly strings: readonly string[];
  /** By the number of the cell's style. */
  readonly formats: readonly NumberFormat[];
  /** Whether days count from 1904, as in old editions for the Macintosh. */
  readonly from1904: boolean;
}

// The formats without a code of their own; 27 to 36 and 50 to 58 are those of Chinese editions.
const BUILT_IN: Readonly<Record<number, DatePrecision>> = {
  ...of('day', [14, 15, 22, 30, 31]),
  ...of('month', [17, 27, 36, 50, 52, 57]),
  ...of('no-year', [16, 28, 29, 51, 53, 54, 58]),
  ...of('time', [18, 19, 20, 21, 32, 33, 34, 35, 45, 46, 47, 55, 56]),
};

function of(precision: DatePrecision, ids: readonly number[]): Record<number, DatePrecision> {
  return Object.fromEntries(ids.map((id) => [id, precision]));
}

/** The format with this id, and the code that the workbook declares for it. */
export function numberFormat(id: number, code: string | undefined): NumberFormat {
  if (code === undefined) {
    const precision = BUILT_IN[id];
    return precision ? { precision } : {};
  }
  const [section = ''] = code.split(';');
  const zeros = /^(?:\[[^\]]*\])?(?:"([^"]*)"|\\(.))?(0{2,20})(?:"([^"]*)")?$/.exec(section);
  if (zeros) {
    const [, quoted = '', escaped = '', digits = '', behind = ''] = zeros;
    return { shown: (number) => quoted + escaped + String(number).padStart(digits.length, '0') + behind };
  }
  const precision = precisionOf(section);
  return precision ? { precision } : {};
}

function precisionOf(section: string): DatePrecision | undefined {
  const bare = section
    .replace(/"[^"]*"|\\.|_.|\*./g, ' ')
    .replace(/\[(?!h|m|s)[^\]]*\]/gi, '')
    .replace(/general|am\/pm|a\/p|上午\/下午/gi, '')
    .toLowerCase();
  const [year, day, time] = [/[ye]/.test(bare) && !/0e[+-]/.test(bare), /d/.test(bare), /[hs]/.test(bare)];
  // Without hours and seconds beside it, m is a month.
  const month = /m/.test(bare.replace(/h+[^a-z]*m+|m+[^a-z]*s+/g, ''));
  if (year) return day ? 'day' : month ? 'month' : 'year';
  if (day || month) return 'no-year';
  return time ? 'time' : undefined;
}

const FIRST = calendarDate('1899-12-31');
const FIRST_1904 = calendarDate('1904-01-01');
const LAST_SERIAL = 2_958_465;

/**
 * The day of an Excel serial number, its time of day dropped. Null for a number without a day: 0, negative, beyond
 * 9999, and 60, the 29 February 1900 that never was.
 */
export function dayOfSerial(serial: number, from1904 = false): CalendarDate | null {
  const days = Math.floor(serial + 1e-9);
  if (from1904) return days < 0 || days > LAST_SERIAL ? null : addDays(FIRST_1904, days);
  if (days < 1 || days === 60 || days > LAST_SERIAL) return null;
  return addDays(FIRST, days > 60 ? days - 1 : days);
}
