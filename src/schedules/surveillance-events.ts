import { v7 as uuid } from 'uuid';
import type { HospitalTransaction } from '../tenancy/hospital-scope.js';
import { longestLead, type ReminderPolicy } from '../tenancy/policy/reminder-policy.js';
import { addDays, type CalendarDate } from '../guideline/calendar.js';
import { sameWindow } from '../guideline/comparison.js';
import { statusOn } from '../guideline/planned-item.js';
import type { PlanDiff } from './reconcile.js';
import type { EscalatedTo } from './reminder-calendar.js';
import type { SurveillanceItem } from './surveillance-item.entity.js';

/** The types of entries of the outbox about plans and items. */
export const SURVEILLANCE_EVENT_TYPES = [
  'surveillance.item.upcoming',
  'surveillance.item.due',
  'surveillance.item.overdue',
  'surveillance.item.completed',
  'surveillance.item.rescheduled',
  'surveillance.item.cancelled',
  'surveillance.plan.changed',
  'surveillance.patient.digest',
  'surveillance.patient.message',
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
  /** Of `rescheduled`: the previous due date. */
  readonly previousDue?: CalendarDate;
  /** Of a reminder after the escalation period: the role that must act now. */
  readonly escalatedTo?: EscalatedTo;
  /** Of a reminder that should have been sent on an earlier day. */
  readonly late?: true;
  /** Of `completed`: the day of the examination. */
  readonly completedOn?: CalendarDate;
}

/** Several reminders of one patient in one message. */
export interface DigestData {
  readonly items: readonly ItemEventData[];
}

/** A message to a patient that another system of the hospital sends. It names no person: the receiver knows the patient's number. */
export interface PatientMessageData {
  readonly messageId: string;
  readonly occasion: string;
  /** The channel to which the patient consented. */
  readonly channel: string;
  readonly language: 'zh' | 'en';
  /** The day of the appointment, of the reminder, of the examination, or of the announcement. */
  readonly on: CalendarDate;
  readonly appointmentId: string | null;
  /** The result that it reports. */
  readonly resultId: string | null;
  /** The relative to whom it goes; null: to the patient. */
  readonly relativeId: string | null;
  readonly examinations: readonly Pick<ItemEventData, 'itemId' | 'activity' | 'due'>[];
}

export type SurveillanceEventData = ItemEventData | PlanDiff | DigestData | PatientMessageData;

/** A surveillance event that is not stored yet. */
export interface NewSurveillanceEvent {
  readonly type: SurveillanceEventType;
  readonly patientId: string;
  readonly data: SurveillanceEventData;
  /** Given if another row already refers to it. */
  readonly id?: string;
  /** The reminder, if the event is one. */
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
 * The event for the change of an item from `before` to `after`; null if it needs none. An item that is open again
 * after it was completed or cancelled is `rescheduled`. An item that stays before the enrolment needs no event.
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
 * Whether a reminder of the item may have been sent by `today`, so that subscribers may know the item. A policy
 * rollout records changes of these items only. For the other items, the patient's `surveillance.plan.changed` is
 * enough.
 */
export const mayBeKnown = (
  { due }: Pick<Item, 'due'>,
  today: CalendarDate,
  reminders: ReminderPolicy,
): boolean => addDays(due, -longestLead(reminders)) <= today;

/**
 * Records events in this order. The relay creates their deliveries after the commit. The event of a reminder has a
 * mark of its own (`awaiting_relay_since`), because the previous version of the program assigns positions without
 * deliveries.
 */
export async function recordEvents(
  tx: HospitalTransaction,
  events: readonly NewSurveillanceEvent[],
): Promise<void> {
  if (events.length === 0) return;
  await tx.db.query(
    // Both columns have the same instant: the relay recognizes by it a reminder that it has not processed yet.
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
