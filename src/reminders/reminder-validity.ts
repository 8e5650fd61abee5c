import type { CalendarDate } from '../guideline/calendar.js';

/** Why a reminder must not be sent any more. */
export type Outdated = 'completed' | 'cancelled' | 'before-enrolment' | 'moved' | 'missed' | 'superseded';

/** What of a reminder and of its item, as it is now, decides whether the reminder still stands. */
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

/** Why the reminder no longer stands on `today`, or null: then it may be sent. */
export function outdated(item: AnnouncedItem, today: CalendarDate): Outdated | null {
  if (item.state !== 'active') return item.state;
  if (item.beforeEnrolment) return 'before-enrolment';
  if (item.due !== item.announcedDue) return 'moved';
  if (item.missedOn !== null && today >= item.missedOn) return 'missed';
  return item.announcedAnew ? 'superseded' : null;
}
