import type { ReminderKind } from '../schedules/reminder-calendar.js';
import { SURVEILLANCE_EVENT_TYPES } from '../schedules/surveillance-events.js';

/** Everything a hospital's system can be told. */
export const EVENT_TYPES = [
  ...SURVEILLANCE_EVENT_TYPES,
  'endpoint.test',
  'endpoint.heartbeat',
  'endpoint.verification',
] as const;
export type EventType = (typeof EVENT_TYPES)[number];

/** What is about the endpoint itself: it is given up after its last attempt, and sent whatever the endpoint asked for. */
export const isAboutEndpoint = (type: EventType): boolean => type.startsWith('endpoint.');

export const REMINDER_EVENT_TYPES = [
  'surveillance.item.upcoming',
  'surveillance.item.due',
  'surveillance.item.overdue',
] as const satisfies readonly EventType[];

export const reminderEventType = (kind: ReminderKind): (typeof REMINDER_EVENT_TYPES)[number] =>
  `surveillance.item.${kind}`;

/** Several reminders of one patient, told together. */
export const DIGEST = 'surveillance.patient.digest' satisfies EventType;

/** Whether an endpoint asked for events of this type; `*` asks for all. */
export const isSubscribed = (eventTypes: readonly string[], type: EventType): boolean =>
  eventTypes.includes(type) || eventTypes.includes('*');
