import type { CalendarDate } from '../../guideline/calendar.js';
import { Patient } from '../../patients/patient.entity.js';
import { askedNurse, inCareOf } from '../../patients/responsible-nurse.js';
import { SurveillanceItem } from '../../schedules/surveillance-item.entity.js';
import type { HospitalTransaction } from '../../tenancy/hospital-scope.js';
import { isLossProposed } from '../contacts/contact-lists.js';
import { DEATHS } from '../contacts/signs-of-life.js';

/** The lists of patients to call. */
export const CALL_LISTS = ['to_call', 'overdue', 'due', 'contact_lost'] as const;

/** Which patients are called. */
export interface CallFilter {
  readonly list: (typeof CALL_LISTS)[number];
  readonly activity?: string | undefined;
  readonly assignee?: string | undefined;
}

/** A patient who may be called, with the date by which the list is ordered. */
export interface CallCandidate {
  readonly patientId: string;
  readonly overdue: CalendarDate;
}

// An item is missed from the day on which the window of the next one opens: no late patient falls between the two.
const OPEN = `item.state = 'active' AND NOT item.beforeEnrolment AND (item.missedOn > :today OR item.missedOn IS NULL)
  AND item.earliest <= :today AND (item.step IS NULL OR item.step = 'not_attended' OR item.stepUntil <= :today)`;

const OF_LIST: Readonly<Record<CallFilter['list'], string>> = {
  to_call: 'true',
  overdue: 'item.overdue <= :today',
  due: 'item.due <= :today AND item.overdue > :today',
  contact_lost: `EXISTS (SELECT FROM patient_contact lost WHERE lost.hospital_id = item.hospital_id
    AND lost.patient_id = item.patient_id AND ${isLossProposed('lost', ':today')})`,
};

/** Somebody has a number; the patient lives, did not refuse calls, does not rest and is in nobody else's hands. */
const CALLABLE = `(patient.phone IS NOT NULL OR EXISTS (SELECT FROM patient_relative r WHERE r.hospital_id = patient.hospital_id
    AND r.patient_id = patient.id AND r.removed_at IS NULL AND r.phone IS NOT NULL))
  AND NOT EXISTS (SELECT FROM clinical_event e WHERE e.hospital_id = patient.hospital_id AND e.patient_id = patient.id
    AND e.voided_at IS NULL AND e.type = ANY (:deaths))
  AND (SELECT c.decision FROM patient_consent c WHERE c.hospital_id = patient.hospital_id AND c.patient_id = patient.id
    AND c.channel = 'phone' ORDER BY c.ordinal DESC LIMIT 1) IS DISTINCT FROM 'withdrawn'
  AND NOT EXISTS (SELECT FROM patient_contact c WHERE c.hospital_id = patient.hospital_id AND c.patient_id = patient.id
    AND (c.rests_until > :today OR c.last_called_on = :today OR (c.claimed_until > :now AND c.claimed_by <> :caller)))`;

/** The next patients to call behind `after`, the most urgent first: those whose examination is late for longest. One query. */
export async function callCandidates(
  { db, hospital, today, now, caller }: HospitalTransaction,
  { list, activity, assignee }: CallFilter,
  after: CallCandidate | undefined,
  limit: number,
): Promise<CallCandidate[]> {
  const query = db
    .createQueryBuilder(SurveillanceItem, 'item')
    .innerJoin(Patient, 'patient', 'patient.hospitalId = item.hospitalId AND patient.id = item.patientId')
    .select('item.patientId', 'patientId')
    .addSelect('min(item.overdue)', 'overdue')
    .where(`item.hospitalId = :hospitalId AND ${OPEN} AND ${OF_LIST[list]} AND ${CALLABLE}`, {
      hospitalId: hospital.id,
      ...{ today, now, caller: caller.id, deaths: DEATHS },
    })
    .groupBy('item.patientId')
    .orderBy('min(item.overdue)')
    .addOrderBy('item.patientId')
    .limit(limit);
  if (activity !== undefined) query.andWhere('item.activity = :activity', { activity });
  if (assignee !== undefined) query.andWhere(inCareOf('patient'), askedNurse(assignee));
  if (after) query.having('(min(item.overdue), item.patientId) > (:overdue, :patientId)', after);
  return query.getRawMany<CallCandidate>();
}
