import type { CalendarDate } from '../../guideline/calendar.js';
import { CLINICAL_EVENT_TYPES, CLOSING_EVENTS, isDeath } from '../../guideline/facts.js';
import type { HospitalTransaction } from '../../tenancy/hospital-scope.js';

/** Types of events that say that the patient died. */
export const DEATHS: readonly string[] = CLINICAL_EVENT_TYPES.filter((type) => isDeath({ type }));

/**
 * The newest day of the history, without contacts, on which the patient was seen: an event, or the diagnosis. An event that
 * ends the follow-up says nothing about a visit.
 */
export async function lastSeenOn(
  { db, hospital }: Pick<HospitalTransaction, 'db' | 'hospital'>,
  patientId: string,
): Promise<CalendarDate> {
  const [row] = await db.query<[{ on: CalendarDate }]>(
    `SELECT greatest(p.diagnosis_date, (
              SELECT max(e.date) FROM clinical_event e
               WHERE e.hospital_id = p.hospital_id AND e.patient_id = p.id AND e.voided_at IS NULL AND e.type <> ALL ($3))) AS "on"
       FROM patient p WHERE p.hospital_id = $1 AND p.id = $2`,
    [hospital.id, patientId, CLOSING_EVENTS],
  );
  return row.on;
}

/** Whether the hospital still follows the patient up: the plan has an open item that is not missed. */
export async function isFollowedUp(
  { db, hospital, today }: Pick<HospitalTransaction, 'db' | 'hospital' | 'today'>,
  patientId: string,
): Promise<boolean> {
  const rows = await db.query<unknown[]>(
    `SELECT FROM surveillance_item WHERE hospital_id = $1 AND patient_id = $2 AND state = 'active' AND NOT before_enrolment
        AND (missed_on > $3 OR missed_on IS NULL) LIMIT 1`,
    [hospital.id, patientId, today],
  );
  return rows.length > 0;
}
