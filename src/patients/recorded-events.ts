import { Any, IsNull } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import type { ClinicalFact, PatientFacts } from '../guideline/facts.js';
import { activityRecorded } from '../guideline/recorded-exam.js';
import type { HospitalTransaction } from '../tenancy/hospital-scope.js';
import { type ClinicalEventInput, detailOf } from './clinical-event-input.js';
import { ClinicalEvent } from './clinical-event.entity.js';
import { factKey } from './event-history.js';
import { openEvents } from './event-text.js';
import type { MeasuredEvent } from './measured-event.js';
import type { Patient } from './patient.entity.js';

const NOTHING_MEASURED = { toJudge: null, confirmedBy: null };

/** What is known of an event beside the fact. */
interface Recording extends Pick<MeasuredEvent, 'toJudge' | 'confirmedBy'> {
  /** Part of the history before the enrolment: only values above a limit have to be judged, and no result has to be seen. */
  readonly isHistory?: boolean;
}

/** The event as it will be stored. A clinician who records a result has seen it. */
export function eventOf(
  patient: Patient,
  input: ClinicalEventInput | ClinicalFact,
  { hospital, now, caller }: Pick<HospitalTransaction, 'hospital' | 'now' | 'caller'>,
  { toJudge, confirmedBy, isHistory = false }: Recording = NOTHING_MEASURED,
): ClinicalEvent {
  const reasons = (toJudge ?? []).filter(({ because }) => !isHistory || because === undefined);
  const resultOf = isHistory ? null : activityRecorded(input, hospital.guideline ?? {});
  const isSeen = resultOf !== null && caller.kind === 'person' && caller.roles.includes('clinician');
  return {
    id: uuidv7(),
    hospitalId: hospital.id,
    patientId: patient.id,
    type: input.type,
    date: input.date,
    detail: detailOf(input),
    toJudge: reasons.length > 0 ? reasons : null,
    judgedAt: null,
    confirmedBy,
    copiedFrom: null,
    resultOf,
    seenAt: isSeen ? now : null,
    seenBy: isSeen ? caller.name : null,
    recordedAt: now,
    recordedBy: caller.name,
    voidedAt: null,
    voidedBy: null,
    voidReason: null,
  };
}

/** The events of each of these patients that have not been voided; an empty list for a patient without events. */
export async function activeEvents(
  tx: Pick<HospitalTransaction, 'db' | 'hospital' | 'keys'>,
  patientIds: readonly string[],
): Promise<Map<string, ClinicalEvent[]>> {
  const byPatient = new Map(patientIds.map((id) => [id, [] as ClinicalEvent[]]));
  const events = await tx.db.find(ClinicalEvent, {
    where: { hospitalId: tx.hospital.id, patientId: Any(patientIds), voidedAt: IsNull() },
  });
  for (const event of await openEvents(tx, events)) byPatient.get(event.patientId)?.push(event);
  return byPatient;
}

export const factOf = ({ id, type, date, detail }: ClinicalEvent): ClinicalFact => ({
  ...detail,
  id,
  type,
  date,
});

export function factsOf(patient: Patient, events: readonly ClinicalEvent[]): PatientFacts {
  const { birthDate, diagnosisDate, enrolledOn } = patient;
  return { birthDate, diagnosisDate, enrolledOn, events: events.map(factOf) };
}

/** Whether the recorded event has the same content as the fact. */
export const isSameFact = (
  { type, date, detail }: Pick<ClinicalEvent, 'type' | 'date' | 'detail'>,
  fact: ClinicalEventInput | ClinicalFact,
): boolean => type === fact.type && factKey({ ...detail, type, date }) === factKey(fact);
