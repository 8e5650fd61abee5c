import type { CalendarDate } from '../../guideline/calendar.js';
import type { Language } from '../../guideline/guideline.js';
import { weekdayOf } from '../../work-calendar/work-calendar.js';

const WEEKDAYS: Readonly<Record<Language, readonly string[]>> = {
  zh: ['周一', '周二', '周三', '周四', '周五', '周六', '周日'],
  en: ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'],
};
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

const partsOf = (day: CalendarDate): [year: string, month: number, day: number] => {
  const [year = '', month = '', date = ''] = day.split('-');
  return [year, Number(month), Number(date)];
};

const withoutYear = (day: CalendarDate, language: Language): string => {
  const [, month, date] = partsOf(day);
  return language === 'zh' ? `${month}月${date}日` : `${date} ${MONTHS[month - 1] ?? ''}`;
};

/** A day as a patient reads it: 2026年11月12日, 12 Nov 2026. */
export function dayText(day: CalendarDate, language: Language): string {
  const [year] = partsOf(day);
  return language === 'zh'
    ? `${year}年${withoutYear(day, language)}`
    : `${withoutYear(day, language)} ${year}`;
}

/** The same with the day of the week, for a day on which the patient comes. */
export function dayWithWeekday(day: CalendarDate, language: Language): string {
  const weekday = WEEKDAYS[language][weekdayOf(day) - 1] ?? '';
  return language === 'zh'
    ? `${dayText(day, language)}（${weekday}）`
    : `${weekday} ${dayText(day, language)}`;
}

/** The first and the last day of a window; a common year is written once. */
export function windowDays(
  first: CalendarDate,
  last: CalendarDate,
  language: Language,
): { readonly first: string; readonly last: string } {
  if (partsOf(first)[0] !== partsOf(last)[0])
    return { first: dayText(first, language), last: dayText(last, language) };
  return language === 'zh'
    ? { first: dayText(first, language), last: withoutYear(last, language) }
    : { first: withoutYear(first, language), last: dayText(last, language) };
}
