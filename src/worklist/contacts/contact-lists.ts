import type { CalendarDate } from '../../guideline/calendar.js';
import { CLOSING_EVENTS } from '../../guideline/facts.js';
import type { HospitalTransaction } from '../../tenancy/hospital-scope.js';

/** What a row of a list says about the attempts to reach its patient, as of the newest one. */
export interface ListedContact {
  /** The how-manieth attempt the next one is since the last sign of life. */
  readonly attempt: number;
  readonly lastTriedOn: CalendarDate | null;
  readonly restsUntil: CalendarDate | null;
  readonly nextActionOn: CalendarDate | null;
}

/** SQL condition: the patient of the expression `patientId` rests on the day `today` after an attempt. */
export const isResting = (patientId: string, today: string): string => `EXISTS (
  SELECT FROM patient_contact resting WHERE resting.hospital_id = current_hospital() AND resting.patient_id = ${patientId}
     AND resting.rests_until > ${today})`;

const NO_SIGN_OF_LIFE = CLOSING_EVENTS.map((type) => `'${type}'`).join(', ');

/**
 * SQL condition: a loss of the patient of the row `contact` of `patient_contact` is proposed on the day `today`. The index
 * `patient_contact_lost_idx` holds these rows by `lost_proposed_on`. Left out are patients who are no longer followed up,
 * and those whom an event shows alive after the newest attempt.
 */
export const isLossProposed = (
  contact: string,
  today: string,
): string => `${contact}.lost_proposed_on <= ${today}
  AND EXISTS (SELECT FROM surveillance_item followed WHERE followed.hospital_id = ${contact}.hospital_id
     AND followed.patient_id = ${contact}.patient_id AND followed.state = 'active' AND NOT followed.before_enrolment
     AND (followed.missed_on > ${today} OR followed.missed_on IS NULL))
  AND NOT EXISTS (SELECT FROM clinical_event seen WHERE seen.hospital_id = ${contact}.hospital_id
     AND seen.patient_id = ${contact}.patient_id AND seen.voided_at IS NULL AND seen.date > ${contact}.known_alive_on
     AND seen.type NOT IN (${NO_SIGN_OF_LIFE}))`;

/** What rows of these patients say, by patient id; a patient without an attempt is left out. One query. */
export async function listedContacts(
  { db, hospital }: Pick<HospitalTransaction, 'db' | 'hospital'>,
  patientIds: readonly string[],
): Promise<ReadonlyMap<string, ListedContact>> {
  const rows = await db.query<(ListedContact & { id: string })[]>(
    `SELECT patient_id AS id, since_reached + 1 AS attempt, last_tried_on AS "lastTriedOn", rests_until AS "restsUntil",
            next_action_on AS "nextActionOn"
       FROM patient_contact WHERE hospital_id = $1 AND patient_id = ANY ($2) AND tried > 0`,
    [hospital.id, patientIds],
  );
  return new Map(rows.map(({ id, ...contact }) => [id, contact]));
}
