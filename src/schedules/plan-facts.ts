import type { HospitalTransaction } from '../tenancy/hospital-scope.js';
import type { Patient } from '../patients/patient.entity.js';
import { activeEvents } from '../patients/recorded-events.js';
import { activeDecisions } from './decision-rows.js';
import type { PlanFacts } from './plan-basis.js';

/** Of the facts about a patient as they are now, what they were when the stored plan was drawn up. */
export type FactsBefore = (now: PlanFacts) => PlanFacts;

/** What is recorded about these patients, in their order; two queries. */
export async function planFacts(tx: HospitalTransaction, patients: readonly Patient[]): Promise<PlanFacts[]> {
  const ids = patients.map(({ id }) => id);
  const events = await activeEvents(tx, ids);
  const decisions = await activeDecisions(tx, ids);
  return patients.map((patient) => ({
    patient,
    events: events.get(patient.id) ?? [],
    decisions: decisions.get(patient.id) ?? [],
  }));
}

/**
 * What is recorded about a locked patient before a change, for `SchedulesService.revise` after it: only so does the plan
 * diff count items that have no row.
 */
export async function factsBefore(tx: HospitalTransaction, patient: Patient): Promise<FactsBefore> {
  const [before] = await planFacts(tx, [patient]);
  return (now) => (before?.patient.id === now.patient.id ? before : now);
}

/** The facts without events that are new. */
export function withoutEvents(events: readonly { readonly id: string }[]): FactsBefore {
  const added = new Set(events.map(({ id }) => id));
  return (now) => ({ ...now, events: now.events.filter(({ id }) => !added.has(id)) });
}
