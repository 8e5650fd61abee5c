import type { CalendarDate } from '../guideline/calendar.js';
import {
  nextReminderAfter,
  reminderOn,
  type RemindedDates,
  type ReminderKind,
} from '../schedules/reminder-calendar.js';

/** An item whose next reminder's day has come, with the newest reminder recorded for it. */
export interface ItemToRemind extends RemindedDates {
  readonly id: string;
  readonly revision: number;
  readonly newest: { readonly id: string; readonly kind: ReminderKind; readonly due: CalendarDate } | null;
}

/** What is to be said about one item, and when to look at it again. */
export interface ReminderDecision {
  readonly itemId: string;
  readonly nextReminderOn: CalendarDate | null;
  readonly reminder:
    | {
        readonly is: 'new';
        readonly kind: ReminderKind;
        readonly due: CalendarDate;
        readonly remindOn: CalendarDate;
      }
    /** The same was the last thing said already: an item that moved away and back before anything else was said. */
    | { readonly is: 'recorded'; readonly id: string; readonly kind: ReminderKind }
    | null;
}

/** Decides about one item on `day`, the hospital's day whose reminders may leave. */
export function decideReminder(item: ItemToRemind, day: CalendarDate, leadDays: number): ReminderDecision {
  const nextReminderOn = nextReminderAfter(day, item, leadDays);
  const step = reminderOn(day, item, leadDays);
  if (!step) return { itemId: item.id, nextReminderOn, reminder: null };

  const { newest, due } = item;
  const said = newest !== null && newest.kind === step.kind && newest.due === due;
  return {
    itemId: item.id,
    nextReminderOn,
    reminder: said
      ? { is: 'recorded', id: newest.id, kind: step.kind }
      : { is: 'new', kind: step.kind, due, remindOn: step.on },
  };
}
