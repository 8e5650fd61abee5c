import type { CalendarDate } from './calendar.js';
import { type ClinicalEventType, type ClinicalFact, EXAM_EVENT } from './facts.js';
import type { Language, Text } from './guideline.js';
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
  return lynch ? [resection, { type: HEREDITARY_EVENT, date: diagnosisDate }] : [resection];
}

const HEREDITARY_EVENT = 'lynch_syndrome_confirmed' satisfies ClinicalEventType;

/** The types of the events that the columns of a roster about the disease say. */
export const ROSTER_EVENTS: readonly ClinicalEventType[] = [RESECTION_EVENT, HEREDITARY_EVENT];

/** What a roster says of these recorded facts, so that it says the same facts again; undefined: no operation is recorded. */
export function rosterCourseOf(
  diagnosisDate: CalendarDate,
  facts: readonly ClinicalFact[],
): Partial<RosterCourse> | undefined {
  const [resection] = facts
    .filter(({ type }) => type === RESECTION_EVENT)
    .sort((a, b) => (a.date < b.date ? -1 : Number(a.date > b.date)));
  if (resection === undefined) return undefined;
  const text = (field: string): { [name: string]: string } => {
    const value = (resection as Readonly<Record<string, unknown>>)[field];
    return typeof value === 'string' ? { [field]: value } : {};
  };
  return {
    ...{ diagnosisDate, resectionDate: resection.date },
    ...{ ...text('site'), ...text('stage'), ...text('preoperativeColonoscopy'), ...text('intent') },
    lynch: facts.some(({ type, date }) => type === HEREDITARY_EVENT && date === diagnosisDate),
  };
}

/** How a roster writes the values of these facts, in words that an import reads. */
const VALUE_WORDS: Readonly<Record<string, Text>> = {
  colon: { zh: '结肠', en: 'colon' },
  rectum: { zh: '直肠', en: 'rectum' },
  complete: { zh: '完整', en: 'complete' },
  incomplete: { zh: '未完成', en: 'incomplete' },
  curative: { zh: '根治', en: 'curative' },
  palliative: { zh: '姑息', en: 'palliative' },
};

/** A stage has one name in both languages. */
export const rosterWord = (value: string, language: Language): string =>
  VALUE_WORDS[value]?.[language] ?? value;

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
