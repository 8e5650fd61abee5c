import { DomainError } from '../../platform/domain-error.js';
import { msg } from '../../platform/messages/dictionary.js';
import type { ClinicalEvent } from '../../patients/clinical-event.entity.js';
import type { Caller, Role } from '../../tenancy/caller.js';
import type { ResultSettings } from '../settings/result-settings.js';

type Result = Pick<ClinicalEvent, 'toJudge' | 'judgedAt' | 'recordedBy'>;

const SEE_RESULTS: readonly Role[] = ['nurse', 'head_nurse', 'clinician'];

/**
 * Why the caller may not mark the result as seen, in the name of `author`; null: they may. A clinician sees any result.
 * A nurse sees one that need not be judged and that another person recorded, so that two people have read it.
 */
export function refusalToSee(
  { toJudge, judgedAt, recordedBy }: Result,
  { roles }: Pick<Caller, 'roles'>,
  author: string,
  { nursesSee }: Pick<ResultSettings, 'nursesSee'>,
): DomainError | null {
  if (!roles.some((role) => SEE_RESULTS.includes(role)))
    return new DomainError('forbidden', 'not-allowed', msg('people-see-results'));
  if (roles.includes('clinician')) return null;
  if (!nursesSee) return new DomainError('forbidden', 'only-clinicians-see', msg('only-clinicians-see'));
  if (toJudge !== null && judgedAt === null)
    return new DomainError('forbidden', 'clinician-sees', msg('clinician-sees'));
  if (recordedBy === author) return new DomainError('forbidden', 'recorder-sees', msg('recorder-sees'));
  return null;
}
