import type { CalendarDate } from './calendar.js';
import type { ClinicalEventType, ClinicalFact } from './facts.js';

/** The content of one row of a roster about a patient's disease. */
export interface RosterCourse {
  readonly resectionDate: CalendarDate;
  readonly diagnosisDate: CalendarDate;
  readonly site: string;
  readonly stage: string;
  readonly preoperativeColonoscopy: string;
  readonly lynch: boolean;
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
  ...fields
}: RosterCourse): ClinicalFact[] {
  const resection = { type: RESECTION_EVENT, date: resectionDate, ...fields, intent: 'curative' };
  return lynch ? [resection, { type: 'lynch_syndrome_confirmed', date: diagnosisDate }] : [resection];
}
