import type { HospitalPolicy } from '../tenancy/policy/hospital-policy.js';
import { type FieldFault, invalid } from '../platform/domain-error.js';
import type { Choices } from '../guideline/choices.js';
import type { Guideline } from '../guideline/guideline.js';
import { decidedItemsAtMost, decidedItemsAYear } from '../guideline/plan-size.js';
import type { ClinicalEvent } from '../patients/clinical-event.entity.js';
import type { Patient } from '../patients/patient.entity.js';
import { factsOf } from '../patients/recorded-events.js';
import { msg } from '../platform/messages/dictionary.js';
import { type PlanBasis, reachOf } from './plan-basis.js';

/** Of one plan, by decided intervals. Planning and answering that many takes less than a tenth of a second. */
const MOST_ITEMS = 2000;
/** By a policy, of each patient: three examinations a week. */
const MOST_ITEMS_A_YEAR = 160;

/** Refuses (422) decided intervals by which the patient's plan would have too many items; `pointer` leads to them. */
export function refuseOversizedPlan(
  { guideline, choices, today }: PlanBasis,
  patient: Patient,
  events: readonly ClinicalEvent[],
  pointer: string,
): void {
  const facts = factsOf(patient, events);
  const items = Math.round(decidedItemsAtMost(guideline, facts, choices, reachOf(guideline, facts, today)));
  if (items <= MOST_ITEMS) return;
  const message = msg('plan-too-large', { items, limit: MOST_ITEMS });
  throw invalid('plan-too-large', message, [{ pointer, code: 'plan-too-large', message }]);
}

/** What is wrong with intervals of a policy that are each allowed, and together too many. */
export function densityFaults(
  { profile, liverImaging, rules }: HospitalPolicy,
  guideline: Guideline,
  pointer: string,
): FieldFault[] {
  const choices: Choices = { profile, liverImaging, ...(rules && { rules }) };
  const items = Math.round(decidedItemsAYear(guideline, choices));
  return items <= MOST_ITEMS_A_YEAR
    ? []
    : [{ pointer, code: 'too-often', message: msg('policy-too-dense', { items, limit: MOST_ITEMS_A_YEAR }) }];
}
