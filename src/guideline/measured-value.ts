import type { FactFault } from './fact-faults.js';
import type { Comparator, Measurement, Span, Text } from './guideline.js';
import { msg } from './measurement-messages.js';
import type { Message } from './message.js';
import { codeForm, COMPARATORS, unitForm, unitsOf } from './measurements.js';

/** A value in the notation of people and laboratories. */
export interface WrittenValue {
  readonly code: string;
  /** A number, or the text of the report: `<2`, `＜0.5`, `>1000`, `12.7↑`, `1.6 ng/mL`. */
  readonly value: number | string;
  readonly unit?: string | undefined;
  readonly comparator?: Comparator | undefined;
  /** The laboratory's own limit, in the unit of the value. */
  readonly referenceLimit?: number | undefined;
  /** The laboratory marked the value as high. */
  readonly flag?: 'high' | undefined;
}

/** A stored value, in the measurement's own unit. */
export interface MeasuredValue {
  readonly code: string;
  readonly comparator?: Comparator;
  readonly value: number;
  readonly unit: string;
  readonly referenceLimit?: number;
  readonly flag?: 'high';
}

/** The values of one exam, each at its index in the input, or the problems found. */
export type ReadValues = { readonly values: readonly MeasuredValue[] } | { readonly faults: FactFault[] };

/** Reads the measured values of one exam of this name. Pointers begin with `/values`. */
export function readMeasuredValues(
  activity: Text,
  written: readonly WrittenValue[],
  measurements: readonly Measurement[],
  activities: readonly Text[],
): ReadValues {
  if (written.length === 0) return { values: [] };
  if (measurements.length === 0)
    return {
      faults: [fault('/values', 'not-allowed', msg('measures-nothing', { activity, activities }))],
    };
  const values: MeasuredValue[] = [];
  const faults: FactFault[] = [];
  for (const [index, one] of written.entries()) {
    const at = `/values/${index}`;
    const measurement = measurements.find(({ code }) => codeForm(code) === codeForm(one.code));
    if (!measurement) {
      const codes = measurements.map(({ code }) => code);
      const message = msg('measurement-unknown', { activity, code: one.code, codes });
      faults.push(fault(`${at}/code`, 'not-allowed', message));
    } else if (written.slice(0, index).some(({ code }) => codeForm(code) === codeForm(one.code))) {
      const message = msg('measurement-twice', { code: measurement.code });
      faults.push(fault(`${at}/code`, 'value-twice', message));
    } else {
      const read = readValue(one, measurement, at);
      if ('faults' in read) faults.push(...read.faults);
      else values.push(read.value);
    }
  }
  return faults.length > 0 ? { faults } : { values };
}

/** The content of a value and of the fields beside it. */
interface Parts {
  readonly number: number;
  readonly comparator?: Comparator;
  readonly unit?: string;
  readonly flag?: 'high';
}

function readValue(
  written: WrittenValue,
  measurement: Measurement,
  at: string,
): { readonly value: MeasuredValue } | { readonly faults: FactFault[] } {
  const { code, unit } = measurement;
  const parts = typeof written.value === 'number' ? { number: written.value } : partsOf(written.value);
  if (!parts) return { faults: [fault(`${at}/value`, 'wrong-format', msg('value-unreadable', { unit }))] };
  const power = powerOf(written.unit, parts.unit, measurement, at);
  const comparator = parts.comparator ?? written.comparator;
  const faults = [
    ...comparatorFaults(written.comparator, parts.comparator, measurement, at),
    ...(typeof power === 'number' ? [] : [power]),
  ];
  if (typeof power !== 'number') return { faults };
  const value = scaled(parts.number, power);
  const limit = written.referenceLimit === undefined ? undefined : scaled(written.referenceLimit, power);
  faults.push(...boundFaults(value, limit, measurement, at));
  if (faults.length > 0) return { faults };
  const flag = parts.flag ?? written.flag;
  return {
    value: {
      code,
      ...(comparator !== undefined && { comparator }),
      value,
      unit,
      ...(limit !== undefined && { referenceLimit: limit }),
      ...(flag !== undefined && { flag }),
    },
  };
}

const SIGNS: readonly (readonly [RegExp, Comparator])[] = [
  [/^(?:<=|≤|≦)/, '<='],
  [/^(?:>=|≥|≧)/, '>='],
  [/^</, '<'],
  [/^>/, '>'],
];
const UP = /[↑⬆▲]/g;
const DOWN = /[↓⬇▼]/g;
// After a number or in brackets; an L at the end of a unit is no flag.
const LETTER = /\s*(?:\(\s*(?:(H+)|L+)?\s*\)|(?<=[\d.\s])(?:(H+)|L+))$/i;
const NUMBER_AND_UNIT = /^(\d+(?:\.\d*)?|\.\d+)\s*([\p{L}[]\D*)?$/u;
// NFKC would turn these characters into digits: 3.2¹ is not 3.21.
const NO_DIGIT = /\p{No}/u;

/** The parts of a value in laboratory notation; undefined where it is invalid or ambiguous (`3,2`). */
function partsOf(text: string): Parts | undefined {
  if (NO_DIGIT.test(text)) return undefined;
  const plain = text.normalize('NFKC').replace(/\uFE0F/g, '');
  const unmarked = plain.replace(UP, '').replace(DOWN, '').trim();
  const letter = LETTER.exec(unmarked);
  let rest = letter ? unmarked.slice(0, letter.index) : unmarked;
  const sign = SIGNS.find(([pattern]) => pattern.test(rest));
  if (sign) rest = rest.replace(sign[0], '').trimStart();
  const match = NUMBER_AND_UNIT.exec(rest);
  if (!match) return undefined;
  const unit = match[2]?.trim();
  const isHigh = plain.search(UP) >= 0 || (letter?.[1] ?? letter?.[2]) !== undefined;
  return {
    number: Number(match[1]),
    ...(sign && { comparator: sign[1] }),
    ...(unit !== undefined && { unit }),
    ...(isHigh && { flag: 'high' as const }),
  };
}

/** The power of ten of the given unit, or the problem with it. */
function powerOf(
  inField: string | undefined,
  inValue: string | undefined,
  measurement: Measurement,
  at: string,
): number | FactFault {
  const units = unitsOf(measurement);
  const names = units.map(([unit]) => unit);
  const { code } = measurement;
  if (inField === undefined && inValue === undefined)
    return fault(`${at}/unit`, 'required', msg('unit-missing', { code, units: names }));
  const powers: number[] = [];
  for (const written of [inField, inValue]) {
    if (written === undefined) continue;
    const known = units.find(([unit]) => unitForm(unit) === unitForm(written));
    if (!known) {
      const message = msg('unit-unknown', { code, written, units: names });
      return fault(`${at}/unit`, 'not-allowed', message);
    }
    powers.push(known[1]);
  }
  const [power = 0, other = power] = powers;
  return power === other
    ? power
    : fault(
        `${at}/unit`,
        'contradictory',
        msg('unit-differs', { inValue: inValue ?? '', inField: inField ?? '' }),
      );
}

function comparatorFaults(
  inField: Comparator | undefined,
  inValue: Comparator | undefined,
  { code, comparators = COMPARATORS }: Measurement,
  at: string,
): FactFault[] {
  const pointer = `${at}/comparator`;
  if (inField !== undefined && inValue !== undefined && inField !== inValue)
    return [fault(pointer, 'contradictory', msg('comparator-differs', { inValue, inField }))];
  const comparator = inValue ?? inField;
  return comparator === undefined || comparators.includes(comparator)
    ? []
    : [fault(pointer, 'not-allowed', msg('comparator-not-allowed', { code, comparators }))];
}

function boundFaults(
  value: number,
  limit: number | undefined,
  { code, unit, plausible, referenceLimit }: Measurement,
  at: string,
): FactFault[] {
  const faults: FactFault[] = [];
  const { from, to } = plausible;
  if (!isWithin(value, plausible)) {
    const message = msg('value-implausible', { code, from, to, unit, example: referenceLimit.default / 10 });
    faults.push(fault(`${at}/value`, 'out-of-range', message));
  }
  if (limit !== undefined && !isWithin(limit, referenceLimit))
    faults.push(fault(`${at}/referenceLimit`, 'out-of-range', limitMessage(code, unit, referenceLimit)));
  return faults;
}

/** Describes the possible values of a reference limit. */
export const limitMessage = (code: string, unit: string, { from, to }: Span): Message =>
  msg('limit-implausible', { code, from, to, unit });

export const isWithin = (value: number, { from, to }: Span): boolean => value >= from && value <= to;

/** Multiplies by a power of ten on the decimal digits: a product of binary fractions would not be exact. */
function scaled(value: number, power: number): number {
  if (power === 0) return value;
  const [digits, exponent = '0'] = String(value).split('e');
  return Number(`${digits ?? ''}e${Number(exponent) + power}`);
}

const fault = (pointer: string, code: string, message: Message): FactFault => ({ pointer, code, message });
