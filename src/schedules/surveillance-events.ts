import { v7 as uuid } from 'uuid';
import type { HospitalTransaction } from '../tenancy/hospital-scope.js';
import { longestLead, type ReminderPolicy } from '../tenancy/policy/reminder-policy.js';
import { addDays, type CalendarDate } from '../guideline/calendar.js';
import { sameWindow } from '../guideline/comparison.js';
import { statusOn } from '../guideline/planned-item.js';
import type { PlanDiff } from './reconcile.js';
import type { EscalatedTo } from './reminder-calendar.js';
import type { SurveillanceItem } from './surveillance-item.entity.js';

/** What can happen to a plan and to its items. */
export const SURVEILLANCE_EVENT_TYPES = [
  'surveillance.item.upcoming',
  'surveillance.item.due',
  'surveillance.item.overdue',
  'surveillance.item.completed',
  'surveillance.item.rescheduled',
  'surveillance.item.cancelled',
  'surveillance.plan.changed',
  'surveillance.patient.digest',
] as const;
export type SurveillanceEventType = (typeof SURVEILLANCE_EVENT_TYPES)[number];

/** An item as it was when the event happened. */
export interface ItemEventData {
  readonly itemId: string;
  readonly activity: string;
  readonly due: CalendarDate;
  /** The first late day. */
  readonly overdue: CalendarDate;
  readonly status: string;
  /** Of `rescheduled`: the due date before. */
  readonly previousDue?: CalendarDate;
  /** For a reminder without action: the role that must act now. */
  readonly escalatedTo?: EscalatedTo;
  /** Of a reminder that should have left on an earlier day. */
  readonly late?: true;
  /** Of `completed`: the day of the examination. */
  readonly completedOn?: CalendarDate;
}

/** Several reminders of one patient that left together. */
export interface DigestData {
  readonly items: readonly ItemEventData[];
}

export type SurveillanceEventData = ItemEventData | PlanDiff | DigestData;

/** An event before it is written. */
export interface NewSurveillanceEvent {
  readonly type: SurveillanceEventType;
  readonly patientId: string;
  readonly data: SurveillanceEventData;
  /** Where something refers to it already. */
  readonly id?: string;
  /** The reminder that it is. */
  readonly reminderId?: string;
}

type Item = Pick<
  SurveillanceItem,
  | 'id'
  | 'patientId'
  | 'activity'
  | 'earliest'
  | 'due'
  | 'overdue'
  | 'missedOn'
  | 'state'
  | 'completedOn'
  | 'beforeEnrolment'
>;

/**
 * What `after` tells about an item that was `before`, or null. One that is open again, after it was done or cancelled,
 * is `rescheduled`; what was before enrolment and stays there tells nothing.
 */
export function itemEvent(before: Item, after: Item, today: CalendarDate): NewSurveillanceEvent | null {
  if (before.beforeEnrolment && after.beforeEnrolment) return null;
  const { id: itemId, patientId, activity, due, overdue, completedOn } = after;
  const data = { itemId, activity, due, overdue };
  if (after.state === 'cancelled')
    return before.state === 'cancelled'
      ? null
      : { type: 'surveillance.item.cancelled', patientId, data: { ...data, status: 'cancelled' } };
  if (completedOn !== null)
    return before.completedOn === completedOn
      ? null
      : {
          type: 'surveillance.item.completed',
          patientId,
          data: { ...data, status: 'completed', completedOn },
        };
  if (before.state === 'active' && sameWindow(before, after)) return null;
  const status = statusOn(today, after);
  return {
    type: 'surveillance.item.rescheduled',
    patientId,
    data: { ...data, status, previousDue: before.due },
  };
}

/**
 * Whether a reminder of the item can have left by `today`. When a whole hospital's plans change, only of these is said
 * that they moved or ended: nobody has been told of the others, and each patient's plan.changed says that there are some.
 */
export const mayBeKnown = (
  { due }: Pick<Item, 'due'>,
  today: CalendarDate,
  reminders: ReminderPolicy,
): boolean => addDays(due, -longestLead(reminders)) <= today;

/**
 * Records events in this order. The relay makes their deliveries after the commit. A reminder's event waits under a mark of
 * its own: the previous version of the program gives it a position and makes no delivery.
 */
export async function recordEvents(
  tx: HospitalTransaction,
  events: readonly NewSurveillanceEvent[],
): Promise<void> {
  if (events.length === 0) return;
  await tx.db.query(
    // One instant for both columns, by which the relay recognizes a reminder that waits for the first time.
    `WITH clock AS MATERIALIZED (SELECT program_now() AS now)
     INSERT INTO surveillance_event (hospital_id, id, type, patient_id, item_id, reminder_id, data, occurred_at, awaiting_relay_since)
     SELECT $1, new.*, now, CASE WHEN new.reminder_id IS NOT NULL THEN now END
       FROM unnest($2::uuid[], $3::text[], $4::uuid[], $5::uuid[], $6::uuid[], $7::jsonb[])
              AS new (id, type, patient_id, item_id, reminder_id, data), clock`,
    [
      tx.hospital.id,
      events.map(({ id }) => id ?? uuid()),
      events.map(({ type }) => type),
      events.map(({ patientId }) => patientId),
      events.map(({ data }) => ('itemId' in data ? data.itemId : null)),
      events.map(({ reminderId }) => reminderId ?? null),
      events.map(({ data }) => JSON.stringify(data)),
    ],
  );
}
