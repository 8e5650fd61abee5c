import type { HospitalTransaction } from '../../tenancy/hospital-scope.js';
import { withheld, type Withheld } from '../../patients/consent.js';
import type { SurveillanceEventData } from '../../schedules/surveillance-events.js';
import { IS_PAUSED } from '../endpoints/endpoint-health.js';
import type { EndpointFilter } from '../endpoints/endpoint-filter.js';
import type { EndpointScope } from '../endpoints/endpoint-limits.js';
import type { EventType } from '../messages/event-types.js';
import type { EndpointKind } from '../sending/group-robots.js';
import type { MessageFormat } from '../messages/message-formats.js';
import type { Payload } from '../messages/message-payload.js';

/** Longer than an attempt and the record of its outcome; at most as long as a crash may delay a message. */
export const LEASE_MS = 60_000;

/** A due delivery and its subject. */
export interface DueRow {
  readonly id: string;
  readonly attempts: number;
  readonly earlierAttempts: number;
  readonly eventType: EventType;
  readonly reminderId: string | null;
  readonly eventId: string | null;
  readonly sequence: number | null;
  readonly body: string | null;
  /** When the last attempt began, if it has no outcome: its process ended before recording one. */
  readonly interruptedAt: Date | null;
  /** The data of the event; null for a reminder. */
  readonly eventData: SurveillanceEventData | null;
  readonly occurredAt: Date;
  readonly patientId: string | null;
  readonly mrn: string | null;
  readonly department: string | null;
  readonly withheld: Withheld | null;
}

/** The columns of an endpoint that decide what is sent now, and how. */
export interface EndpointRow {
  readonly kind: EndpointKind;
  readonly url: string;
  readonly perMinute: number | null;
  readonly deleted: boolean;
  /** Null: the endpoint is not paused. */
  readonly pausedUntil: Date | null;
  readonly disabledReason: string | null;
  readonly probeId: string | null;
  readonly failing: boolean;
  readonly secrets: readonly string[];
  readonly transport: string | null;
  readonly payload: Payload;
  readonly format: MessageFormat;
  readonly payloadKey: string | null;
  readonly payloadKeyId: string | null;
  readonly identityApproved: boolean;
  readonly filter: EndpointFilter | null;
  readonly reach: EndpointScope | null;
  readonly eventTypes: readonly string[];
}

/** Undefined: there is no such endpoint. */
export async function endpointNow(
  tx: HospitalTransaction,
  endpointId: string,
): Promise<EndpointRow | undefined> {
  const [endpoint] = await tx.db.query<EndpointRow[]>(
    `SELECT kind, url, rate_limit AS "perMinute", deleted_at IS NOT NULL AS deleted, CASE WHEN ${IS_PAUSED} AND deleted_at IS NULL THEN resting_until END AS "pausedUntil", held_reason AS "disabledReason", probe_id AS "probeId",
            failing_since IS NOT NULL AS failing,
            transport, payload, format, payload_key AS "payloadKey", payload_key_id AS "payloadKeyId",
            identity_approved_at IS NOT NULL AS "identityApproved", filter, reach, event_types AS "eventTypes",
            CASE WHEN previous_secret_until > program_now() THEN ARRAY[secret, previous_secret] ELSE ARRAY[secret] END AS secrets
       FROM webhook_endpoint WHERE hospital_id = $1 AND id = $2`,
    [tx.hospital.id, endpointId],
  );
  return endpoint;
}

/** Locks due deliveries, the longest waiting first. Skips those locked by another process, which makes the attempt. */
export async function lockDue(tx: HospitalTransaction, endpointId: string, limit: number): Promise<DueRow[]> {
  return tx.db.query<DueRow[]>(
    `SELECT d.id, d.attempts, d.earlier_attempts AS "earlierAttempts", d.event_type AS "eventType",
            d.reminder_id AS "reminderId", d.event_id AS "eventId", d.sequence, d.body,
            CASE WHEN d.attempts > 0 AND NOT EXISTS (
                SELECT FROM delivery_attempt a WHERE a.delivery_id = d.id AND a.number = d.attempts)
              THEN d.next_attempt_at - $3 * interval '1 millisecond' END AS "interruptedAt",
            v.data AS "eventData", v.occurred_at AS "occurredAt", v.patient_id AS "patientId", p.mrn, p.department, ${withheld('p')} AS withheld
       FROM delivery d
       LEFT JOIN surveillance_event v ON v.hospital_id = d.hospital_id AND v.id = d.event_id
       LEFT JOIN patient p ON p.hospital_id = v.hospital_id AND p.id = v.patient_id
      WHERE d.hospital_id = $1 AND d.endpoint_id = $2 AND d.state = 'pending' AND d.next_attempt_at <= program_now()
      ORDER BY d.next_attempt_at, d.id LIMIT $4
        FOR UPDATE OF d SKIP LOCKED`,
    [tx.hospital.id, endpointId, LEASE_MS, limit],
  );
}

/** Records attempts without an outcome as interrupted: their process ended before recording one. */
export async function recordInterruptions(tx: HospitalTransaction, due: readonly DueRow[]): Promise<void> {
  const interrupted = due.filter(({ interruptedAt }) => interruptedAt !== null);
  if (interrupted.length === 0) return;
  await tx.db.query(
    `INSERT INTO delivery_attempt (hospital_id, delivery_id, number, started_at, duration_ms, outcome)
     SELECT $1, id, number, at, 0, 'interrupted' FROM unnest($2::uuid[], $3::integer[], $4::timestamptz[]) AS cut (id, number, at)`,
    [
      tx.hospital.id,
      interrupted.map(({ id }) => id),
      interrupted.map(({ attempts }) => attempts),
      interrupted.map(({ interruptedAt }) => interruptedAt),
    ],
  );
}

/** Cancels deliveries, each with its reason. */
export async function cancel(
  tx: HospitalTransaction,
  cancelled: readonly (readonly [id: string, reason: string])[],
): Promise<void> {
  if (cancelled.length === 0) return;
  await tx.db.query(
    `UPDATE delivery d SET state = 'cancelled', cancelled_reason = c.reason, next_attempt_at = NULL
       FROM unnest($2::uuid[], $3::text[]) AS c (id, reason) WHERE d.hospital_id = $1 AND d.id = c.id`,
    [tx.hospital.id, cancelled.map(([id]) => id), cancelled.map(([, reason]) => reason)],
  );
}
