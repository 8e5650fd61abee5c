import {
  MOVED_AT_MOST_DAYS,
  type ReminderRules,
  type WorkingDays,
} from '../tenancy/policy/reminder-policy.js';
import { addDays, toDayNumber, type CalendarDate } from '../guideline/calendar.js';
import { NEVER } from '../guideline/planned-item.js';
import { weekdayOf } from '../work-calendar/work-calendar.js';

export const REMINDER_KINDS = ['upcoming', 'due', 'overdue'] as const;
export type ReminderKind = (typeof REMINDER_KINDS)[number];

/** The role that must act after the escalation period. */
export const ESCALATED_TO = ['responsible_nurse', 'head_nurse'] as const;
export type EscalatedTo = (typeof ESCALATED_TO)[number];

/** The dates of an open item that determine its reminders. */
export interface RemindedDates {
  readonly due: CalendarDate;
  readonly overdue: CalendarDate;
  readonly missedOn: CalendarDate | null;
}

/** A reminder of one item in its calendar. */
interface CalendarReminder {
  readonly kind: ReminderKind;
  readonly on: CalendarDate;
  readonly escalatedTo: EscalatedTo | null;
}

/**
 * The reminders of an item up to the first one after `day`, in order: `upcoming` some days before the due date, `due`
 * on it, and `overdue` on the first late day and repeatedly after it. None once the item is missed. Each is on a
 * working day.
 */
function calendar(day: CalendarDate, item: RemindedDates, rules: ReminderRules): CalendarReminder[] {
  const { due, overdue, missedOn } = item;
  const reminder = (
    kind: ReminderKind,
    on: CalendarDate,
    escalatedTo: EscalatedTo | null = null,
  ): CalendarReminder => {
    const moved = rules.workingDays ? workingDay(rules.workingDays, on, kind === 'upcoming' ? -1 : 1) : on;
    // If the item is missed before the next working day, the reminder is sent on the day itself.
    return { kind, escalatedTo, on: missedOn !== null && moved >= missedOn ? on : moved };
  };
  const all = [
    ...rules.leadDays.toSorted((a, b) => b - a).map((lead) => reminder('upcoming', addDays(due, -lead))),
    reminder('due', due),
    ...(overdue === NEVER ? [] : lateDays(toDayNumber(day) - toDayNumber(overdue), rules)).map((late) =>
      reminder('overdue', addDays(overdue, late), escalatedTo(late, rules)),
    ),
  ];
  return all.filter(({ on }) => missedOn === null || on < missedOn);
}

/** The late days with a reminder, counted from 0, the first late day: all up to `late`, and at least the next one. */
function lateDays(late: number, { overdueEveryDays, escalation }: ReminderRules): number[] {
  const days = [
    0,
    ...(escalation ? [escalation.responsibleNurseAfterDays, escalation.headNurseAfterDays] : []),
  ];
  if (overdueEveryDays !== null)
    for (
      let next = overdueEveryDays;
      next <= late + overdueEveryDays + MOVED_AT_MOST_DAYS;
      next += overdueEveryDays
    )
      days.push(next);
  return [...new Set(days)].sort((a, b) => a - b);
}

/** The role that must act `late` days after the first late day; null before the first escalation. */
export function escalatedTo(late: number, { escalation }: ReminderRules): EscalatedTo | null {
  if (!escalation || late < escalation.responsibleNurseAfterDays) return null;
  return late < escalation.headNurseAfterDays ? 'responsible_nurse' : 'head_nurse';
}

/** `day` if it is a working day, otherwise the nearest working day in that direction. */
function workingDay(week: WorkingDays, day: CalendarDate, direction: 1 | -1): CalendarDate {
  const works = (date: CalendarDate): boolean =>
    week.extra.includes(date) || (week.weekdays.includes(weekdayOf(date)) && !week.holidays.includes(date));
  for (let moved = 0; moved <= MOVED_AT_MOST_DAYS; moved++) {
    const date = addDays(day, moved * direction);
    if (works(date)) return date;
  }
  return day;
}

/**
 * The reminder of an open item on `day`: the latest one whose day has come. Earlier ones that an outage or a late
 * entry skipped are not sent afterwards.
 */
export function reminderOn(
  day: CalendarDate,
  item: RemindedDates,
  rules: ReminderRules,
): CalendarReminder | undefined {
  if (item.missedOn !== null && day >= item.missedOn) return undefined;
  return calendar(day, item, rules).findLast(({ on }) => on <= day);
}

/** The day of the next reminder after `day`; null if there is none. */
export function nextReminderAfter(
  day: CalendarDate,
  item: RemindedDates,
  rules: ReminderRules,
): CalendarDate | null {
  return calendar(day, item, rules).find(({ on }) => on > day)?.on ?? null;
}

/** The day of the first reminder of a new or moved item: the one that is due already, otherwise the next one. */
export function firstReminderOn(
  today: CalendarDate,
  item: RemindedDates,
  rules: ReminderRules,
): CalendarDate | null {
  return reminderOn(today, item, rules)?.on ?? nextReminderAfter(today, item, rules);
}

/**
 * The day of the first reminder of an item whose dates stay while the rules change. A reminder that was sent by the
 * old rules is not sent again by the new ones.
 */
export function reminderOnUnderNewRules(
  today: CalendarDate,
  item: RemindedDates,
  rules: ReminderRules,
  before: { readonly rules: ReminderRules; readonly nextReminderOn: CalendarDate | null },
): CalendarDate | null {
  const pending = before.nextReminderOn !== null && before.nextReminderOn <= today;
  const sent = pending ? undefined : reminderOn(today, item, before.rules);
  const current = reminderOn(today, item, rules);
  return sent && sent.kind === current?.kind && sent.escalatedTo === current.escalatedTo
    ? nextReminderAfter(today, item, rules)
    : firstReminderOn(today, item, rules);
}
