import { addDays, type CalendarDate } from '../../guideline/calendar.js';
import type { ReminderKind } from '../../schedules/reminder-calendar.js';
import type { HospitalTransaction } from '../../tenancy/hospital-scope.js';
import type { MessageSettings } from '../settings/message-settings.js';
import type { Occasion } from '../settings/occasions.js';
import { GIVEN_UP_AFTER_DAYS } from './message-decision.js';

/** A fact of which a patient has not been informed yet, and is informed once. */
export interface Candidate {
  readonly occasion: Occasion;
  readonly patientId: string;
  /** The reminder, appointment or result. */
  readonly subjectId: string;
  readonly aboutOn: CalendarDate;
  readonly itemIds: readonly string[];
  readonly appointmentId: string | null;
  readonly eventId: string | null;
}

type Within = Pick<HospitalTransaction, 'db' | 'hospital' | 'now' | 'today'>;

/** What a sweep looks for: since when messages are enabled, and how. */
export interface Wanted {
  readonly settings: MessageSettings;
  readonly since: Date;
}

const AT_ONCE = 200;
const HOUR_MS = 3_600_000;

const KINDS: Readonly<Partial<Record<Occasion, readonly ReminderKind[]>>> = {
  due_soon: ['upcoming', 'due'],
  overdue: ['overdue'],
};

/** SQL: the newest decision of the patient about the channel is a consent. */
export const consents = (patientId: string, channel: string): string => `
  (SELECT c.decision FROM patient_consent c WHERE c.hospital_id = $1 AND c.patient_id = ${patientId} AND c.channel = ${channel}
    ORDER BY c.ordinal DESC LIMIT 1) IS NOT DISTINCT FROM 'given'`;

const untold = (occasion: string, subject: string, aboutOn: string): string => `
  NOT EXISTS (SELECT FROM patient_message_subject s WHERE s.hospital_id = $1 AND s.subject_id = ${subject}
     AND s.occasion = ${occasion} AND s.about_on = ${aboutOn})`;

/** The oldest facts of the occasion of which patients with a consent have not been informed; at most 200. */
export async function candidatesFor(tx: Within, occasion: Occasion, wanted: Wanted): Promise<Candidate[]> {
  const earliest = new Date(
    Math.max(wanted.since.getTime(), tx.now.getTime() - GIVEN_UP_AFTER_DAYS * 24 * HOUR_MS),
  );
  const [hospitalId, { channel }] = [tx.hospital.id, wanted.settings];
  if (occasion === 'appointment_tomorrow')
    return found(tx, occasion, APPOINTMENTS, [hospitalId, channel, addDays(tx.today, 1)]);
  if (occasion === 'not_attended') return found(tx, occasion, MISSED, [hospitalId, channel, earliest]);
  if (occasion === 'result_in_range') {
    const latest = new Date(tx.now.getTime() - wanted.settings.resultAfterHours * HOUR_MS);
    return found(tx, occasion, RESULTS, [hospitalId, channel, earliest, latest]);
  }
  const kinds = KINDS[occasion];
  return kinds === undefined
    ? []
    : found(tx, occasion, REMINDERS, [hospitalId, channel, earliest, kinds, occasion]);
}

async function found(
  { db }: Within,
  occasion: Occasion,
  sql: string,
  values: unknown[],
): Promise<Candidate[]> {
  const rows = await db.query<Omit<Candidate, 'occasion'>[]>(sql, values);
  return rows.map((row) => ({ occasion, ...row }));
}

const APPOINTMENTS = `
  SELECT a.patient_id AS "patientId", a.id AS "subjectId", a.date AS "aboutOn", a.id AS "appointmentId", NULL AS "eventId",
         ARRAY(SELECT i.item_id FROM appointment_item i WHERE i.hospital_id = $1 AND i.appointment_id = a.id AND i.is_open) AS "itemIds"
    FROM appointment a
   WHERE a.hospital_id = $1 AND a.outcome IS NULL AND a.date = $3 AND ${consents('a.patient_id', '$2')}
     AND ${untold(`'appointment_tomorrow'`, 'a.id', 'a.date')}
   ORDER BY a.id LIMIT ${AT_ONCE}`;

const MISSED = `
  SELECT a.patient_id AS "patientId", a.id AS "subjectId", a.date AS "aboutOn", a.id AS "appointmentId", NULL AS "eventId",
         ARRAY(SELECT i.item_id FROM appointment_item i WHERE i.hospital_id = $1 AND i.appointment_id = a.id) AS "itemIds"
    FROM appointment a
   WHERE a.hospital_id = $1 AND a.outcome = 'not_attended' AND a.outcome_at >= $3 AND ${consents('a.patient_id', '$2')}
     AND ${untold(`'not_attended'`, 'a.id', 'a.date')}
   ORDER BY a.outcome_at, a.id LIMIT ${AT_ONCE}`;

// Whether its values lie within range is decided when the message leaves.
const RESULTS = `
  SELECT e.patient_id AS "patientId", e.id AS "subjectId", e.date AS "aboutOn", NULL AS "appointmentId", e.id AS "eventId",
         ARRAY[]::uuid[] AS "itemIds"
    FROM clinical_event e
   WHERE e.hospital_id = $1 AND e.result_of IS NOT NULL AND e.recorded_at >= $3 AND e.recorded_at <= $4
     AND e.voided_at IS NULL AND e.to_judge IS NULL AND jsonb_typeof(e.detail->'values') = 'array'
     AND ${consents('e.patient_id', '$2')} AND ${untold(`'result_in_range'`, 'e.id', 'e.date')}
   ORDER BY e.recorded_at, e.id LIMIT ${AT_ONCE}`;

const REMINDERS = `
  SELECT i.patient_id AS "patientId", r.id AS "subjectId", r.remind_on AS "aboutOn", NULL AS "appointmentId", NULL AS "eventId",
         ARRAY[i.id] AS "itemIds"
    FROM reminder r JOIN surveillance_item i ON i.hospital_id = r.hospital_id AND i.id = r.item_id
   WHERE r.hospital_id = $1 AND r.created_at >= $3 AND r.kind = ANY ($4) AND i.state = 'active'
     AND ${consents('i.patient_id', '$2')} AND ${untold('$5', 'r.id', 'r.remind_on')}
   ORDER BY r.created_at, r.id LIMIT ${AT_ONCE}`;
