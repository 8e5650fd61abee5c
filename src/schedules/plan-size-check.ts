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

/** The most items of one plan with decided intervals. Computing and sending that many takes less than 0.1 s. */
const MOST_ITEMS = 2000;
/** The most items of each patient in a year by a policy: three a week. */
const MOST_ITEMS_A_YEAR = 160;

/**
 * Refuses (422) decided intervals by which the patient's plan would have too many items. `pointer` names the field.
 */
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

/** The validation error of a policy whose intervals are each allowed but together plan too many items. */
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
