import { addMonths, type CalendarDate, calendarDate } from '../../src/guideline/calendar.js';
import type { ClinicalFact } from '../../src/guideline/facts.js';
import type { ActivityCode, Guideline } from '../../src/guideline/guideline.js';
import type { Choices } from '../../src/guideline/choices.js';
import { type Plan, planSurveillance } from '../../src/guideline/planner.js';
import { CRLM_CN_2025 } from '../../src/guideline/published/crlm-cn-2025.js';
import { type ItemStatus, type PlannedItem, statusOn } from '../../src/guideline/planned-item.js';

export const SURGERY = calendarDate('2020-01-31');
export const NED = calendarDate('2021-08-31');
export const month = (count: number, clock = SURGERY): CalendarDate => addMonths(clock, count);

export const fact = (type: string, date: string, fields: Record<string, unknown> = {}): ClinicalFact => ({
  type,
  date: calendarDate(date),
  ...fields,
});
export const resection = (fields: Record<string, unknown> = {}): ClinicalFact =>
  fact('primary_resection', SURGERY, {
    site: 'colon',
    stage: 'III',
    intent: 'curative',
    preoperativeColonoscopy: 'complete',
    ...fields,
  });
export const ned = (date: string = NED): ClinicalFact => fact('liver_ned', date, { by: 'resection' });
export const conversion = (date: string, mmr = 'pMMR'): ClinicalFact =>
  fact('conversion_therapy_started', date, { mmr });
export const colonoscopy = (date: string, finding = 'normal'): ClinicalFact =>
  fact('colonoscopy', date, { finding });
export const exam = (activity: ActivityCode, date: string, outcome = 'normal'): ClinicalFact =>
  fact('exam', date, { activity, outcome });
export const recurrence = (date: string): ClinicalFact => fact('recurrence', date, { site: 'lung' });

export interface Circumstances extends Partial<Choices> {
  readonly asOf?: string;
  readonly until?: string;
  readonly enrolledOn?: string;
  readonly birthDate?: string;
  readonly diagnosisDate?: string;
}

/** The plan by the 2025 guideline on the day of the last event, unless another day is given. */
export const planned = (
  events: readonly ClinicalFact[],
  given: Circumstances = {},
): Plan & { readonly asOf: CalendarDate } => plannedBy(CRLM_CN_2025, events, given);

/** The plan by any guideline on the day of the last event, unless another day is given. */
export function plannedBy(
  guideline: Guideline,
  events: readonly ClinicalFact[],
  { asOf, until, enrolledOn, birthDate, diagnosisDate, ...choices }: Circumstances = {},
): Plan & { readonly asOf: CalendarDate } {
  const day = calendarDate(asOf ?? events.map(({ date }) => date).reduce((a, b) => (a > b ? a : b)));
  const patient = {
    birthDate: calendarDate(birthDate ?? '1955-03-01'),
    diagnosisDate: calendarDate(diagnosisDate ?? '2020-01-10'),
    enrolledOn: enrolledOn === undefined ? undefined : calendarDate(enrolledOn),
    events,
  };
  const chosen: Choices = { profile: 'intensive', liverImaging: 'ct', ...choices };
  const plan = planSurveillance(guideline, patient, chosen, {
    asOf: day,
    until: until === undefined ? undefined : calendarDate(until),
  });
  return { ...plan, asOf: day };
}

export const of = ({ items }: Plan, rule: string): PlannedItem[] =>
  items.filter((item) => item.rule === rule);
export const dues = (plan: Plan, rule: string): CalendarDate[] => of(plan, rule).map(({ due }) => due);
export const months = (clock: CalendarDate, ...counts: number[]): CalendarDate[] =>
  counts.map((count) => month(count, clock));
export const statusesOf = (
  plan: Plan & { readonly asOf: CalendarDate },
  rule: string,
): [CalendarDate, ItemStatus][] => of(plan, rule).map((item) => [item.due, statusOn(plan.asOf, item)]);
export const recommendations = (plan: Plan, rule: string): string[] => [
  ...new Set(of(plan, rule).map(({ evidence, grade }) => `${evidence ?? '-'} ${grade ?? '-'}`)),
];
