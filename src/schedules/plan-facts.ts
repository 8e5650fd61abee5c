import type { HospitalTransaction } from '../tenancy/hospital-scope.js';
import type { Patient } from '../patients/patient.entity.js';
import { activeEvents } from '../patients/recorded-events.js';
import { activeDecisions } from './decision-rows.js';
import type { PlanFacts } from './plan-basis.js';

/** Returns the facts from which the stored plan was computed, for the facts as they are now. */
export type FactsBefore = (now: PlanFacts) => PlanFacts;

/** Of each patient, by id. */
export type DecisionsByPatient = ReadonlyMap<string, PlanFacts['decisions']>;

/** The recorded facts about these patients, in the same order. Two queries; one, where the decisions are known. */
export async function planFacts(
  tx: HospitalTransaction,
  patients: readonly Patient[],
  known?: DecisionsByPatient,
): Promise<PlanFacts[]> {
  const ids = patients.map(({ id }) => id);
  const events = await activeEvents(tx, ids);
  const decisions: DecisionsByPatient = known ?? (await activeDecisions(tx, ids));
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
export const factsBefore = async (tx: HospitalTransaction, patient: Patient): Promise<FactsBefore> =>
  thoseBefore(await planFactsOf(tx, patient));

/** For `revise`: these facts about one patient, as they were read before the change. */
export const thoseBefore =
  (before: PlanFacts): FactsBefore =>
  (now) =>
    before.patient.id === now.patient.id ? before : now;

/** The facts before these events were recorded. */
export function withoutEvents(events: readonly { readonly id: string }[]): FactsBefore {
  const added = new Set(events.map(({ id }) => id));
  return (now) => ({ ...now, events: now.events.filter(({ id }) => !added.has(id)) });
}
