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

/** By what the values of an exam are read and judged. */
export interface MeasuringContext {
  readonly guideline: Pick<Guideline, 'measurements' | 'activities'>;
  readonly limits: ReferenceLimits;
  readonly howToConfirm: HowToConfirm;
}

/** An exam as it is recorded: its values in the units of the measurements. Of any other event, the event. */
export interface ReadExam {
  readonly fact: ClinicalFact;
  readonly toJudge: readonly ValueToJudge[];
  /** What somebody has to confirm before it is recorded. */
  readonly doubts: readonly FactFault[];
}

/** Reads the measured values of an event; `recorded` are the other events of the patient. */
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

/** The stored values of an event, whichever version stored them. */
export const valuesOf = ({ values }: Readonly<Record<string, unknown>>): readonly MeasuredValue[] =>
  Array.isArray(values) ? (values as MeasuredValue[]) : [];
