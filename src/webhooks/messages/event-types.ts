import { SURVEILLANCE_EVENT_TYPES } from '../../schedules/surveillance-events.js';

/** All types of messages to endpoints. */
export const EVENT_TYPES = [
  ...SURVEILLANCE_EVENT_TYPES,
  'endpoint.test',
  'endpoint.heartbeat',
  'endpoint.backlog',
  'endpoint.verification',
] as const;
export type EventType = (typeof EVENT_TYPES)[number];

/** The number of items that were open at registration; sent instead of one reminder for each. */
export const BACKLOG = 'endpoint.backlog' satisfies EventType;

/** Whether a message is given up after its last attempt: it is about the endpoint alone. */
export const isGivenUp = (type: EventType): boolean => type.startsWith('endpoint.') && type !== BACKLOG;

/** Whether an endpoint subscribes to events of this type; `*` subscribes to all. */
export const isSubscribed = (eventTypes: readonly string[], type: EventType): boolean =>
  eventTypes.includes(type) || eventTypes.includes('*');
