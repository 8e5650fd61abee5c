import type { HospitalTransaction } from '../tenancy/hospital-scope.js';
import { DomainError } from '../platform/domain-error.js';
import type { Guideline } from '../guideline/guideline.js';
import { ClinicalEvent } from '../patients/clinical-event.entity.js';
import type { Patient } from '../patients/patient.entity.js';
import { refuseAssignment, refuseDecision } from './decision-check.js';
import { Decision, type PreviewDecision } from './decision.js';
import { findItem } from './item-look-up.js';
import { msg } from '../platform/messages/dictionary.js';

/**
 * The decision in its stored form, with defaults filled in. Refuses (422) a decision that is not possible. `at` is the
 * pointer to the decision in the request.
 */
export async function storedForm(
  tx: HospitalTransaction,
  patient: Patient,
  input: PreviewDecision,
  { guideline, at }: { readonly guideline: Guideline; readonly at: string },
): Promise<Decision> {
  refuseDecision(input, guideline, at);
  if (input.kind === 'rule_off') return Decision.parse({ ...input, from: input.from ?? tx.today });
  if (input.kind !== 'assignment') return Decision.parse(input);
  const which = { hospitalId: tx.hospital.id, patientId: patient.id };
  const event = await tx.db.findOneBy(ClinicalEvent, { ...which, id: input.eventId });
  const found = await findItem(tx, input.itemId);
  const item = found?.patientId === patient.id ? found : null;
  refuseAssignment(event, item, guideline, at);
  if (item?.state === 'completed')
    throw new DomainError(
      'conflict',
      'already-completed',
      msg('completed-on', { date: item.completedOn ?? '' }),
    );
  return { kind: 'assignment', eventId: input.eventId, due: item?.due ?? tx.today };
}
