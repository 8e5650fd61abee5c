import { rulesFor, type ReminderPolicy } from '../tenancy/policy/reminder-policy.js';
import type { CalendarDate } from '../guideline/calendar.js';
import {
  nextReminderAfter,
  reminderOn,
  type EscalatedTo,
  type RemindedDates,
  type ReminderKind,
} from '../schedules/reminder-calendar.js';

/** An item whose next reminder is due, with the newest reminder recorded for it. */
export interface ItemToRemind extends RemindedDates {
  readonly id: string;
  readonly patientId: string;
  readonly activity: string;
  readonly revision: number;
  /** The hospital's day since which the item has been unchanged. */
  readonly changedOn: CalendarDate;
  readonly newest: {
    readonly id: string;
    readonly kind: ReminderKind;
    readonly due: CalendarDate;
    readonly remindOn: CalendarDate;
  } | null;
}

export interface NewReminder {
  readonly kind: ReminderKind;
  readonly due: CalendarDate;
  readonly remindOn: CalendarDate;
  readonly escalatedTo: EscalatedTo | null;
  /** Whether the program did not run on the earlier day on which the reminder was due. */
  readonly late: boolean;
}

/** The due reminder of one item, and the day of the next one. */
export interface ReminderDecision {
  readonly nextReminderOn: CalendarDate | null;
  readonly reminder:
    | ({ readonly is: 'new' } & NewReminder)
    /** The newest reminder is the same: the item moved and moved back before another reminder was recorded. */
    | { readonly is: 'recorded'; readonly id: string; readonly kind: ReminderKind }
    | null;
}

/** Decides about one item on `day`, the hospital's day whose reminders may leave. */
export function decideReminder(
  item: ItemToRemind,
  day: CalendarDate,
  policy: ReminderPolicy,
): ReminderDecision {
  const rules = rulesFor(policy, item.activity);
  const nextReminderOn = nextReminderAfter(day, item, rules);
  const step = reminderOn(day, item, rules);
  if (!step) return { nextReminderOn, reminder: null };

  const { newest, due } = item;
  const { kind, on: remindOn, escalatedTo } = step;
  const isRecorded = newest?.kind === kind && newest.due === due && newest.remindOn === remindOn;
  return {
    nextReminderOn,
    reminder: isRecorded
      ? { is: 'recorded', id: newest.id, kind }
      : { is: 'new', kind, due, remindOn, escalatedTo, late: remindOn < day && item.changedOn <= remindOn },
  };
}
