import { addDays, calendarDate } from '../guideline/calendar.js';
import type { FieldFault } from '../platform/domain-error.js';
import { type MessageKey, msg } from '../platform/messages/dictionary.js';
import type { Message } from '../guideline/message.js';
import type { YearFile } from './calendar-schemas.js';
import { USUAL_WEEKDAYS, weekdayOf } from './work-calendar.js';

/** What is wrong with the days of a file whose form is right. */
export function faultsOfYear({ year, days }: YearFile): FieldFault[] {
  const ofYear = days.filter(({ date }) => date.startsWith(`${year}-`));
  if (ofYear.length === 0)
    return [fault('/days', 'calendar-year-empty', msg('calendar-year-empty', { year }))];
  if (!ofYear.some(({ isOffDay }) => isOffDay))
    return [
      fault('/days', 'calendar-year-without-holidays', msg('calendar-year-without-holidays', { year })),
    ];
  const first = calendarDate(`${year - 1}-12-01`);
  const last = addDays(calendarDate(`${year}-12-31`), 0);
  const seen = new Set<string>();
  return days.flatMap(({ date, isOffDay }, index) => {
    const at = (code: MessageKey, message: Message): FieldFault[] => [
      fault(`/days/${index}/date`, code, message),
    ];
    if (date < first || date > last)
      return at('calendar-day-of-other-year', msg('calendar-day-of-other-year', { date, year }));
    if (seen.has(date)) return at('calendar-day-twice', msg('calendar-day-twice', { date }));
    seen.add(date);
    return !isOffDay && USUAL_WEEKDAYS.includes(weekdayOf(date))
      ? at('calendar-makeup-on-weekday', msg('calendar-makeup-on-weekday', { date }))
      : [];
  });
}

const fault = (pointer: string, code: MessageKey, message: Message): FieldFault => ({
  pointer,
  code,
  message,
});
