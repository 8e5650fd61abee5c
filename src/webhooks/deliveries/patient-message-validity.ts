import { DEATHS } from '../../worklist/contacts/signs-of-life.js';
import type { HospitalTransaction } from '../../tenancy/hospital-scope.js';
import type { DueRow } from './due-deliveries.js';

export const PATIENT_MESSAGE = 'surveillance.patient.message';

/**
 * Why deliveries of messages to patients must not leave any more, by their ids: the patient withdrew the consent to the
 * channel or died, or the message is outdated. One query.
 */
export async function outdatedMessages(
  { db, hospital }: HospitalTransaction,
  due: readonly DueRow[],
): Promise<ReadonlyMap<string, string>> {
  const messages = due.filter(({ eventType }) => eventType === PATIENT_MESSAGE);
  if (messages.length === 0) return new Map();
  const rows = await db.query<{ id: string; reason: string | null }[]>(OUTDATED, [
    hospital.id,
    messages.map(({ id }) => id),
    DEATHS,
  ]);
  return new Map(rows.flatMap(({ id, reason }) => (reason === null ? [] : [[id, reason] as const])));
}

const OUTDATED = `
  SELECT d.id, CASE
      WHEN (SELECT c.decision FROM patient_consent c WHERE c.hospital_id = $1 AND c.patient_id = v.patient_id
               AND c.channel = v.data->>'channel' ORDER BY c.ordinal DESC LIMIT 1) IS DISTINCT FROM 'given' THEN 'consent-withdrawn'
      WHEN EXISTS (SELECT FROM clinical_event e WHERE e.hospital_id = $1 AND e.patient_id = v.patient_id AND e.voided_at IS NULL
                      AND e.type = ANY ($3)) THEN 'patient-died'
      WHEN v.data->>'occasion' = 'appointment_tomorrow' AND NOT EXISTS (
             SELECT FROM appointment a WHERE a.hospital_id = $1 AND a.id = (v.data->>'appointmentId')::uuid
                AND a.outcome IS NULL AND a.date = (v.data->>'on')::date) THEN 'appointment-changed'
      WHEN v.data->>'resultId' IS NOT NULL AND NOT EXISTS (
             SELECT FROM clinical_event e WHERE e.hospital_id = $1 AND e.id = (v.data->>'resultId')::uuid
                AND e.voided_at IS NULL AND e.to_judge IS NULL) THEN 'result-changed'
      WHEN jsonb_array_length(v.data->'examinations') > 0 AND NOT EXISTS (
             SELECT FROM jsonb_array_elements(v.data->'examinations') AS named
               JOIN surveillance_item i ON i.hospital_id = $1 AND i.id = (named->>'itemId')::uuid
              WHERE i.state = 'active') THEN 'completed' END AS reason
    FROM delivery d JOIN surveillance_event v ON v.hospital_id = d.hospital_id AND v.id = d.event_id
   WHERE d.hospital_id = $1 AND d.id = ANY ($2)`;
