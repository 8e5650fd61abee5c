import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Measurement, Text } from './guideline.js';
import { readMeasuredValues, type WrittenValue } from './measured-value.js';
import { allMeasurements, measurementsOf, unitForm, unitsOf } from './measurements.js';

const MARKERS = measurementsOf('tumour_markers', {});
const named = (en: string): Text => ({ zh: en, en });
const read = (...written: WrittenValue[]) =>
  readMeasuredValues(named('tumour markers'), written, MARKERS, [named('tumour markers')]);
const cea = (value: number | string, more: Partial<WrittenValue> = {}): WrittenValue => ({
  code: 'CEA',
  value,
  unit: 'ng/mL',
  ...more,
});
const faultsOf = (...written: WrittenValue[]) => {
  const answer = read(...written);
  return 'faults' in answer ? answer.faults.map(({ pointer, code }) => `${pointer} ${code}`) : [];
};
const one = (written: WrittenValue) => {
  const answer = read(written);
  if ('faults' in answer) throw new Error(JSON.stringify(answer.faults));
  return answer.values[0];
};

describe('a value is read as laboratories write it', () => {
  test.each([
    ['<2', { comparator: '<', value: 2 }],
    ['＜2', { comparator: '<', value: 2 }],
    ['< 0.5', { comparator: '<', value: 0.5 }],
    ['≤2', { comparator: '<=', value: 2 }],
    ['>=1000', { comparator: '>=', value: 1000 }],
    ['＞１０００', { comparator: '>', value: 1000 }],
    ['2.5↑', { value: 2.5, flag: 'high' }],
    ['12.7 ↑↑', { value: 12.7, flag: 'high' }],
    ['↑12.7', { value: 12.7, flag: 'high' }],
    ['12.7↑ng/mL', { value: 12.7, flag: 'high' }],
    ['12.7(↑)', { value: 12.7, flag: 'high' }],
    ['12.7 H', { value: 12.7, flag: 'high' }],
    ['12.7(H)', { value: 12.7, flag: 'high' }],
    ['1.1↓', { value: 1.1 }],
    ['1.6ng/ml', { value: 1.6 }],
    ['1.6 μg/L', { value: 1.6 }],
    [' 3.20 ', { value: 3.2 }],
  ])('%s', (value, expected) => {
    expect(one(cea(value))).toEqual({ code: 'CEA', unit: 'ng/mL', ...expected });
  });

  test.each([
    '3,2',
    '3，2',
    '1,234',
    '正常',
    '未查',
    '',
    '2-5',
    '<',
    '1e3',
    'NaN',
    'Infinity',
    '0x10',
    '3.2¹',
    '3.2*',
    '-1',
    '2..5',
    '2 5',
  ])('%j is refused, because it is no value or could be read in two ways', (value) => {
    expect(faultsOf(cea(value))).toEqual(['/values/0/value wrong-format']);
  });
});

describe('a unit counts by what it means', () => {
  test.each(['ng/mL', 'ng/ml', 'NG/ML', 'ｎｇ／ｍＬ', 'ng / mL', 'ug/L', 'µg/L', 'μg/l', '㎍/ℓ'])(
    'CEA in %s is ng/mL',
    (unit) => {
      expect(one(cea(2.1, { unit }))).toEqual({ code: 'CEA', value: 2.1, unit: 'ng/mL' });
    },
  );

  test.each(['U/mL', 'u/ml', 'kU/L', 'KU/L', "[arb'U]/mL"])('CA19-9 in %s is U/mL', (unit) => {
    expect(one({ code: 'CA199', value: 12, unit })).toEqual({ code: 'CA19-9', value: 12, unit: 'U/mL' });
  });

  test.each(['U/mL', 'kU/L', 'mg/L', 'ng/L', 'nmol/L', 'IU/mL', 'ng', 'constructor'])(
    'CEA in %s is refused',
    (unit) => {
      expect(faultsOf(cea(2.1, { unit }))).toEqual(['/values/0/unit not-allowed']);
    },
  );

  test('without a unit, and with two that differ, it is refused', () => {
    expect(faultsOf({ code: 'CEA', value: 2.1 })).toEqual(['/values/0/unit required']);
    expect(faultsOf(cea('2.1 U/mL'))).toEqual(['/values/0/unit not-allowed']);
    expect(one({ code: 'CEA', value: '2.1 ug/L' })).toMatchObject({ value: 2.1, unit: 'ng/mL' });
  });

  test('a power of ten is carried out on the decimal digits, and two units of different power contradict', () => {
    const pg: Measurement = { ...MARKERS[0]!, otherUnits: { 'ng/L': -3, 'mg/L': 3 } };
    const readPg = (value: number | string, unit: string, referenceLimit?: number) =>
      readMeasuredValues(named('x'), [{ code: 'CEA', value, unit, referenceLimit }], [pg], []);
    expect(readPg(2100.7, 'ng/L', 4700)).toEqual({
      values: [{ code: 'CEA', value: 2.1007, unit: 'ng/mL', referenceLimit: 4.7 }],
    });
    expect(readPg(0.0123, 'mg/L')).toEqual({ values: [{ code: 'CEA', value: 12.3, unit: 'ng/mL' }] });
    expect(readPg('5 ng/L', 'ng/mL')).toMatchObject({
      faults: [{ pointer: '/values/0/unit', code: 'contradictory' }],
    });
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 999_999 }),
        fc.integer({ min: 0, max: 4 }),
        (digits, decimals) => {
          const text = (digits / 10 ** decimals).toFixed(decimals);
          const exact = Number(`${text}e-3`);
          const answer = readPg(Number(text), 'ng/L');
          if ('values' in answer) expect(answer.values[0]!.value).toBe(exact);
          else expect(exact).toBeLessThan(0.01);
        },
      ),
    );
  });
});

test.each([
  0,
  -0,
  -1,
  0.009,
  1e-300,
  1_000_001,
  1e300,
  20_260_131,
  NaN,
  Infinity,
  -Infinity,
  '0',
  '<0',
  '99999999999999999999999999999999999999',
])('a CEA of %j is out of bounds', (value) => {
  expect(faultsOf(cea(value))).toEqual(['/values/0/value out-of-range']);
});

test.each([0.4, 50, 500, 0, -5, NaN, 1e300])(
  'a reference limit of %j for CEA is a slip',
  (referenceLimit) => {
    expect(faultsOf(cea(2, { referenceLimit }))).toEqual(['/values/0/referenceLimit out-of-range']);
  },
);

test('one analyte twice in one exam is refused, however its code is written', () => {
  expect(faultsOf(cea(2), cea(680))).toEqual(['/values/1/code value-twice']);
  expect(
    faultsOf({ code: 'CA19-9', value: 9, unit: 'U/mL' }, { code: 'ca199', value: 9, unit: 'U/mL' }),
  ).toEqual(['/values/1/code value-twice']);
});

test('an exam that measures nothing has no values, and names where they belong', () => {
  const answer = readMeasuredValues(named('liver MRI'), [cea(2)], measurementsOf('mri_liver', {}), [
    named('tumour markers'),
  ]);
  expect(answer).toMatchObject({ faults: [{ pointer: '/values', code: 'not-allowed' }] });
  expect(JSON.stringify(answer)).toContain('tumour markers');
  for (const activity of ['constructor', '__proto__', 'toString'])
    expect(measurementsOf(activity, {})).toEqual([]);
});

test('a code that is not measured is refused; two signs that differ are', () => {
  expect(faultsOf({ code: 'AFP', value: 2, unit: 'ng/mL' })).toEqual(['/values/0/code not-allowed']);
  expect(faultsOf(cea('<2', { comparator: '>' }))).toEqual(['/values/0/comparator contradictory']);
  expect(one(cea('<2', { comparator: '<' }))).toMatchObject({ comparator: '<', value: 2 });
});

test('a measurement may leave comparators out', () => {
  const exact = { ...MARKERS[0]!, comparators: [] };
  expect(readMeasuredValues(named('x'), [cea('<2')], [exact], [])).toMatchObject({
    faults: [{ pointer: '/values/0/comparator', code: 'not-allowed' }],
  });
});

test('what was read is read again as the same', () => {
  const number = fc.double({ min: 0.01, max: 1_000_000, noNaN: true });
  const comparator = fc.constantFrom('<', '<=', '>', '>=', undefined);
  fc.assert(
    fc.property(number, comparator, fc.constantFrom('high', undefined), (value, sign, flag) => {
      const first = one(cea(value, { comparator: sign as never, flag: flag as never }))!;
      expect(one(first)).toEqual(first);
    }),
  );
});

test('any text gives values or problems with pointers, in a short time', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 40 }), (value) => {
      for (const fault of faultsOf(cea(value))) expect(fault).toMatch(/^\/values\/0\/(value|unit) /);
    }),
  );
  const started = performance.now();
  for (const part of ['1', '↑', '(', ' ', 'H', 'L', '<', 'ng/'])
    faultsOf(cea(part.repeat(Math.floor(40 / part.length))));
  expect(performance.now() - started).toBeLessThan(2000);
});

test('for known measurements: the spellings of units differ, bounds are not reversed, limits are plausible', () => {
  for (const measurement of Object.values(allMeasurements({})).flat()) {
    const { plausible, referenceLimit } = measurement;
    const forms = unitsOf(measurement).map(([unit]) => unitForm(unit));
    expect(new Set(forms).size).toBe(forms.length);
    expect([plausible.from > 0, plausible.from < plausible.to]).toEqual([true, true]);
    expect(referenceLimit.from).toBeLessThanOrEqual(referenceLimit.default);
    expect(referenceLimit.to).toBeGreaterThanOrEqual(referenceLimit.default);
    expect(plausible.to).toBeGreaterThan(referenceLimit.to);
  }
});
