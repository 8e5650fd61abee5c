import { allMeasurements, codeForm } from '../../../../guideline/measurements.js';
import { msg } from '../../../../platform/messages/dictionary.js';
import { measurementOfLoinc } from '../../../hl7/codes.js';
import { measurementFor } from '../../../mappings/code-tables.js';
import { codingsOf, LOINC, UCUM } from './codings.js';
import { refusedAt } from './fault.js';
import {
  incomingCodes,
  missingDay,
  ownEvent,
  type Reading,
  type ReadingContext,
  type SentValue,
  senderOf,
} from './reading.js';
import type { CodeableConcept, Observation, ObservedValue, Quantity } from './resources.js';
import { dayOf } from './when.js';

/** Statuses whose values count; after the others in `TAKEN_BACK` earlier values are taken back. */
const COUNTING = ['final', 'amended', 'corrected'];
const TAKEN_BACK = ['entered-in-error', 'cancelled'];
const OWN_SYSTEM = 'urn:nedwatch:measurement';
const HIGH = ['H', 'HH', 'HU', 'HX', '>'];

/** One measurement of an observation, or of a component of it. */
export interface ObservedMeasurement {
  readonly activity: string;
  readonly code: string;
  /** Undefined: what was sent before is taken back. */
  readonly value: SentValue | undefined;
  /** The element that has the value. */
  readonly element: string;
}

/** The measurements of the hospital's guideline that the observation has; none: it is about something else, or not final. */
export function measurementsIn(
  observation: Observation,
  context: ReadingContext,
): readonly ObservedMeasurement[] {
  const { status } = observation;
  if (![...COUNTING, ...TAKEN_BACK].includes(status)) return [];
  const parts: readonly (readonly [ObservedValue, string])[] = [
    [observation, ''],
    ...(observation.component ?? []).map((one, index) => [one, `component[${index}].`] as const),
  ];
  return parts.flatMap(([part, element]): readonly ObservedMeasurement[] => {
    const measured = measuredBy(part.code, observation, context);
    if (measured === undefined) return [];
    if (TAKEN_BACK.includes(status)) return [{ ...measured, value: undefined, element }];
    const value = sentValue(part, measured.code, { context, element });
    return value === undefined ? [] : [{ ...measured, value, element }];
  });
}

/** A fact of the history that is no disease, treatment or exam, as this program writes it; undefined: another observation. */
export function readFactObservation(
  observation: Observation,
  { at, timeZone }: ReadingContext,
): Reading | undefined {
  const event = ownEvent(observation);
  if (event === undefined) return undefined;
  if (TAKEN_BACK.includes(observation.status)) return { kind: 'taken-back' };
  if (!COUNTING.includes(observation.status)) return { kind: 'noted', why: msg('fhir-not-final') };
  const date = dayOf(observedAt(observation), timeZone);
  if (date === undefined) throw missingDay(`${at}.effective`, observedAt(observation));
  return { kind: 'event', input: { ...event, date }, elements: { '/date': 'effective' } };
}

export const observedAt = ({
  effectiveDateTime,
  effectiveInstant,
  effectivePeriod,
}: Observation): string | undefined => effectiveDateTime ?? effectiveInstant ?? effectivePeriod?.start;

export const isCounting = ({ status }: Observation): boolean => COUNTING.includes(status);

/** Whether the observation is about a measurement of the guideline, whatever its status. */
export const isMeasurement = (observation: Observation, context: ReadingContext): boolean =>
  [observation, ...(observation.component ?? [])].some(
    ({ code }) => measuredBy(code, observation, context) !== undefined,
  );

/** By the hospital's table, by LOINC, or by our own code. */
function measuredBy(
  code: CodeableConcept,
  observation: Observation,
  { guideline, mapping }: Pick<ReadingContext, 'guideline' | 'mapping'>,
): Pick<ObservedMeasurement, 'activity' | 'code'> | undefined {
  const named =
    measurementFor(mapping, { sender: senderOf(observation), codes: incomingCodes(code) }) ??
    codingsOf(code)
      .map(({ system, code: sent = '' }) =>
        system === LOINC ? measurementOfLoinc(sent) : system === OWN_SYSTEM ? sent : undefined,
      )
      .find((one) => one !== undefined);
  if (named === undefined) return undefined;
  for (const [activity, list] of Object.entries(allMeasurements(guideline ?? {}))) {
    const known = list.find((one) => codeForm(one.code) === codeForm(named));
    if (known) return { activity, code: known.code };
  }
  return undefined;
}

/** Undefined for a value that is absent for a stated reason. */
function sentValue(
  part: ObservedValue,
  code: string,
  { context: { at }, element }: { readonly context: ReadingContext; readonly element: string },
): SentValue | undefined {
  const { valueQuantity: quantity, valueString, dataAbsentReason, interpretation = [] } = part;
  const flag = interpretation.flatMap(codingsOf).some((one) => HIGH.includes(one.code ?? ''));
  const beside = {
    ...limitOf(part, quantity),
    ...(flag && { flag: 'high' as const }),
  };
  if (valueString !== undefined) return { code, value: valueString, ...beside };
  if (quantity?.value === undefined) {
    if (dataAbsentReason !== undefined) return undefined;
    throw refusedAt(`${at}.${element}value`, 'required', msg('fhir-quantity-required', { code }));
  }
  const unit = unitOf(quantity);
  const { value, comparator } = quantity;
  return {
    code,
    value,
    ...(unit !== undefined && { unit }),
    ...(comparator !== undefined && { comparator }),
    ...beside,
  };
}

/** The UCUM code counts, and the unit as people read it where no code is sent. */
const unitOf = ({ system, code, unit }: Quantity): string | undefined =>
  system === undefined || system === UCUM ? (code ?? unit) : (unit ?? code);

/** The upper limit of the only reference range, or of the one that is marked as normal. */
function limitOf(
  { referenceRange = [] }: ObservedValue,
  quantity: Quantity | undefined,
): { readonly referenceLimit?: number } {
  const general = referenceRange.filter(({ appliesTo, age }) => appliesTo === undefined && age === undefined);
  const marked = general.filter(({ type }) =>
    codingsOf(type).some(({ system }) => system?.endsWith('referencerange-meaning')),
  );
  const [range, another] = marked.length > 0 ? marked : general;
  const limit = another === undefined ? range?.high : undefined;
  if (limit?.value === undefined) return {};
  const unit = unitOf(limit);
  const sameUnit = unit === undefined || quantity === undefined || unit === unitOf(quantity);
  return sameUnit ? { referenceLimit: limit.value } : {};
}
