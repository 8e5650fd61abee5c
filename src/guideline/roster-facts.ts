import type { CalendarDate } from './calendar.js';
import { type ClinicalEventType, type ClinicalFact, EXAM_EVENT } from './facts.js';
import { MEASUREMENTS } from './measurements.js';

/** The content of one row of a roster about a patient's disease. */
export interface RosterCourse {
  readonly resectionDate: CalendarDate;
  readonly diagnosisDate: CalendarDate;
  readonly site: string;
  readonly stage: string;
  readonly preoperativeColonoscopy: string;
  readonly lynch: boolean;
  /** Default: to cure. */
  readonly intent?: string | undefined;
}

/** The event type of the column `resection_date` of a roster; any other comes from `lynch`. */
export const RESECTION_EVENT = 'primary_resection' satisfies ClinicalEventType;

/**
 * The facts of such a row. The roster lists patients after curative surgery; Lynch syndrome counts from the
 * diagnosis.
 */
export function rosterFacts({
  resectionDate,
  diagnosisDate,
  lynch,
  intent = 'curative',
  ...fields
}: RosterCourse): ClinicalFact[] {
  const resection = { type: RESECTION_EVENT, date: resectionDate, ...fields, intent };
  return lynch ? [resection, { type: 'lynch_syndrome_confirmed', date: diagnosisDate }] : [resection];
}

/** A fact of a roster besides diagnosis and operation. */
export type CourseFact = 'died' | 'lost' | 'recurred' | 'metastasis' | 'freeOfDisease';

const COURSE_EVENTS = {
  died: 'death',
  lost: 'lost_to_follow_up',
  recurred: 'recurrence',
  metastasis: 'liver_metastasis_diagnosed',
  freeOfDisease: 'liver_ned',
} as const satisfies Record<CourseFact, ClinicalEventType>;

/** The event that records such a fact; `by`: how the liver became free of disease. */
export const courseEvent = (fact: CourseFact, date: CalendarDate, by?: string): ClinicalFact => ({
  type: COURSE_EVENTS[fact],
  date,
  ...(fact === 'freeOfDisease' && by !== undefined && { by }),
});

/** The exam of a visit at which these values were measured, each with its code as in the measurements; null: none of them is known. */
export function visitExam(
  date: CalendarDate,
  values: readonly { readonly code: string; readonly value: string; readonly unit: string }[],
): ClinicalFact | null {
  const [activity] =
    Object.entries(MEASUREMENTS).find(([, measured]) =>
      values.some(({ code }) => measured.some((one) => one.code === code)),
    ) ?? [];
  return activity === undefined ? null : { type: EXAM_EVENT, date, activity, values };
}

/** Stage IV, which a roster with metastases by the diagnosis has to say. */
export const METASTATIC_STAGE = 'IV';
