import type { ActivityCode, Comparator, Guideline, Measurement } from './guideline.js';

export const COMPARATORS = ['<', '<=', '>', '>='] as const satisfies readonly Comparator[];

// Largest plausible values: eight digits in a row are a date (20260131), eleven a phone number.
const CEA: Measurement = {
  code: 'CEA',
  title: { zh: '癌胚抗原', en: 'carcinoembryonic antigen' },
  unit: 'ng/mL',
  otherUnits: { 'ug/L': 0 },
  plausible: { from: 0.01, to: 1_000_000 },
  referenceLimit: { default: 5, from: 1, to: 20 },
  basis: {
    zh: '1 ng/mL = 1 μg/L（精确）。CEA 以质量计，U/mL 无法换算。低于检测限写作“<0.5”，0 不是测量值；上界之上多半是填错栏的日期或电话。参考上限多为 5；各实验室公布的从 2.5（不吸烟）到 6.2（70 岁以上）不等。',
    en: '1 ng/mL = 1 µg/L exactly. CEA is a mass: U/mL cannot be converted. Below the detection limit a laboratory writes <0.5, and 0 is no measurement; above the upper bound stands a day or a telephone in the wrong field. The usual reference limit is 5; laboratories publish 2.5 (non-smokers) to 6.2 (above 70 years).',
  },
};

const CA_19_9: Measurement = {
  code: 'CA19-9',
  title: { zh: '糖类抗原19-9', en: 'carbohydrate antigen 19-9' },
  unit: 'U/mL',
  // UCUM notation for the arbitrary unit of an assay: [arb'U].
  otherUnits: { 'kU/L': 0, "[arb'U]/mL": 0, "k[arb'U]/L": 0 },
  plausible: { from: 0.01, to: 10_000_000 },
  referenceLimit: { default: 37, from: 10, to: 100 },
  basis: {
    zh: '1 U/mL = 1 kU/L（精确）。单位由检验方法规定，与质量之间没有换算。已有 40 万的报道；低于检测限写作“<2”，0 不是测量值；上界之上多半是填错栏的日期或电话。参考上限多为 37，也有 40；因检验方法而异。',
    en: '1 U/mL = 1 kU/L exactly. The unit is that of the assay: no mass can be converted to it. Values of 400,000 are published; below the detection limit a laboratory writes <2, and 0 is no measurement; above the upper bound stands a day or a telephone in the wrong field. The usual reference limit is 37, some print 40; it depends on the assay.',
  },
};

/** The measurements of the known activities; other activities have none. */
export const MEASUREMENTS: Readonly<Record<ActivityCode, readonly Measurement[]>> = {
  tumour_markers: [CEA, CA_19_9],
};

type Declaring = Pick<Guideline, 'measurements'>;

/** The measurements of an exam of this activity: the known ones, and those that the guideline declares. */
export const measurementsOf = (
  activity: ActivityCode,
  { measurements = {} }: Declaring,
): readonly Measurement[] => [...listed(MEASUREMENTS, activity), ...listed(measurements, activity)];

/** The same for every activity with measurements. */
export const allMeasurements = (
  guideline: Declaring,
): Readonly<Record<ActivityCode, readonly Measurement[]>> =>
  Object.fromEntries(
    [...new Set([...Object.keys(MEASUREMENTS), ...Object.keys(guideline.measurements ?? {})])].map(
      (activity) => [activity, measurementsOf(activity, guideline)],
    ),
  );

// Own properties only: an activity may have the code `constructor`.
const listed = (
  by: Readonly<Record<ActivityCode, readonly Measurement[]>>,
  activity: ActivityCode,
): readonly Measurement[] => (Object.hasOwn(by, activity) ? (by[activity] ?? []) : []);

/** Normalizes the spelling of a code: CA19-9, CA199, ca 19-9. */
export const codeForm = (code: string): string =>
  code
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s\-_‐-―·.]/g, '');

/** Normalizes the spelling of a unit: ng/mL, ng/ml, ｎｇ／ｍｌ; µg/L with either mu, ug/L. */
export const unitForm = (unit: string): string =>
  unit.normalize('NFKC').toLowerCase().replace(/\s/g, '').replace(/μ/g, 'u');

/** The unit and the units convertible to it, each with its power of ten. */
export const unitsOf = ({ unit, otherUnits = {} }: Measurement): readonly (readonly [string, number])[] => [
  [unit, 0],
  ...Object.entries(otherUnits),
];
