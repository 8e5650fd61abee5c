import { DEFAULT_POLICY, type HospitalPolicy } from './hospital-policy.js';
import { findGuideline, versionedId } from '../../guideline/published/index.js';

/** What a hospital begins with: the default, on the guideline's newest version. A later one is followed once somebody decides so. */
export function firstPolicy(): HospitalPolicy {
  const guideline = findGuideline(DEFAULT_POLICY.guideline);
  return guideline ? { ...DEFAULT_POLICY, guideline: versionedId(guideline) } : DEFAULT_POLICY;
}
