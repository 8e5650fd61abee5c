import { outcomesOf } from './activities.js';
import type { FactFault } from './fact-faults.js';
import type { ClinicalFact } from './facts.js';
import { findingFaults, findingsOf, findingsToJudge, recordedFindings } from './findings.js';
import type { Guideline } from './guideline.js';
import { type ReviewReason, reasonsInFindings } from './review-reasons.js';
import { msg } from './measurement-messages.js';
import { type MeasuredValue, readMeasuredValues, type WrittenValue } from './measured-value.js';
import { allMeasurements, measurementsOf } from './measurements.js';
import { activityRecorded, outcomeRecorded } from './recorded-exam.js';
import { activityTitle, factTitle, outcomeTitle } from './vocabulary.js';
import {
  doubtsAbout,
  type HowToConfirm,
  limitsOfLaboratory,
  type ReferenceLimits,
  type ValueToJudge,
  valuesToJudge,
} from './reference-limits.js';

/** What is needed to read and assess an exam. */
export interface MeasuringContext {
  readonly guideline: Pick<Guideline, 'measurements' | 'activities'>;
  /** The hospital's own. */
  readonly limits: ReferenceLimits;
  /** By the name of the laboratory, where it differs from the hospital's. */
  readonly laboratories?: Readonly<Record<string, ReferenceLimits>> | undefined;
  readonly howToConfirm: HowToConfirm;
}

/** An exam in its recorded form, with its values in the units of the measurements. Any other event is unchanged. */
export interface ReadExam {
  readonly fact: ClinicalFact;
  readonly toJudge: readonly ReviewReason[];
  /** What the caller must confirm before the exam is recorded. */
  readonly doubts: readonly FactFault[];
}

/** Reads the measured values and findings of an event; `recorded` are the patient's other events. */
export function readExam(
  input: ClinicalFact,
  recorded: readonly ClinicalFact[],
  context: MeasuringContext,
): ReadExam | { readonly faults: readonly FactFault[] } {
  const { guideline, howToConfirm } = context;
  const activity = activityRecorded(input, guideline) ?? input.type;
  const findings = recordedFindings(input);
  const read = readValues(input, activity, recorded, context);
  const faults = [...('faults' in read ? read.faults : []), ...findingFaults(activity, findings, guideline)];
  if ('faults' in read || faults.length > 0) return { faults };
  return {
    fact: read.fact,
    toJudge: [...read.toJudge, ...reasonsInFindings(input, guideline)],
    doubts: [...read.doubts, ...doubtsAboutFindings(input, activity, guideline, howToConfirm)],
  };
}

interface ReadValuesOfExam {
  readonly fact: ClinicalFact;
  readonly toJudge: readonly ValueToJudge[];
  readonly doubts: readonly FactFault[];
}

function readValues(
  input: ClinicalFact,
  activity: string,
  recorded: readonly ClinicalFact[],
  { guideline, limits, laboratories = {}, howToConfirm }: MeasuringContext,
): ReadValuesOfExam | { readonly faults: readonly FactFault[] } {
  const { values: written, ...fact } = input;
  if (!Array.isArray(written) || written.length === 0) return { fact, toJudge: [], doubts: [] };
  const measurements = measurementsOf(activity, guideline);
  const measuring = Object.keys(allMeasurements(guideline)).map((code) => activityTitle(code, guideline));
  const read = readMeasuredValues(
    factTitle(input, guideline),
    written as WrittenValue[],
    measurements,
    measuring,
  );
  if ('faults' in read) return read;
  const { values } = read;
  const exam = { date: input.date, outcome: input['outcome'], values };
  const sameDay = recorded.filter(
    (one) => one.date === input.date && (activityRecorded(one, guideline) ?? one.type) === activity,
  );
  const applied = { laboratory: limitsOfLaboratory(laboratoryOf(input), laboratories), hospital: limits };
  return {
    fact: { ...fact, values },
    toJudge: valuesToJudge(values, measurements, applied),
    doubts: doubtsAbout(exam, sameDay, measurements, applied, howToConfirm),
  };
}

/** A finding that has to be judged contradicts the expected outcome. */
function doubtsAboutFindings(
  input: ClinicalFact,
  activity: string,
  guideline: MeasuringContext['guideline'],
  howToConfirm: HowToConfirm,
): FactFault[] {
  const [expected] = outcomesOf(activity, guideline);
  if (outcomeRecorded(input, guideline) !== expected) return [];
  const findings = recordedFindings(input);
  return findingsToJudge(activity, findings).map((finding) => ({
    pointer: `/findings/${findings.indexOf(finding)}/kind`,
    code: 'contradicts-outcome',
    message: msg('finding-yet-expected-outcome', {
      kind: findingsOf(activity)[finding.kind]?.title ?? finding.kind,
      outcome: outcomeTitle(expected ?? ''),
      howToConfirm: msg(howToConfirm),
    }),
  }));
}

/** The laboratory that measured the values of an exam, as its report names it. */
export const laboratoryOf = ({ report }: Readonly<Record<string, unknown>>): unknown =>
  typeof report === 'object' && report !== null
    ? (report as Record<string, unknown>)['laboratory']
    : undefined;

/** The stored values of an event, also those stored by an older version. */
export const valuesOf = ({ values }: Readonly<Record<string, unknown>>): readonly MeasuredValue[] =>
  Array.isArray(values) ? (values as MeasuredValue[]) : [];
