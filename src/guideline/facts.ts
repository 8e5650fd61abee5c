import { EXAM_OUTCOMES, KNOWN_ACTIVITIES } from './activities.js';
import { type CalendarDate, order } from './calendar.js';
import type { EventPattern, Guideline, Values } from './guideline.js';

/** The types of dated facts. Of several on one day, the order here is the assumed order. */
export const CLINICAL_EVENT_TYPES = [
  'primary_resection',
  'liver_metastasis_diagnosed',
  'recurrence',
  'conversion_therapy_ended', // before the start: one line of therapy may replace another on the same day
  'conversion_therapy_started',
  'liver_ned',
  'colonoscopy',
  'exam',
  'lynch_syndrome_confirmed',
  'transferred_out',
  'lost_to_follow_up',
  'consent_withdrawn',
  'death',
] as const;
export type ClinicalEventType = (typeof CLINICAL_EVENT_TYPES)[number];

/** The fields of each type that a guideline may use, with their values; null: any text. */
export const EVENT_FIELDS = {
  primary_resection: {
    site: ['colon', 'rectum'],
    stage: ['I', 'II', 'III', 'IV'],
    intent: ['curative', 'palliative'],
    preoperativeColonoscopy: ['complete', 'incomplete'],
  },
  liver_metastasis_diagnosed: {},
  recurrence: { site: null },
  conversion_therapy_ended: {},
  conversion_therapy_started: { mmr: ['pMMR', 'dMMR'] },
  liver_ned: { by: ['resection', 'ablation', 'sbrt', 'systemic', 'combined'] },
  colonoscopy: { finding: KNOWN_ACTIVITIES.colonoscopy.outcomes },
  exam: { activity: null, outcome: EXAM_OUTCOMES },
  lynch_syndrome_confirmed: {},
  transferred_out: {},
  lost_to_follow_up: {},
  consent_withdrawn: {},
  death: {},
} as const satisfies Record<ClinicalEventType, Record<string, readonly string[] | null>>;

/** The optional fields of each type when an event is recorded. */
const OPTIONAL_FIELDS: Readonly<Partial<Record<ClinicalEventType, readonly string[]>>> = {
  liver_ned: ['by'],
  recurrence: ['site'],
  exam: ['outcome'],
};

/** One field of an event type: its values, null for any text, and whether it is optional. */
export interface EventField {
  readonly name: string;
  readonly values: readonly string[] | null;
  readonly optional: boolean;
}

/** The known fields of an event type. */
export const fieldsOfEvent = (type: ClinicalEventType): readonly EventField[] =>
  Object.entries<readonly string[] | null>(EVENT_FIELDS[type]).map(([name, values]) => ({
    name,
    values,
    optional: OPTIONAL_FIELDS[type]?.includes(name) === true,
  }));

/** The event type that records an exam and names the activity in a field. */
export const EXAM_EVENT = 'exam' satisfies ClinicalEventType;

/** The free-text field, and its event type. */
export const FREE_TEXT = { event: 'recurrence', field: 'site' } as const satisfies {
  event: ClinicalEventType;
  field: string;
};

/** The event type that says that the patient has died. */
export const DEATH_EVENT = 'death' satisfies ClinicalEventType;

export const isDeath = ({ type }: Pick<ClinicalFact, 'type'>): boolean => type === DEATH_EVENT;

/** The type of event that says that the disease has come back, and the type that says that the liver is free of it. */
export const RECURRENCE_EVENT = 'recurrence' satisfies ClinicalEventType;
export const NED_EVENT = 'liver_ned' satisfies ClinicalEventType;

/** The type of event that says that metastases of the liver were found. */
export const LIVER_METASTASIS_EVENT = 'liver_metastasis_diagnosed' satisfies ClinicalEventType;

/** The type of event by which a person records a loss to follow-up. */
export const LOSS_EVENT = 'lost_to_follow_up' satisfies ClinicalEventType;

/** The type of event after which the patient's data may not be used any more. */
export const WITHDRAWAL_EVENT = 'consent_withdrawn' satisfies ClinicalEventType;

/** Names that a declared field must not have. */
export const RESERVED_FIELDS = [
  ...(['type', 'date', 'id', 'forDue'] as const),
  ...(['values', 'findings', 'report', 'confirmed'] as const),
] as const;

/** After one of these events the hospital no longer follows the patient. */
export const CLOSING_EVENTS = [
  'death',
  'transferred_out',
  'lost_to_follow_up',
  'consent_withdrawn',
] as const satisfies ClinicalEventType[];

/** One dated fact of one of these types, or of a type that a guideline declares; other fields depend on the type. */
export interface ClinicalFact {
  readonly type: string;
  readonly date: CalendarDate;
  /** The id of the stored event, if there is one. */
  readonly id?: string;
  /** For an exam: the due date of the item for which a person recorded it. */
  readonly forDue?: CalendarDate;
  readonly [field: string]: unknown;
}

/** The planner's input about a patient. */
export interface PatientFacts {
  readonly birthDate: CalendarDate;
  readonly diagnosisDate: CalendarDate;
  readonly events: readonly ClinicalFact[];
  /** From this day on the hospital is responsible for the follow-up; default: the first clock's start. */
  readonly enrolledOn?: CalendarDate;
}

/** Facts that every patient has without a recorded event. */
export const ORIGINS = ['birth', 'diagnosis'] as const;

// Declared types come after the known ones, before an end.
const OWN_TYPES_RANK = CLINICAL_EVENT_TYPES.indexOf('transferred_out') - 0.5;
const RANK = new Map<string, number>([
  ...ORIGINS.map((type, rank): [string, number] => [type, rank - ORIGINS.length]),
  ...CLINICAL_EVENT_TYPES.map((type, rank): [string, number] => [type, rank]),
]);

/**
 * The patient's birth, diagnosis and events in chronological order; types that the guideline declares have their
 * place there.
 */
export function inOrder(
  { birthDate, diagnosisDate, events }: PatientFacts,
  { events: declared = {} }: Pick<Guideline, 'events'>,
): ClinicalFact[] {
  const own = Object.keys(declared);
  return [{ type: 'birth', date: birthDate }, { type: 'diagnosis', date: diagnosisDate }, ...events].sort(
    (a, b) => byTime(a, b, own),
  );
}

/**
 * Negative, zero or positive when `a` comes before, equals or comes after `b`: by date, within a day by the order of
 * types (`own` is the order of a guideline's own types), and then by content, so that the order of entry has no
 * effect.
 */
export function byTime(a: ClinicalFact, b: ClinicalFact, own: readonly string[] = []): number {
  const rankOf = ({ type }: ClinicalFact): number =>
    RANK.get(type) ?? OWN_TYPES_RANK + own.indexOf(type) / 1e6;
  return order(a.date, b.date) || rankOf(a) - rankOf(b) || order(written(a), written(b));
}

const written = (fact: ClinicalFact): string =>
  JSON.stringify(Object.entries(fact).sort(([a], [b]) => order(a, b)));

/** Whether each of these fields of `fact` has one of the listed values. */
export function hasValues(fact: ClinicalFact, where: Values | undefined): boolean {
  if (where === undefined) return true;
  for (const field in where) if (!where[field]?.some((value) => value === fact[field])) return false;
  return true;
}

export const matches = (fact: ClinicalFact, { event, where }: EventPattern): boolean =>
  fact.type === event && hasValues(fact, where);
