import { allMeasurements, codeForm, unitForm } from '../../guideline/measurements.js';
import { invalid } from '../../platform/domain-error.js';
import { msg } from '../../platform/messages/dictionary.js';
import type { HospitalTransaction } from '../../tenancy/hospital-scope.js';
import { measurementFor } from '../mappings/code-tables.js';
import { measurementOfLoinc } from './codes.js';
import { COUNTING, statusOf, TAKEN_BACK } from './incoming-report.js';
import { codesOf, type MessageContext } from './message-context.js';
import type { Coded, ObservationFacts, ReportFacts } from './reading/report.js';

/** The observations of one report that measure for one activity. */
export interface MeasuredReport {
  readonly activity: string;
  readonly observations: readonly { readonly code: string; readonly facts: ObservationFacts }[];
}

export interface WrittenValue {
  readonly code: string;
  readonly value: string;
  readonly unit?: string;
  readonly referenceLimit?: number;
  readonly flag?: 'high';
}

/** The observations of the report that some activity of the hospital's guideline measures, by activity. */
export function measuredReports(
  { hospital }: HospitalTransaction,
  report: ReportFacts,
  context: MessageContext,
): MeasuredReport[] {
  const measured = Object.entries(allMeasurements(hospital.guideline ?? {}));
  const known = measured.flatMap(([, list]) => list.map((one) => one.code));
  const exams = new Map<string, { code: string; facts: ObservationFacts }[]>();
  for (const facts of report.observations) {
    const code = measurementOf(facts.code, known, context);
    const [activity] = measured.find(([, list]) => list.some((one) => one.code === code)) ?? [];
    if (code === undefined || activity === undefined) continue;
    if (!statusOf(facts, report, [...COUNTING, ...TAKEN_BACK])) continue;
    exams.set(activity, [...(exams.get(activity) ?? []), { code, facts }]);
  }
  return [...exams].map(([activity, observations]) => ({ activity, observations }));
}

/** By the hospital's table, else by LOINC where the sender names it, else by the sender's own code of a measurement. */
function measurementOf(
  code: Coded | undefined,
  known: readonly string[],
  { mapping, sender }: MessageContext,
): string | undefined {
  const named = codesOf(code);
  const mapped = measurementFor(mapping, { sender, codes: named });
  if (mapped !== undefined) return mapped;
  for (const one of named) {
    const loinc = one.system === 'LN' ? measurementOfLoinc(one.code ?? '') : undefined;
    if (loinc !== undefined) return loinc;
  }
  if (named.some(({ system }) => system === 'LN')) return undefined; // LOINC says that it is something else
  return known.find((one) => codeForm(one) === codeForm(code?.code ?? ''));
}

/** Throws for a counting result without one number: it is never left out silently. */
export function valueOf(
  { code, facts }: MeasuredReport['observations'][number],
  context: MessageContext,
): WrittenValue {
  const [value, another] = facts.values;
  if (value?.measured === undefined || another !== undefined)
    throw invalid('invalid-input', msg('invalid-input'), [
      { pointer: '/OBX/5', code: 'invalid', message: msg('hl7-one-number', { code }) },
    ]);
  const { comparator = '' } = value.measured;
  const { unit, factor } = unitIn(facts.units, context);
  const limit = limitOf(facts, code, context);
  return {
    ...{ code, value: `${comparator}${multiplied(value.measured.number, factor)}` },
    ...(unit === undefined ? {} : { unit }),
    ...(limit === undefined ? {} : { referenceLimit: Number(multiplied(String(limit), factor)) }),
    ...(facts.flag?.startsWith('H') ? { flag: 'high' as const } : {}),
  };
}

/** The unit that the hospital's table has for this spelling. */
function unitIn(
  written: string | undefined,
  { mapping, sender }: MessageContext,
): { readonly unit: string | undefined; readonly factor: number } {
  if (written === undefined) return { unit: undefined, factor: 1 };
  const about = mapping.units.filter((one) => unitForm(one.written) === unitForm(written));
  const entry = about.find((one) => one.sender === sender) ?? about.find((one) => one.sender === undefined);
  return { unit: entry?.unit ?? written, factor: entry?.factor ?? 1 };
}

/** The range of the message, else the limit that the hospital's table has for the laboratory. */
function limitOf(
  { range }: ObservationFacts,
  code: string,
  { mapping, sender }: MessageContext,
): number | undefined {
  const sent = /[-~–—<≤]\s*(\d+(?:\.\d+)?)\s*$/.exec(range ?? '')?.[1];
  if (sent !== undefined) return Number(sent);
  return mapping.laboratories
    .find((one) => one.sender === sender)
    ?.limits.find(({ measurement }) => measurement === code)?.limit;
}

/** The name of the sender's laboratory in the policy. */
export const laboratoryOf = ({ mapping, sender }: MessageContext): string | undefined =>
  mapping.laboratories.find((one) => one.sender === sender)?.name;

/** The product, exact in decimals: 0.0051 times 1000 is 5.1. */
export function multiplied(number: string, factor: number): string {
  if (factor === 1) return number;
  const [a, b] = [decimal(number), decimal(factor.toFixed(12))];
  const digits = String(a.digits * b.digits).padStart(a.places + b.places + 1, '0');
  const places = a.places + b.places;
  const whole = digits.slice(0, digits.length - places);
  return `${whole}.${digits.slice(digits.length - places)}`.replace(/\.?0*$/, '');
}

function decimal(text: string): { readonly digits: bigint; readonly places: number } {
  const [whole = '0', fraction = ''] = text.replace(/^\+/, '').split('.');
  return { digits: BigInt(`${whole}${fraction}`), places: fraction.length };
}
