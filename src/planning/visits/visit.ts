import type { CalendarDate } from '../../guideline/calendar.js';
import type { Message } from '../../guideline/message.js';
import type { WorkCalendar } from '../../work-calendar/work-calendar.js';
import type { CapacityLedger } from '../capacity/capacity-ledger.js';

/** An open item that has no appointment. */
export interface PlannableItem {
  readonly id: string;
  readonly activity: string;
  readonly earliest: CalendarDate;
  readonly due: CalendarDate;
  /** The last day in time; null: it is never late. */
  readonly last: CalendarDate | null;
  /** The day to which a person deferred it; null: it is not deferred. */
  readonly notBefore: CalendarDate | null;
  /** From this day on the item is missed; null: it stays open. */
  readonly missedOn: CalendarDate | null;
}

/** An open appointment of the patient, with its items. */
export interface BookedVisit {
  readonly appointmentId: string;
  readonly date: CalendarDate;
  readonly itemIds: readonly string[];
}

export interface VisitContext {
  readonly today: CalendarDate;
  readonly calendar: Pick<WorkCalendar, 'isWorkingDay' | 'specialDay' | 'isProvisional'>;
  /** What is left. The planner takes from it what it proposes. */
  readonly capacity: CapacityLedger;
}

/** in_window: on time. late: overdue, on the next possible day. early: no day of the window is possible. */
export type Placement = 'in_window' | 'late' | 'early';

export interface PlacedItem {
  readonly item: PlannableItem;
  readonly placement: Placement;
}

/** A proposed day for some items; an appointment where the patient comes on that day anyway. */
export interface Visit {
  readonly date: CalendarDate;
  readonly appointmentId: string | null;
  readonly items: readonly PlacedItem[];
  readonly reasons: readonly Message[];
}

/** An item for which no day is possible. */
export interface UnplannedItem {
  readonly item: PlannableItem;
  readonly reason: Message;
}

export interface VisitPlan {
  /** The earliest first. */
  readonly visits: readonly Visit[];
  readonly unplanned: readonly UnplannedItem[];
}
