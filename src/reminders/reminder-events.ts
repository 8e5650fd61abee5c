import type { ReminderKind } from '../schedules/reminder-calendar.js';
import type { SurveillanceEventType } from '../schedules/surveillance-events.js';

export const REMINDER_EVENT_TYPES = [
  'surveillance.item.upcoming',
  'surveillance.item.due',
  'surveillance.item.overdue',
] as const satisfies readonly SurveillanceEventType[];

export const reminderEventType = (kind: ReminderKind): (typeof REMINDER_EVENT_TYPES)[number] =>
  `surveillance.item.${kind}`;

/** Several reminders of one patient in one message. */
export const DIGEST = 'surveillance.patient.digest' satisfies SurveillanceEventType;
