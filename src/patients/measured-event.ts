import type { HospitalTransaction } from '../tenancy/hospital-scope.js';
import { type FieldFault, invalid } from '../platform/domain-error.js';
import type { ClinicalFact } from '../guideline/facts.js';
import { recordedFindings } from '../guideline/findings.js';
import { readExam } from '../guideline/measured-exam.js';
import type { HowToConfirm } from '../guideline/reference-limits.js';
import { msg } from '../platform/messages/dictionary.js';
import type { ClinicalEvent } from './clinical-event.entity.js';
import type { ClinicalEventInput } from './clinical-event-input.js';
import { type ExamReport, reportOf } from './exam-report.js';
import type { EventHistory } from './event-history.js';

/** An event with its measured values parsed, ready to be recorded. */
export interface MeasuredEvent extends Pick<ClinicalEvent, 'toJudge' | 'confirmedBy'> {
  readonly fact: ClinicalFact;
  /** Values that the caller must confirm before the event is recorded; empty once confirmed. */
  readonly doubts: readonly FieldFault[];
}

/** Reads the measured values and findings of an event by the hospital's guideline and limits; `history` is the patient's. */
export function measuredEvent(
  { hospital, caller }: Pick<HospitalTransaction, 'hospital' | 'caller'>,
  input: ClinicalEventInput | ClinicalFact,
  history: EventHistory,
  howToConfirm: HowToConfirm = 'confirm-in-body',
): MeasuredEvent | { readonly faults: readonly FieldFault[] } {
  const { confirmed, ...event } = withoutEmptyFields(input);
  const read = readExam(event, history.on(event.date), {
    guideline: hospital.guideline ?? {},
    limits: hospital.policy.referenceLimits ?? {},
    laboratories: hospital.policy.laboratoryLimits,
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

/** The same exam, whether nothing was written of it or an empty list. */
function withoutEmptyFields({ findings, report, ...event }: ClinicalFact): ClinicalFact {
  const written = report === undefined ? undefined : reportOf(report as ExamReport);
  return {
    ...event,
    ...(recordedFindings({ findings }).length > 0 && { findings }),
    ...(written !== undefined && { report: written }),
  };
}

/** The event with its measured values parsed. Refuses (422) values that cannot be parsed. */
export function readableEvent(...asked: Parameters<typeof measuredEvent>): MeasuredEvent {
  const measured = measuredEvent(...asked);
  if ('faults' in measured) throw invalid('invalid-input', msg('invalid-input'), measured.faults);
  return measured;
}

/** Refuses (422) an event with values that the caller must confirm first. */
export function refuseDoubts({ doubts }: MeasuredEvent): void {
  if (doubts.length > 0)
    throw invalid(
      'needs-confirmation',
      msg('needs-confirmation', { doubts: doubts.map(({ message }) => message) }),
      doubts,
    );
}
