import { CLOSING_EVENTS } from '../../guideline/facts.js';
import { DomainError } from '../../platform/domain-error.js';
import { msg } from '../../platform/messages/dictionary.js';
import type { HospitalTransaction } from '../../tenancy/hospital-scope.js';

type Reading = Pick<HospitalTransaction, 'db' | 'hospital'>;

/** The day on which the patient's follow-up ended, by death or for another reason; null: it has not. */
export async function followUpEnd({ db, hospital }: Reading, patientId: string): Promise<string | null> {
  const [end] = await db.query<{ date: string }[]>(
    `SELECT date FROM clinical_event
      WHERE hospital_id = $1 AND patient_id = $2 AND voided_at IS NULL AND type = ANY ($3) ORDER BY date LIMIT 1`,
    [hospital.id, patientId, CLOSING_EVENTS],
  );
  return end?.date ?? null;
}

/**
 * Refuses (409 `follow-up-ended`) a step that would put an item of a patient on a list who has died, or whom the hospital
 * follows no more for another reason. An exam can still be recorded.
 */
export async function refuseEndedFollowUp(tx: Reading, patientId: string): Promise<void> {
  const date = await followUpEnd(tx, patientId);
  if (date !== null) throw new DomainError('conflict', 'follow-up-ended', msg('follow-up-ended', { date }));
}
