import { Any, IsNull } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import type { ClinicalFact, PatientFacts } from '../guideline/facts.js';
import type { HospitalTransaction } from '../tenancy/hospital-scope.js';
import { type ClinicalEventInput, detailOf } from './clinical-event-input.js';
import { ClinicalEvent } from './clinical-event.entity.js';
import { factKey } from './event-history.js';
import { openEvents } from './event-text.js';
import type { MeasuredEvent } from './measured-event.js';
import type { Patient } from './patient.entity.js';

const NOTHING_MEASURED = { toJudge: null, confirmedBy: null };

export function eventOf(
  patient: Patient,
  input: ClinicalEventInput | ClinicalFact,
  { hospital, now }: Pick<HospitalTransaction, 'hospital' | 'now'>,
  { toJudge, confirmedBy }: Pick<MeasuredEvent, 'toJudge' | 'confirmedBy'> = NOTHING_MEASURED,
): ClinicalEvent {
  return {
    id: uuidv7(),
    hospitalId: hospital.id,
    patientId: patient.id,
    type: input.type,
    date: input.date,
    detail: detailOf(input),
    toJudge,
    confirmedBy,
    copiedFrom: null,
    recordedAt: now,
    voidedAt: null,
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
