import {
  MOVED_AT_MOST_DAYS,
  type ReminderRules,
  type WorkingDays,
} from '../tenancy/policy/reminder-policy.js';
import { addDays, toDayNumber, type CalendarDate } from '../guideline/calendar.js';
import { NEVER } from '../guideline/planned-item.js';

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

interface Step {
  readonly kind: ReminderKind;
  readonly on: CalendarDate;
  readonly escalatedTo: EscalatedTo | null;
}

/**
 * Upcoming so many days before the due date, due on it, overdue on the first late day and again as the rules say;
 * nothing once it is missed. All steps up to the first after `day`, in their order, each on a working day.
 */
function steps(day: CalendarDate, item: RemindedDates, rules: ReminderRules): Step[] {
  const { due, overdue, missedOn } = item;
  const reminded = (kind: ReminderKind, on: CalendarDate, escalatedTo: EscalatedTo | null = null): Step => {
    const moved = rules.workingDays ? workingDay(rules.workingDays, on, kind === 'upcoming' ? -1 : 1) : on;
    // Better on a day of rest than never.
    return { kind, escalatedTo, on: missedOn !== null && moved >= missedOn ? on : moved };
  };
  const all = [
    ...rules.leadDays.toSorted((a, b) => b - a).map((lead) => reminded('upcoming', addDays(due, -lead))),
    reminded('due', due),
    ...(overdue === NEVER ? [] : lateDays(toDayNumber(day) - toDayNumber(overdue), rules)).map((late) =>
      reminded('overdue', addDays(overdue, late), escalatedTo(late, rules)),
    ),
  ];
  return all.filter(({ on }) => missedOn === null || on < missedOn);
}

/** The days with a reminder, counted from the first late one: all until `late`, and the relevant ones after it. */
function lateDays(late: number, { overdueEveryDays, escalation }: ReminderRules): number[] {
  const ever = [
    0,
    ...(escalation ? [escalation.responsibleNurseAfterDays, escalation.headNurseAfterDays] : []),
  ];
  if (overdueEveryDays !== null)
    for (
      let next = overdueEveryDays;
      next <= late + overdueEveryDays + MOVED_AT_MOST_DAYS;
      next += overdueEveryDays
    )
      ever.push(next);
  return [...new Set(ever)].sort((a, b) => a - b);
}

/** The role that must act `late` days after the first late day; null: only those who always have to. */
export function escalatedTo(late: number, { escalation }: ReminderRules): EscalatedTo | null {
  if (!escalation || late < escalation.responsibleNurseAfterDays) return null;
  return late < escalation.headNurseAfterDays ? 'responsible_nurse' : 'head_nurse';
}

/** 1 is Monday, 7 Sunday; 1970-01-01 was a Thursday. */
const weekdayOf = (date: CalendarDate): number => ((((toDayNumber(date) + 3) % 7) + 7) % 7) + 1;

/** `day` if it is a working day, else the next one in that direction. */
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
 * The one reminder that an open item calls for on `day`: the latest whose day has come.
 * What an outage or a late entry passed over is not sent after the event.
 */
export function reminderOn(day: CalendarDate, item: RemindedDates, rules: ReminderRules): Step | undefined {
  if (item.missedOn !== null && day >= item.missedOn) return undefined;
  return steps(day, item, rules).findLast(({ on }) => on <= day);
}

/** The day of the first reminder after `day`, or null. */
export function nextReminderAfter(
  day: CalendarDate,
  item: RemindedDates,
  rules: ReminderRules,
): CalendarDate | null {
  return steps(day, item, rules).find(({ on }) => on > day)?.on ?? null;
}

/** The day from which a new or moved item wants a reminder: the one it calls for today already, else the next. */
export function firstReminderOn(
  today: CalendarDate,
  item: RemindedDates,
  rules: ReminderRules,
): CalendarDate | null {
  return reminderOn(today, item, rules)?.on ?? nextReminderAfter(today, item, rules);
}

/**
 * The same for an item whose dates stay while the rules change: what the old rules have called for, and the new ones call
 * for too, is not said again.
 */
export function reminderOnUnderNewRules(
  today: CalendarDate,
  item: RemindedDates,
  rules: ReminderRules,
  before: { readonly rules: ReminderRules; readonly nextReminderOn: CalendarDate | null },
): CalendarDate | null {
  const pending = before.nextReminderOn !== null && before.nextReminderOn <= today;
  const was = pending ? undefined : reminderOn(today, item, before.rules);
  const now = reminderOn(today, item, rules);
  return was && was.kind === now?.kind && was.escalatedTo === now.escalatedTo
    ? nextReminderAfter(today, item, rules)
    : firstReminderOn(today, item, rules);
}
