import type { CalendarDate } from './calendar.js';
import type { FactFault } from './fact-faults.js';
import type { ClinicalFact } from './facts.js';
import type { Measurement } from './guideline.js';
import type { MeasuredValue } from './measured-value.js';
import { msg } from './measurement-messages.js';
import { codeForm } from './measurements.js';

/** The limits that a hospital has chosen, by the code of the measurement, in its unit. */
export type ReferenceLimits = Readonly<Record<string, number>>;

/** The limits by which the values of one exam are compared, where the value itself brings none. */
export interface LimitsOfExam {
  /** Of the laboratory that measured them, as the hospital lists it; empty: it is not listed, or not known. */
  readonly laboratory: ReferenceLimits;
  readonly hospital: ReferenceLimits;
}

/** The limit with which a value was compared, and its source. */
export interface AppliedLimit {
  readonly limit: number;
  readonly limitOf: 'laboratory' | 'hospital' | 'default';
}

/** A value that must be assessed. */
export interface ValueToJudge extends AppliedLimit {
  readonly code: string;
}

/** One form for the name of a laboratory that people write differently. */
export const laboratoryForm = (name: string): string =>
  name.normalize('NFKC').trim().replace(/\s+/g, ' ').toLowerCase();

/** What the hospital lists for the laboratory of this name; empty where it lists nothing. */
export function limitsOfLaboratory(
  name: unknown,
  listed: Readonly<Record<string, ReferenceLimits>>,
): ReferenceLimits {
  if (typeof name !== 'string') return {};
  const form = laboratoryForm(name);
  return Object.entries(listed).find(([one]) => laboratoryForm(one) === form)?.[1] ?? {};
}

/** The limit printed with the value, else that of its laboratory, else the hospital's, else the usual one. */
export function limitFor(
  { code, referenceLimit }: Pick<MeasuredValue, 'code' | 'referenceLimit'>,
  measurements: readonly Measurement[],
  { laboratory, hospital }: LimitsOfExam,
): AppliedLimit {
  if (referenceLimit !== undefined) return { limit: referenceLimit, limitOf: 'laboratory' };
  const ofLaboratory = Object.hasOwn(laboratory, code) ? laboratory[code] : undefined;
  if (ofLaboratory !== undefined) return { limit: ofLaboratory, limitOf: 'laboratory' };
  const chosen = Object.hasOwn(hospital, code) ? hospital[code] : undefined;
  if (chosen !== undefined) return { limit: chosen, limitOf: 'hospital' };
  const usual = measurements.find((one) => one.code === code)?.referenceLimit.default;
  return { limit: usual ?? Infinity, limitOf: 'default' };
}

/**
 * `open`: the comparator does not decide it, as `<10` does not for a limit of 5. A value equal to the limit is within
 * it.
 */
export function positionOf(
  { value, comparator, flag }: MeasuredValue,
  limit: number,
): 'within' | 'above' | 'open' {
  // A value that the laboratory marked is above its own limit, which may be lower than the limit known here.
  if (flag === 'high') return 'above';
  switch (comparator) {
    case undefined:
      return value > limit ? 'above' : 'within';
    case '<':
    case '<=':
      return value <= limit ? 'within' : 'open';
    case '>':
      return value >= limit ? 'above' : 'open';
    case '>=':
      return value > limit ? 'above' : 'open';
  }
}

/** The values that are not certainly within their limit. */
export const valuesToJudge = (
  values: readonly MeasuredValue[],
  measurements: readonly Measurement[],
  limits: LimitsOfExam,
): ValueToJudge[] =>
  values.flatMap((value) => {
    const applied = limitFor(value, measurements, limits);
    return positionOf(value, applied.limit) === 'within' ? [] : [{ code: value.code, ...applied }];
  });

/** An exam with parsed values. */
export interface MeasuredExam {
  readonly date: CalendarDate;
  readonly outcome: unknown;
  readonly values: readonly MeasuredValue[];
}

/** How a caller confirms an implausible value. */
export type HowToConfirm = 'confirm-in-body' | 'confirm-in-file';

/**
 * The values that must be confirmed: a value certainly above its limit with the outcome normal, and a value that
 * differs from the one recorded for the same day. An outcome that is not normal, with all values within their limits,
 * is no contradiction: a rise within the limits is a finding.
 */
export function doubtsAbout(
  { date, outcome, values }: MeasuredExam,
  sameDay: readonly ClinicalFact[],
  measurements: readonly Measurement[],
  limits: LimitsOfExam,
  how: HowToConfirm,
): FactFault[] {
  const howToConfirm = msg(how);
  return values.flatMap((value, index): FactFault[] => {
    const pointer = `/values/${index}/value`;
    const { code } = value;
    const { limit } = limitFor(value, measurements, limits);
    const doubts: FactFault[] = [];
    if (outcome === 'normal' && positionOf(value, limit) === 'above') {
      const about = { code, value: valueText(value), limit: `${limit} ${value.unit}`, howToConfirm };
      const key = value.flag === 'high' ? 'marked-high-yet-normal' : 'above-limit-yet-normal';
      doubts.push({ pointer, code: 'contradicts-outcome', message: msg(key, about) });
    }
    const recorded = sameDay.flatMap(recordedValues).find((one) => differs(one, value));
    if (recorded) {
      const about = { date, code, recorded: valueText(recorded), howToConfirm };
      const message = msg('differs-from-recorded-value', about);
      doubts.push({ pointer, code: 'differs-from-record', message });
    }
    return doubts;
  });
}

/** In the notation of a report: `<2 ng/mL`. */
export const valueText = ({ comparator, value, unit }: MeasuredValue): string =>
  `${comparator ?? ''}${value} ${unit}`;

const recordedValues = (fact: ClinicalFact): readonly MeasuredValue[] =>
  Array.isArray(fact['values']) ? (fact['values'] as readonly MeasuredValue[]) : [];

const differs = (recorded: MeasuredValue, value: MeasuredValue): boolean =>
  codeForm(recorded.code) === codeForm(value.code) &&
  (recorded.value !== value.value ||
    recorded.comparator !== value.comparator ||
    recorded.unit !== value.unit);
