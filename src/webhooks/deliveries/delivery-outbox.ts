import { v7 as uuid } from 'uuid';
import { DIGEST, reminderEventType } from '../../reminders/reminder-events.js';
import type { ReminderKind } from '../../schedules/reminder-calendar.js';
import type { SurveillanceEventType } from '../../schedules/surveillance-events.js';
import type { HospitalTransaction } from '../../tenancy/hospital-scope.js';
import { isSubscribed } from '../messages/event-types.js';

/** The columns of an endpoint that decide which deliveries it gets. */
export interface Subscriber {
  readonly id: string;
  readonly eventTypes: readonly string[];
}

/**
 * The subject of a delivery: a reminder, in its state when the message leaves, or an event, in its state when it
 * happened.
 */
export interface DeliverySubject {
  readonly type: SurveillanceEventType;
  /** The id of the reminder or of the event. */
  readonly id: string;
  readonly isReminder: boolean;
  /** The event that announces the reminder together with others, to endpoints that subscribe to digests. */
  readonly digest: string | null;
}

/** A reminder as the subject of deliveries. */
export const subjectOf = ({
  id,
  kind,
  digest,
}: {
  readonly id: string;
  readonly kind: ReminderKind;
  readonly digest: string | null;
}): DeliverySubject => ({ id, type: reminderEventType(kind), isReminder: true, digest });

/**
 * Locks the hospital's set of endpoints and returns the live ones. `shared`: no endpoint is added until the transaction
 * ends. `exclusive`: to add an endpoint; no reminder is recorded and no delivery relayed until the transaction ends.
 */
export async function lockSubscribers(
  { db, hospital }: HospitalTransaction,
  mode: 'shared' | 'exclusive',
): Promise<Subscriber[]> {
  await db.query(`SELECT FROM hospital WHERE id = $1 FOR ${mode === 'shared' ? 'SHARE' : 'NO KEY UPDATE'}`, [
    hospital.id,
  ]);
  return db.query<Subscriber[]>(
    'SELECT id, event_types AS "eventTypes" FROM webhook_endpoint WHERE hospital_id = $1 AND deleted_at IS NULL ORDER BY id',
    [hospital.id],
  );
}

interface NewDelivery {
  readonly id: string;
  readonly endpointId: string;
  readonly subject: DeliverySubject;
}

/**
 * Makes one delivery of each subject, in this order, to each endpoint that subscribes to its type and does not get it
 * in a digest. An existing delivery stays unchanged, except that a cancelled delivery of a reminder opens again: a
 * reminder is announced again only after the reason for the cancellation has ended. Returns the number of deliveries
 * made or opened.
 */
export async function addDeliveries(
  tx: HospitalTransaction,
  subscribers: readonly Subscriber[],
  subjects: readonly DeliverySubject[],
): Promise<number> {
  const rows = subjects.flatMap((subject) =>
    subscribers
      .filter(
        ({ eventTypes }) =>
          isSubscribed(eventTypes, subject.type) &&
          (subject.digest === null || !isSubscribed(eventTypes, DIGEST)),
      )
      .map((endpoint): NewDelivery => ({ id: uuid(), endpointId: endpoint.id, subject })),
  );
  const ofReminders = rows.filter(({ subject }) => subject.isReminder);
  const ofEvents = rows.filter(({ subject }) => !subject.isReminder);
  return (
    // The body of a delivery that opens again is rewritten, because more than the due date may have changed.
    (await insert(
      tx,
      'reminder_id',
      ofReminders,
      `ON CONFLICT ON CONSTRAINT delivery_once DO UPDATE
         SET state = 'pending', next_attempt_at = program_now(), cancelled_reason = NULL, body = NULL,
             earlier_attempts = delivery.attempts
         WHERE delivery.state = 'cancelled'`,
    )) + (await insert(tx, 'event_id', ofEvents, 'ON CONFLICT ON CONSTRAINT delivery_event_once DO NOTHING'))
  );
}

async function insert(
  tx: HospitalTransaction,
  column: 'reminder_id' | 'event_id',
  rows: readonly NewDelivery[],
  onConflict: string,
): Promise<number> {
  if (rows.length === 0) return 0;
  const written = await tx.db.query<unknown[]>(
    `INSERT INTO delivery (hospital_id, id, endpoint_id, ${column}, event_type, next_attempt_at, created_at)
     SELECT $1, new.*, now, now FROM unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::text[]) AS new, (SELECT program_now() AS now) AS clock
     ${onConflict} RETURNING id`,
    [
      tx.hospital.id,
      rows.map(({ id }) => id),
      rows.map(({ endpointId }) => endpointId),
      rows.map(({ subject }) => subject.id),
      rows.map(({ subject }) => subject.type),
    ],
  );
  return written.length;
}

/** SQL: the ids of all deliveries about the patient `$2` of the hospital `$1`, in any state. */
export const DELIVERIES_ABOUT = `
  SELECT d.id FROM surveillance_item i
    JOIN reminder r ON r.hospital_id = i.hospital_id AND r.item_id = i.id
    JOIN webhook_endpoint e ON e.hospital_id = i.hospital_id
    JOIN delivery d ON d.hospital_id = e.hospital_id AND d.endpoint_id = e.id AND d.reminder_id = r.id
   WHERE i.hospital_id = $1 AND i.patient_id = $2
   UNION ALL
  SELECT d.id FROM surveillance_event v
    JOIN webhook_endpoint e ON e.hospital_id = v.hospital_id
    JOIN delivery d ON d.hospital_id = e.hospital_id AND d.endpoint_id = e.id AND d.event_id = v.id
   WHERE v.hospital_id = $1 AND v.patient_id = $2`;
