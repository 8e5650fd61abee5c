import type { CalendarDate } from '../guideline/calendar.js';

/** Why a reminder must not be sent any more. */
export type Outdated = 'completed' | 'cancelled' | 'before-enrolment' | 'moved' | 'missed' | 'superseded';

/** The data that decide whether a reminder is still valid: the reminder, and the current state of its item. */
export interface AnnouncedItem {
  readonly state: 'active' | 'completed' | 'cancelled';
  readonly beforeEnrolment: boolean;
  readonly missedOn: CalendarDate | null;
  readonly due: CalendarDate;
  /** The due date that the reminder announces. */
  readonly announcedDue: CalendarDate;
  /** Whether the same kind of reminder was recorded again for the item later. */
  readonly announcedAnew: boolean;
}

/** Why the reminder is outdated on `today`; null: it is valid and may be sent. */
export function outdated(item: AnnouncedItem, today: CalendarDate): Outdated | null {
  if (item.state !== 'active') return item.state;
  if (item.beforeEnrolment) return 'before-enrolment';
  if (item.due !== item.announcedDue) return 'moved';
  if (item.missedOn !== null && today >= item.missedOn) return 'missed';
  return item.announcedAnew ? 'superseded' : null;
}
