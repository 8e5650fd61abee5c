import { DEFAULT_POLICY, type HospitalPolicy } from './hospital-policy.js';
import { findGuideline, versionedId } from '../../guideline/published/index.js';

/**
 * The initial policy of a hospital: the default, on the guideline's newest version. A later guideline version applies
 * only after a decision.
 */
export function firstPolicy(): HospitalPolicy {
  const guideline = findGuideline(DEFAULT_POLICY.guideline);
  return guideline ? { ...DEFAULT_POLICY, guideline: versionedId(guideline) } : DEFAULT_POLICY;
}
