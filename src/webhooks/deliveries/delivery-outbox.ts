import { v7 as uuid } from 'uuid';
import type { HospitalTransaction } from '../../tenancy/hospital-scope.js';
import type { ReminderKind } from '../../schedules/reminder-calendar.js';
import type { SurveillanceEventType } from '../../schedules/surveillance-events.js';
import { DIGEST, isSubscribed, reminderEventType } from '../messages/event-types.js';

/** An endpoint as far as it decides what it is told. */
export interface Subscriber {
  readonly id: string;
  readonly eventTypes: readonly string[];
}

/** A reminder as far as it decides who is told. */
export interface AnnouncedReminder {
  readonly id: string;
  readonly kind: ReminderKind;
  /** The event that tells it together with others, to endpoints that asked for such. */
  readonly digest: string | null;
}

/**
 * The hospital's live endpoints, and no new one until the transaction ends: a reminder and an endpoint that
 * appear at the same moment would otherwise not see each other (see `admitEndpoint`).
 */
export async function holdEndpoints(tx: HospitalTransaction): Promise<Subscriber[]> {
  await tx.db.query('SELECT FROM hospital WHERE id = $1 FOR SHARE', [tx.hospital.id]);
  return tx.db.query<Subscriber[]>(
    'SELECT id, event_types AS "eventTypes" FROM webhook_endpoint WHERE hospital_id = $1 AND deleted_at IS NULL ORDER BY id',
    [tx.hospital.id],
  );
}

/** Before an endpoint is added: waits until no reminders are being recorded, and lets none be until the transaction ends. */
export async function admitEndpoint(tx: HospitalTransaction): Promise<void> {
  await tx.db.query('SELECT FROM hospital WHERE id = $1 FOR NO KEY UPDATE', [tx.hospital.id]);
}

/**
 * One delivery of each reminder to each endpoint that asked for its type and is not told of it in a digest. One that was there already stays as
 * it is; but one that was cancelled is open again, because what cancelled it has been undone. Answers how many
 * are new or open again.
 */
export async function addDeliveries(
  tx: HospitalTransaction,
  endpoints: readonly Subscriber[],
  reminders: readonly AnnouncedReminder[],
): Promise<number> {
  const rows = endpoints.flatMap((endpoint) =>
    reminders
      .filter(({ digest }) => digest === null || !isSubscribed(endpoint.eventTypes, DIGEST))
      .map(({ id, kind }) => ({
        id: uuid(),
        endpointId: endpoint.id,
        reminderId: id,
        type: reminderEventType(kind),
      }))
      .filter(({ type }) => isSubscribed(endpoint.eventTypes, type)),
  );
  if (rows.length === 0) return 0;
  // Opened again, its body is written anew: more than the due date may have changed.
  const written = await tx.db.query<unknown[]>(
    `INSERT INTO delivery (hospital_id, id, endpoint_id, reminder_id, event_type, next_attempt_at, created_at)
     SELECT $1, new.*, now, now FROM unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::text[]) AS new, (SELECT program_now() AS now) AS clock
     ON CONFLICT ON CONSTRAINT delivery_once DO UPDATE
       SET state = 'pending', next_attempt_at = program_now(), cancelled_reason = NULL, body = NULL,
           earlier_attempts = delivery.attempts
       WHERE delivery.state = 'cancelled'
     RETURNING id`,
    [
      tx.hospital.id,
      rows.map(({ id }) => id),
      rows.map(({ endpointId }) => endpointId),
      rows.map(({ reminderId }) => reminderId),
      rows.map(({ type }) => type),
    ],
  );
  return written.length;
}

/** An event as far as it decides who is told. */
export interface RelayedEvent {
  readonly id: string;
  readonly type: SurveillanceEventType;
}

/** One delivery of each event, in this order, to each endpoint that asked for its type; none that is there already. */
export async function addEventDeliveries(
  tx: HospitalTransaction,
  endpoints: readonly Subscriber[],
  events: readonly RelayedEvent[],
): Promise<number> {
  const rows = events.flatMap((event) =>
    endpoints
      .filter(({ eventTypes }) => isSubscribed(eventTypes, event.type))
      .map((endpoint) => ({ id: uuid(), endpointId: endpoint.id, event })),
  );
  if (rows.length === 0) return 0;
  const written = await tx.db.query<unknown[]>(
    `INSERT INTO delivery (hospital_id, id, endpoint_id, event_id, event_type, next_attempt_at, created_at)
     SELECT $1, new.*, now, now FROM unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::text[]) AS new, (SELECT program_now() AS now) AS clock
     ON CONFLICT ON CONSTRAINT delivery_event_once DO NOTHING RETURNING id`,
    [
      tx.hospital.id,
      rows.map(({ id }) => id),
      rows.map(({ endpointId }) => endpointId),
      rows.map(({ event }) => event.id),
      rows.map(({ event }) => event.type),
    ],
  );
  return written.length;
}

/** SQL: the ids of all messages about the patient `$2` of the hospital `$1`, whatever became of them. */
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
