import { DateTime } from 'luxon';
import { type CalendarDate, isCalendarDate } from '../../../../guideline/calendar.js';

/**
 * The calendar day of a FHIR date, dateTime or instant in the hospital's time zone; undefined: it is less precise than a
 * day, and a missing month or day is never guessed.
 */
export function dayOf(time: string | undefined, timeZone: string): CalendarDate | undefined {
  if (time === undefined || time.length < 10) return undefined;
  const day = time.length === 10 ? time : DateTime.fromISO(secondsIn(time), { zone: timeZone }).toISODate();
  return day !== null && isCalendarDate(day) ? day : undefined;
}

/** Day and time of day (`HH:MM`) of an instant in the hospital's time zone. */
export function dayAndTime(
  instant: string,
  timeZone: string,
): { readonly date: CalendarDate; readonly time: string } | undefined {
  const date = dayOf(instant, timeZone);
  if (date === undefined || instant.length === 10) return undefined;
  return { date, time: DateTime.fromISO(secondsIn(instant), { zone: timeZone }).toFormat('HH:mm') };
}

/** An instant as UTC text of one length, so that texts compare as the instants do; a day alone is its beginning. */
export function instantText(time: string | undefined): string {
  if (time === undefined) return '';
  return DateTime.fromISO(secondsIn(time), { zone: 'utc' }).toISO() ?? '';
}

/** ISO 8601 has leap seconds, luxon does not. */
const secondsIn = (time: string): string => time.replace(/:60(\.\d+)?(?=Z|[+-])/, ':59');
