import { EXAM_OUTCOMES, KNOWN_ACTIVITIES } from './activities.js';
import { type CalendarDate, order } from './calendar.js';
import type { EventPattern, Guideline, Values } from './guideline.js';
import type { Message } from './message.js';
import { msg } from './messages.js';

/** The types of dated facts, in the order in which several on one day are taken to have happened. */
export const CLINICAL_EVENT_TYPES = [
  'primary_resection',
  'liver_metastasis_diagnosed',
  'recurrence',
  'conversion_therapy_ended', // before the start: one line of therapy may give way to the next on the same day
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

/** The fields of each type that a guideline may ask about, with their values; null: any text. */
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

/** The fields of each type that may be left out when an event is recorded. */
const OPTIONAL_FIELDS: Readonly<Partial<Record<ClinicalEventType, readonly string[]>>> = {
  liver_ned: ['by'],
  recurrence: ['site'],
  exam: ['outcome'],
};

/** One field of a type of event: its values, null for any text, and whether it may be left out. */
export interface EventField {
  readonly name: string;
  readonly values: readonly string[] | null;
  readonly optional: boolean;
}

/** The fields of a type of event that the program knows. */
export const fieldsOfEvent = (type: ClinicalEventType): readonly EventField[] =>
  Object.entries<readonly string[] | null>(EVENT_FIELDS[type]).map(([name, values]) => ({
    name,
    values,
    optional: OPTIONAL_FIELDS[type]?.includes(name) === true,
  }));

/** The type of event that records an exam and names the activity in a field. */
export const EXAM_EVENT = 'exam' satisfies ClinicalEventType;

/** The field in which people write in their own words, and the type of event that has it. */
export const FREE_TEXT = { event: 'recurrence', field: 'site' } as const satisfies {
  event: ClinicalEventType;
  field: string;
};

export const isDeath = ({ type }: Pick<ClinicalFact, 'type'>): boolean => type === 'death';

/** Names that no declared field may have. */
export const RESERVED_FIELDS = ['type', 'date', 'id', 'forDue', 'values', 'confirmed'] as const;

/** After one of these the hospital follows the patient no longer. */
export const CLOSING_EVENTS = [
  'death',
  'transferred_out',
  'lost_to_follow_up',
  'consent_withdrawn',
] as const satisfies ClinicalEventType[];

/** One dated fact of one of these types, or of one that a guideline declares; other fields follow from the type. */
export interface ClinicalFact {
  readonly type: string;
  readonly date: CalendarDate;
  /** The stored event it came from, if any. */
  readonly id?: string;
  /** For an examination: the due date of the slot that a person recorded it for. */
  readonly forDue?: CalendarDate;
  readonly [field: string]: unknown;
}

/** What the planner knows of a patient. */
export interface PatientFacts {
  readonly birthDate: CalendarDate;
  readonly diagnosisDate: CalendarDate;
  readonly events: readonly ClinicalFact[];
  /** From this day on the hospital answers for the follow-up; default: the first clock's start. */
  readonly enrolledOn?: CalendarDate;
}

/** What every patient has without its being recorded. */
export const ORIGINS = ['birth', 'diagnosis'] as const;

// What a guideline declares comes after what the house knows, before an end.
const OWN_TYPES_RANK = CLINICAL_EVENT_TYPES.indexOf('transferred_out') - 0.5;
const RANK = new Map<string, number>([
  ...ORIGINS.map((type, rank): [string, number] => [type, rank - ORIGINS.length]),
  ...CLINICAL_EVENT_TYPES.map((type, rank): [string, number] => [type, rank]),
]);

/** The patient's birth, diagnosis and events in the order of time; what the guideline declares in its order there. */
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
 * Negative, zero or positive as `a` comes before, with or after `b`: by date, within a day by the order of
 * types (`own` is the order of a guideline's own ones), and then by what they say, so that the order of entry never decides.
 */
export function byTime(a: ClinicalFact, b: ClinicalFact, own: readonly string[] = []): number {
  const rankOf = ({ type }: ClinicalFact): number =>
    RANK.get(type) ?? OWN_TYPES_RANK + own.indexOf(type) / 1e6;
  return order(a.date, b.date) || rankOf(a) - rankOf(b) || order(written(a), written(b));
}

const written = (fact: ClinicalFact): string =>
  JSON.stringify(Object.entries(fact).sort(([a], [b]) => order(a, b)));

/** Whether each named field of `fact` has one of the values listed for it. */
export function hasValues(fact: ClinicalFact, where: Values | undefined): boolean {
  if (where === undefined) return true;
  for (const field in where) if (!where[field]?.some((value) => value === fact[field])) return false;
  return true;
}

export const matches = (fact: ClinicalFact, { event, where }: EventPattern): boolean =>
  fact.type === event && hasValues(fact, where);

/** One thing wrong with a patient's facts: the JSON pointer to it, a stable code, and a remedy in words. */
export interface FactFault {
  readonly pointer: string;
  readonly code: string;
  readonly message: Message;
}

/** What contradicts itself in the facts as known on `today`, the hospital's calendar day. Empty: nothing. */
export function faultsOf(facts: PatientFacts, today: CalendarDate): FactFault[] {
  const { birthDate, diagnosisDate, enrolledOn, events } = facts;
  const faults: FactFault[] = [];
  const fault = (pointer: string, code: string, message: Message): void =>
    void faults.push({ pointer, code, message });

  if (birthDate > today)
    fault('/birthDate', 'date-in-future', msg('date-in-future', { date: birthDate, today }));
  if (diagnosisDate > today)
    fault('/diagnosisDate', 'date-in-future', msg('date-in-future', { date: diagnosisDate, today }));
  if (enrolledOn !== undefined && enrolledOn > today)
    fault('/enrolledOn', 'date-in-future', msg('enrolment-in-future', { date: enrolledOn, today }));
  if (enrolledOn !== undefined && enrolledOn < birthDate)
    fault('/enrolledOn', 'before-birth', msg('before-birth', { date: enrolledOn, birthDate }));
  if (diagnosisDate < birthDate)
    fault('/diagnosisDate', 'before-birth', msg('before-birth', { date: diagnosisDate, birthDate }));

  const deaths = events.filter(isDeath).map(({ date }) => date);
  const death = deaths.length === 0 ? undefined : deaths.reduce((a, b) => (a < b ? a : b));
  for (const [index, event] of events.entries())
    for (const { code, message } of faultsOfEvent(event, { birthDate, diedOn: death, today }))
      fault(`/events/${index}/date`, code, message);
  return faults;
}

/** What contradicts itself in one event: it lies in the future, before birth, or after the earliest death, if any. */
export function faultsOfEvent(
  { type, date }: Pick<ClinicalFact, 'type' | 'date'>,
  {
    birthDate,
    diedOn,
    today,
  }: {
    readonly birthDate: CalendarDate;
    readonly diedOn: CalendarDate | undefined;
    readonly today: CalendarDate;
  },
): FactFault[] {
  const faults: FactFault[] = [];
  const fault = (code: string, message: Message): void =>
    void faults.push({ pointer: '/date', code, message });
  if (date > today) fault('date-in-future', msg('event-in-future', { type, date, today }));
  if (date < birthDate) fault('before-birth', msg('event-before-birth', { type, date, birthDate }));
  if (diedOn !== undefined && date > diedOn)
    fault('after-death', msg('after-death', { type, date, death: diedOn }));
  return faults;
}
