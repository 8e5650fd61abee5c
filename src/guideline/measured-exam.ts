import type { ClinicalFact, FactFault } from './facts.js';
import type { Guideline } from './guideline.js';
import { type MeasuredValue, readMeasuredValues, type WrittenValue } from './measured-value.js';
import { allMeasurements, measurementsOf } from './measurements.js';
import { activityRecorded } from './recorded-exam.js';
import {
  doubtsAbout,
  type HowToConfirm,
  type ReferenceLimits,
  type ValueToJudge,
  valuesToJudge,
} from './reference-limits.js';

/** What is needed to read and assess the values of an exam. */
export interface MeasuringContext {
  readonly guideline: Pick<Guideline, 'measurements' | 'activities'>;
  readonly limits: ReferenceLimits;
  readonly howToConfirm: HowToConfirm;
}

/** An exam in its recorded form, with its values in the units of the measurements. Any other event is unchanged. */
export interface ReadExam {
  readonly fact: ClinicalFact;
  readonly toJudge: readonly ValueToJudge[];
  /** Values that the caller must confirm before the exam is recorded. */
  readonly doubts: readonly FactFault[];
}

/** Reads the measured values of an event; `recorded` are the patient's other events. */
export function readExam(
  input: ClinicalFact,
  recorded: readonly ClinicalFact[],
  { guideline, limits, howToConfirm }: MeasuringContext,
): ReadExam | { readonly faults: readonly FactFault[] } {
  const { values: written, ...fact } = input;
  if (!Array.isArray(written) || written.length === 0) return { fact, toJudge: [], doubts: [] };
  const activityOf = (one: ClinicalFact): string => activityRecorded(one, guideline) ?? one.type;
  const activity = activityOf(input);
  const measurements = measurementsOf(activity, guideline);
  const activities = Object.keys(allMeasurements(guideline));
  const read = readMeasuredValues(activity, written as WrittenValue[], measurements, activities);
  if ('faults' in read) return read;
  const { values } = read;
  const exam = { date: input.date, outcome: input['outcome'], values };
  const sameDay = recorded.filter((one) => one.date === input.date && activityOf(one) === activity);
  return {
    fact: { ...fact, values },
    toJudge: valuesToJudge(values, measurements, limits),
    doubts: doubtsAbout(exam, sameDay, measurements, limits, howToConfirm),
  };
}

/** The stored values of an event, also those stored by an older version. */
export const valuesOf = ({ values }: Readonly<Record<string, unknown>>): readonly MeasuredValue[] =>
  Array.isArray(values) ? (values as MeasuredValue[]) : [];
