import { type FieldFault, invalid } from '../platform/domain-error.js';
import { msg } from '../platform/messages/dictionary.js';
import { type Caller, isWithinPatientScope } from '../tenancy/caller.js';
import type { Patient } from './patient.entity.js';

/** Refuses (422) a patient whom the caller could not see after saving. */
export function refuseOutOfReach(caller: Caller, patient: Patient): void {
  const fault = outOfReachFault(caller, patient);
  if (fault) throw invalid('out-of-reach', fault.message, [fault]);
}

/** The validation error for a patient whom the caller could not see after saving; null: the caller could. */
export function outOfReachFault(
  caller: Caller,
  patient: Parameters<typeof isWithinPatientScope>[1],
): FieldFault | null {
  if (isWithinPatientScope(caller, patient)) return null;
  const { name, patientScope } = caller;
  return patientScope.ownOnly
    ? { pointer: '/responsibleNurse', code: 'out-of-reach', message: msg('own-patients-only', { name }) }
    : {
        ...{ pointer: '/department', code: 'out-of-reach' },
        message: msg('out-of-reach', { departments: patientScope.departments ?? [] }),
      };
}
