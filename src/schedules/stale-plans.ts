import { PLANNER_REVISION } from '../guideline/planner.js';
import type { Patient } from '../patients/patient.entity.js';

/**
 * SQL: whether the stored plan of the patient row `patient` is stale, that is computed by an older version of the
 * hospital's policy or an older revision of the planner. No reminder of a stale plan is sent.
 */
export const isStale = (patient: string): string =>
  `(${patient}.planner_revision < ${PLANNER_REVISION} OR
    ${patient}.policy_version < (SELECT policy_version FROM hospital WHERE id = ${patient}.hospital_id))`;

/** The same for a loaded patient. `inForce` is the hospital. */
export const hasStalePlan = (
  { policyVersion, plannerRevision }: Patient,
  inForce: { readonly policyVersion: number },
): boolean => plannerRevision < PLANNER_REVISION || policyVersion < inForce.policyVersion;
