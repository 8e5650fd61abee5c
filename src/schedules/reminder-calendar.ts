import { addDays, type CalendarDate } from '../guideline/calendar.js';

export const REMINDER_KINDS = ['upcoming', 'due', 'overdue'] as const;
export type ReminderKind = (typeof REMINDER_KINDS)[number];

/** The dates of an open item that decide what is said about it, and when. */
export interface RemindedDates {
  readonly due: CalendarDate;
  readonly overdue: CalendarDate;
  readonly missedOn: CalendarDate | null;
}

interface Step {
  readonly kind: ReminderKind;
  readonly on: CalendarDate;
}

/** Upcoming `leadDays` before the due date, due on it, overdue on the first late day; nothing once it is missed. */
function steps({ due, overdue, missedOn }: RemindedDates, leadDays: number): Step[] {
  const all: Step[] = [
    { kind: 'upcoming', on: addDays(due, -leadDays) },
    { kind: 'due', on: due },
    { kind: 'overdue', on: overdue },
  ];
  return all.filter(({ on }) => missedOn === null || on < missedOn);
}

/**
 * The one reminder that an open item calls for on `day`: the latest whose day has come.
 * What an outage or a late entry passed over is not sent after the event.
 */
export function reminderOn(day: CalendarDate, item: RemindedDates, leadDays: number): Step | undefined {
  if (item.missedOn !== null && day >= item.missedOn) return undefined;
  return steps(item, leadDays).findLast(({ on }) => on <= day);
}

/** The day of the first reminder after `day`, or null. */
export function nextReminderAfter(
  day: CalendarDate,
  item: RemindedDates,
  leadDays: number,
): CalendarDate | null {
  return steps(item, leadDays).find(({ on }) => on > day)?.on ?? null;
}

/** The day from which a new or moved item wants a reminder: the one it calls for today already, else the next. */
export function firstReminderOn(
  today: CalendarDate,
  item: RemindedDates,
  leadDays: number,
): CalendarDate | null {
  return reminderOn(today, item, leadDays)?.on ?? nextReminderAfter(today, item, leadDays);
}
