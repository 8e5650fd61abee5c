import { PLANNER_REVISION } from '../guideline/planner.js';
import type { Patient } from '../patients/patient.entity.js';

/**
 * SQL: whether the stored plan of the patient row `patient` is stale, computed under an older version of the
 * hospital's policy or by an older revision of the planner. No reminder leaves from a stale plan.
 */
export const isStale = (patient: string): string =>
  `(${patient}.planner_revision < ${PLANNER_REVISION} OR
    ${patient}.policy_version < (SELECT policy_version FROM hospital WHERE id = ${patient}.hospital_id))`;

/** The same of a loaded patient, under the version of the policy in force. */
export const hasStalePlan = (
  { policyVersion, plannerRevision }: Patient,
  inForce: { readonly policyVersion: number },
): boolean => plannerRevision < PLANNER_REVISION || policyVersion < inForce.policyVersion;
