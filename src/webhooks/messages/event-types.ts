import { SURVEILLANCE_EVENT_TYPES } from '../../schedules/surveillance-events.js';

/** Everything a hospital's system can be told. */
export const EVENT_TYPES = [
  ...SURVEILLANCE_EVENT_TYPES,
  'endpoint.test',
  'endpoint.heartbeat',
  'endpoint.backlog',
  'endpoint.verification',
] as const;
export type EventType = (typeof EVENT_TYPES)[number];

/** How much was open when the endpoint was registered; sent in place of a reminder for each. */
export const BACKLOG = 'endpoint.backlog' satisfies EventType;

/** What is given up after its last attempt, because it is about the endpoint alone; what is open is never given up. */
export const isGivenUp = (type: EventType): boolean => type.startsWith('endpoint.') && type !== BACKLOG;

/** Whether an endpoint asked for events of this type; `*` asks for all. */
export const isSubscribed = (eventTypes: readonly string[], type: EventType): boolean =>
  eventTypes.includes(type) || eventTypes.includes('*');
