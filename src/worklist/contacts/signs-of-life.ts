import type { CalendarDate } from '../../guideline/calendar.js';
import { CLINICAL_EVENT_TYPES, CLOSING_EVENTS, isDeath } from '../../guideline/facts.js';
import type { HospitalTransaction } from '../../tenancy/hospital-scope.js';

/** Types of events that say that the patient died. */
export const DEATHS: readonly string[] = CLINICAL_EVENT_TYPES.filter((type) => isDeath({ type }));

/**
 * SQL expression: the newest day of the history on which the patient was seen; `patient` is the alias of the patient's
 * row, `closing` the parameter with `CLOSING_EVENTS`. An event that ends the follow-up says nothing about a visit.
 */
const seenOn = (patient: string, closing: string): string => `greatest(${patient}.diagnosis_date, (
  SELECT max(e.date) FROM clinical_event e
   WHERE e.hospital_id = ${patient}.hospital_id AND e.patient_id = ${patient}.id AND e.voided_at IS NULL
     AND e.type <> ALL (${closing})))`;

/** The newest day of the history, without contacts, on which the patient was seen: an event, or the diagnosis. */
export async function lastSeenOn(
  { db, hospital }: Pick<HospitalTransaction, 'db' | 'hospital'>,
  patientId: string,
): Promise<CalendarDate> {
  const [row] = await db.query<[{ on: CalendarDate }]>(
    `SELECT ${seenOn('p', '$3')} AS "on" FROM patient p WHERE p.hospital_id = $1 AND p.id = $2`,
    [hospital.id, patientId, CLOSING_EVENTS],
  );
  return row.on;
}

/** Whether an active event says that the patient died. */
export async function hasDied(
  { db, hospital }: Pick<HospitalTransaction, 'db' | 'hospital'>,
  patientId: string,
): Promise<boolean> {
  const rows = await db.query<unknown[]>(
    `SELECT FROM clinical_event WHERE hospital_id = $1 AND patient_id = $2 AND voided_at IS NULL AND type = ANY ($3) LIMIT 1`,
    [hospital.id, patientId, DEATHS],
  );
  return rows.length > 0;
}
