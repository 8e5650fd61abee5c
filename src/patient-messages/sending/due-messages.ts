import type { CalendarDate } from '../../guideline/calendar.js';
import type { HospitalTransaction } from '../../tenancy/hospital-scope.js';
import type { Occasion } from '../settings/occasions.js';
import { LEASE_MS } from './message-lease.js';

/** A message whose attempt is due, locked for this transaction. */
export interface DueMessage {
  readonly id: string;
  readonly patientId: string;
  readonly occasion: Occasion;
  readonly aboutOn: CalendarDate;
  readonly itemIds: readonly string[];
  readonly appointmentId: string | null;
  readonly eventId: string | null;
  readonly channel: string;
  readonly relativeId: string | null;
  /** Sealed; written with the first attempt, because every attempt sends the same. */
  readonly number: string | null;
  readonly text: string | null;
  readonly attempts: number;
  readonly uncounted: number;
  readonly createdAt: Date;
  /** When the last attempt began, if it has no outcome: its process ended before recording one. */
  readonly interruptedAt: Date | null;
  /** When the first attempt began that the gateway may have taken; null: it has taken none. */
  readonly uncertainAt: Date | null;
}

/**
 * The due messages, the longest waiting first. Skips those that another process has locked, and those of patients who are
 * being changed: a consent is withdrawn, or an item completed, before the decision about a message or after its attempt is
 * committed.
 */
export async function lockDue(
  { db, hospital, now }: Pick<HospitalTransaction, 'db' | 'hospital' | 'now'>,
  limit: number,
): Promise<DueMessage[]> {
  return db.query<DueMessage[]>(
    `SELECT m.id, m.patient_id AS "patientId", m.occasion, m.about_on AS "aboutOn", m.item_ids AS "itemIds",
            m.appointment_id AS "appointmentId", m.event_id AS "eventId", m.channel, m.relative_id AS "relativeId",
            m.number, m.text, m.attempts, m.uncounted, m.created_at AS "createdAt",
            CASE WHEN m.attempts > 0 AND NOT EXISTS (SELECT FROM patient_message_attempt a
                   WHERE a.hospital_id = m.hospital_id AND a.message_id = m.id AND a.number = m.attempts)
              THEN m.next_attempt_at - $2 * interval '1 millisecond' END AS "interruptedAt",
            m.uncertain_at AS "uncertainAt"
       FROM patient_message m JOIN patient p ON p.hospital_id = m.hospital_id AND p.id = m.patient_id
      WHERE m.hospital_id = $1 AND m.state = 'pending' AND m.next_attempt_at <= $4
      ORDER BY m.next_attempt_at, m.id LIMIT $3 FOR NO KEY UPDATE OF m SKIP LOCKED FOR SHARE OF p SKIP LOCKED`,
    [hospital.id, LEASE_MS, limit, now],
  );
}

/** Records attempts without an outcome as interrupted: the gateway may have taken them. */
export async function recordInterruptions(
  { db, hospital }: Pick<HospitalTransaction, 'db' | 'hospital'>,
  due: readonly DueMessage[],
): Promise<void> {
  const cut = due.filter(({ interruptedAt }) => interruptedAt !== null);
  if (cut.length === 0) return;
  await db.query(
    `WITH cut AS (
       SELECT * FROM unnest($2::uuid[], $3::uuid[], $4::integer[], $5::timestamptz[]) AS c (id, patient_id, number, at)),
     noted AS (
       UPDATE patient_message m SET uncertain_at = coalesce(m.uncertain_at, c.at) FROM cut c
        WHERE m.hospital_id = $1 AND m.id = c.id)
     INSERT INTO patient_message_attempt (hospital_id, message_id, patient_id, number, started_at, duration_ms, outcome)
     SELECT $1, id, patient_id, number, at, 0, 'interrupted' FROM cut`,
    [
      hospital.id,
      cut.map(({ id }) => id),
      cut.map(({ patientId }) => patientId),
      cut.map(({ attempts }) => attempts),
      cut.map(({ interruptedAt }) => interruptedAt),
    ],
  );
}

/** Leaves these messages to a person, because the gateway may have taken them. */
export async function leaveUncertain(
  { db, hospital }: Pick<HospitalTransaction, 'db' | 'hospital'>,
  messages: readonly DueMessage[],
): Promise<void> {
  if (messages.length === 0) return;
  await db.query(
    `UPDATE patient_message SET state = 'uncertain', next_attempt_at = NULL WHERE hospital_id = $1 AND id = ANY ($2)`,
    [hospital.id, messages.map(({ id }) => id)],
  );
}

/** Ends messages that must not leave any more, each with its reason. */
export async function cancelMessages(
  { db, hospital }: Pick<HospitalTransaction, 'db' | 'hospital'>,
  cancelled: readonly { readonly id: string; readonly reason: string }[],
): Promise<void> {
  if (cancelled.length === 0) return;
  await db.query(
    `UPDATE patient_message m SET state = 'cancelled', reason = c.reason, next_attempt_at = NULL
       FROM unnest($2::uuid[], $3::text[]) AS c (id, reason) WHERE m.hospital_id = $1 AND m.id = c.id`,
    [hospital.id, cancelled.map(({ id }) => id), cancelled.map(({ reason }) => reason)],
  );
}

/** Lets messages wait until an instant. No attempt is counted. */
export async function deferMessages(
  { db, hospital }: Pick<HospitalTransaction, 'db' | 'hospital'>,
  deferred: readonly { readonly id: string; readonly until: Date }[],
): Promise<void> {
  if (deferred.length === 0) return;
  await db.query(
    `UPDATE patient_message m SET next_attempt_at = d.until
       FROM unnest($2::uuid[], $3::timestamptz[]) AS d (id, until) WHERE m.hospital_id = $1 AND m.id = d.id`,
    [hospital.id, deferred.map(({ id }) => id), deferred.map(({ until }) => until)],
  );
}
