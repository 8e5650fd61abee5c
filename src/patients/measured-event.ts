import type { HospitalTransaction } from '../tenancy/hospital-scope.js';
import { type FieldFault, invalid } from '../platform/domain-error.js';
import type { ClinicalFact } from '../guideline/facts.js';
import { readExam } from '../guideline/measured-exam.js';
import { findGuideline } from '../guideline/published/index.js';
import type { HowToConfirm } from '../guideline/reference-limits.js';
import { msg } from '../platform/messages/dictionary.js';
import type { ClinicalEvent } from './clinical-event.entity.js';
import type { ClinicalEventInput } from './clinical-event-input.js';
import type { EventHistory } from './event-history.js';

/** An event whose measured values have been read, as it is to be recorded. */
export interface MeasuredEvent extends Pick<ClinicalEvent, 'toJudge' | 'confirmedBy'> {
  readonly fact: ClinicalFact;
  /** What somebody has to confirm first; empty once they have. */
  readonly doubts: readonly FieldFault[];
}

/** Reads the measured values of an event by the hospital's guideline and limits; `history` is the patient's. */
export function measuredEvent(
  { hospital, caller }: Pick<HospitalTransaction, 'hospital' | 'caller'>,
  input: ClinicalEventInput | ClinicalFact,
  history: EventHistory,
  howToConfirm: HowToConfirm = 'confirm-in-body',
): MeasuredEvent | { readonly faults: readonly FieldFault[] } {
  const { confirmed, ...told }: ClinicalFact = input;
  const read = readExam(told, history.on(told.date), {
    guideline: findGuideline(hospital.policy.guideline) ?? {},
    limits: hospital.policy.referenceLimits ?? {},
    howToConfirm,
  });
  if ('faults' in read) return read;
  const { fact, toJudge, doubts } = read;
  const isConfirmed = confirmed === true && doubts.length > 0;
  return {
    fact,
    toJudge: toJudge.length > 0 ? toJudge : null,
    confirmedBy: isConfirmed ? caller.name : null,
    doubts: confirmed === true ? [] : doubts,
  };
}

/** The same; refuses (422) what cannot be read. */
export function readableEvent(...asked: Parameters<typeof measuredEvent>): MeasuredEvent {
  const measured = measuredEvent(...asked);
  if ('faults' in measured) throw invalid('invalid-input', msg('invalid-input'), measured.faults);
  return measured;
}

/** Refuses (422) what somebody has to confirm. */
export function refuseDoubts({ doubts }: MeasuredEvent): void {
  if (doubts.length > 0)
    throw invalid(
      'needs-confirmation',
      msg('needs-confirmation', { doubts: doubts.map(({ message }) => message) }),
      doubts,
    );
}
