import type { ActivityCode, Guideline, Text } from './guideline.js';

/** What may stand before a value: a laboratory reports `<0.5` below and `>1000` above its measuring range. */
export const COMPARATORS = ['<', '<=', '>', '>='] as const;
export type Comparator = (typeof COMPARATORS)[number];

/** A quantity that an exam measures. Every number is in `unit`. */
export interface Measurement {
  readonly code: string;
  readonly title: Text;
  /** The UCUM unit in which values are stored and compared. */
  readonly unit: string;
  /** Other units, and for each the power of ten that converts it exactly: value in `unit` = value × 10^power. */
  readonly otherUnits?: Readonly<Record<string, number>>;
  /** Beyond these no laboratory reports: there stands a slip. Both included. */
  readonly plausible: Span;
  /** Default: all. */
  readonly comparators?: readonly Comparator[];
  /** The largest value that needs no judgement. */
  readonly referenceLimit: Span & {
    /** Where neither the laboratory nor the hospital gives one. */
    readonly default: number;
  };
  /** Why these numbers. Shown to users. */
  readonly basis: Text;
}

/** From the smallest to the largest, both included. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

// Largest plausible values: eight digits in a row are a day (20260131), eleven a telephone.
const CEA: Measurement = {
  code: 'CEA',
  title: { zh: '癌胚抗原', en: 'carcinoembryonic antigen' },
  unit: 'ng/mL',
  otherUnits: { 'ug/L': 0 },
  plausible: { from: 0.01, to: 1_000_000 },
  referenceLimit: { default: 5, from: 1, to: 20 },
  basis: {
    zh: '1 ng/mL = 1 μg/L（精确）。CEA 以质量计，U/mL 无法换算。检验方法报告的最小值约为 0.2；低于检测限写作“<0.5”，0 不是测量值。参考上限多为 5，各实验室从 2.5（不吸烟）到 10（吸烟）不等。',
    en: '1 ng/mL = 1 µg/L exactly. CEA is a mass: U/mL cannot be converted. The smallest value that assays report is about 0.2; below the detection limit a laboratory writes <0.5, and 0 is no measurement. The usual reference limit is 5; those of laboratories lie between 2.5 (non-smokers) and 10 (smokers).',
  },
};

const CA_19_9: Measurement = {
  code: 'CA19-9',
  title: { zh: '糖类抗原19-9', en: 'carbohydrate antigen 19-9' },
  unit: 'U/mL',
  // UCUM writes the unit of an assay, which is arbitrary, as [arb'U].
  otherUnits: { 'kU/L': 0, "[arb'U]/mL": 0, "k[arb'U]/L": 0 },
  plausible: { from: 0.01, to: 10_000_000 },
  referenceLimit: { default: 37, from: 10, to: 100 },
  basis: {
    zh: '1 U/mL = 1 kU/L（精确）。单位由检验方法规定，与质量之间没有换算。文献报告的最大值为数十万；低于检测限写作“<2”，0 不是测量值。参考上限多为 37，各实验室从 20 到 60 不等。',
    en: '1 U/mL = 1 kU/L exactly. The unit is that of the assay: no mass can be converted to it. The largest published values are hundreds of thousands; below the detection limit a laboratory writes <2, and 0 is no measurement. The usual reference limit is 37; those of laboratories lie between 20 and 60.',
  },
};

/** What the exams of each of the house's activities measure; those that are not named measure nothing. */
export const MEASUREMENTS: Readonly<Record<ActivityCode, readonly Measurement[]>> = {
  tumour_markers: [CEA, CA_19_9],
};

type Declaring = Pick<Guideline, 'measurements'>;

/** What an exam of this activity measures: what the house knows, and what the guideline declares beside it. */
export const measurementsOf = (
  activity: ActivityCode,
  { measurements = {} }: Declaring,
): readonly Measurement[] => [...listed(MEASUREMENTS, activity), ...listed(measurements, activity)];

/** The same for every activity that measures something. */
export const allMeasurements = (
  guideline: Declaring,
): Readonly<Record<ActivityCode, readonly Measurement[]>> =>
  Object.fromEntries(
    [...new Set([...Object.keys(MEASUREMENTS), ...Object.keys(guideline.measurements ?? {})])].map(
      (activity) => [activity, measurementsOf(activity, guideline)],
    ),
  );

// An activity may be called `constructor`.
const listed = (
  by: Readonly<Record<ActivityCode, readonly Measurement[]>>,
  activity: ActivityCode,
): readonly Measurement[] => (Object.hasOwn(by, activity) ? (by[activity] ?? []) : []);

/** One form for a code that people write differently: CA19-9, CA199, ca 19-9. */
export const codeForm = (code: string): string =>
  code
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s\-_‐-―·.]/g, '');

/** One form for a unit that people write differently: ng/mL, ng/ml, ｎｇ／ｍｌ; µg/L with either mu, ug/L. */
export const unitForm = (unit: string): string =>
  unit.normalize('NFKC').toLowerCase().replace(/\s/g, '').replace(/μ/g, 'u');

/** The unit and those that can be converted to it, each with its power of ten. */
export const unitsOf = ({ unit, otherUnits = {} }: Measurement): readonly (readonly [string, number])[] => [
  [unit, 0],
  ...Object.entries(otherUnits),
];
