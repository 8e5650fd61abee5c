import type { HospitalTransaction } from '../tenancy/hospital-scope.js';
import type { Patient } from '../patients/patient.entity.js';
import { activeEvents } from '../patients/recorded-events.js';
import { activeDecisions } from './decision-rows.js';
import type { PlanFacts } from './plan-basis.js';

/** Returns the facts from which the stored plan was computed, for the facts as they are now. */
export type FactsBefore = (now: PlanFacts) => PlanFacts;

/** The recorded facts about these patients, in the same order. Two queries. */
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

/** The recorded facts about one patient. Two queries. */
export async function planFactsOf(tx: HospitalTransaction, patient: Patient): Promise<PlanFacts> {
  const [facts] = await planFacts(tx, [patient]);
  if (!facts) throw new Error('A patient has no facts.');
  return facts;
}

/**
 * Reads the facts about a locked patient before a change, for `SchedulesService.revise` after it. `revise` needs them
 * to count items without a row in the plan diff.
 */
export async function factsBefore(tx: HospitalTransaction, patient: Patient): Promise<FactsBefore> {
  const before = await planFactsOf(tx, patient);
  return (now) => (patient.id === now.patient.id ? before : now);
}

/** The facts before these events were recorded. */
export function withoutEvents(events: readonly { readonly id: string }[]): FactsBefore {
  const added = new Set(events.map(({ id }) => id));
  return (now) => ({ ...now, events: now.events.filter(({ id }) => !added.has(id)) });
}
