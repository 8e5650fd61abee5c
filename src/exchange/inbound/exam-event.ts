import type { CalendarDate } from '../../guideline/calendar.js';
import type { Guideline } from '../../guideline/guideline.js';
import { examPatterns } from '../../guideline/recorded-exam.js';
import type { ClinicalEventInput } from '../../patients/clinical-event-input.js';

/** An exam as another system reports it. */
export interface ReportedExamFacts {
  readonly activity: string;
  readonly date: CalendarDate;
  readonly outcome?: string | undefined;
  readonly values?: readonly unknown[] | undefined;
  readonly laboratory?: string | undefined;
}

/** The event that records the exam, in the form of the guideline. */
export function examEvent(
  { activity, date, outcome, values, laboratory }: ReportedExamFacts,
  guideline: Pick<Guideline, 'activities'>,
): ClinicalEventInput {
  const pattern = examPatterns(guideline).find((one) => one.activity === activity);
  if (pattern === undefined) throw new Error(`The guideline has no activity ${activity}.`);
  return {
    ...{ type: pattern.event, date },
    ...(pattern.isNamed && { activity }),
    ...(outcome !== undefined && { [pattern.outcomeField]: outcome }),
    ...(values !== undefined && { values }),
    ...(laboratory !== undefined && { report: { laboratory } }),
  };
}
