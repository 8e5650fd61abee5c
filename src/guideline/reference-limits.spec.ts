import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { calendarDate } from './calendar.js';
import type { ClinicalFact } from './facts.js';
import type { Comparator } from './guideline.js';
import type { MeasuredValue } from './measured-value.js';
import { measurementsOf } from './measurements.js';
import { doubtsAbout, positionOf, valuesToJudge } from './reference-limits.js';

const MARKERS = measurementsOf('tumour_markers', {});
const cea = (value: number, more: Partial<MeasuredValue> = {}): MeasuredValue => ({
  code: 'CEA',
  value,
  unit: 'ng/mL',
  ...more,
});
const DAY = calendarDate('2026-10-30');
const doubts = (
  outcome: string | undefined,
  value: MeasuredValue,
  sameDay: ClinicalFact[] = [],
  hospital = {},
) =>
  doubtsAbout(
    { date: DAY, outcome, values: [value] },
    sameDay,
    MARKERS,
    { laboratory: {}, hospital },
    'confirm-in-body',
  ).map(({ pointer, code }) => `${pointer} ${code}`);
const toJudge = (value: MeasuredValue, hospital = {}) =>
  valuesToJudge([value], MARKERS, { laboratory: {}, hospital });

test.each([
  [undefined, 5, 'within'],
  [undefined, 5.01, 'above'],
  ['<', 2, 'within'],
  ['<', 5, 'within'],
  ['<', 10, 'open'],
  ['<=', 5, 'within'],
  ['<=', 6, 'open'],
  ['>', 5, 'above'],
  ['>', 4, 'open'],
  ['>=', 5, 'open'],
  ['>=', 5.1, 'above'],
] as const)('for a limit of 5, %s%d is %s', (comparator, value, position) => {
  expect(positionOf(cea(value, { ...(comparator && { comparator }) }), 5)).toBe(position);
});

test('the position is that of every number the value stands for', () => {
  const holds: Record<Comparator, (x: number, value: number) => boolean> = {
    '<': (x, value) => x < value,
    '<=': (x, value) => x <= value,
    '>': (x, value) => x > value,
    '>=': (x, value) => x >= value,
  };
  const numbers = Array.from({ length: 41 }, (_, index) => index / 2);
  const half = fc.integer({ min: 1, max: 38 }).map((n) => n / 2);
  fc.assert(
    fc.property(fc.constantFrom('<', '<=', '>', '>='), half, half, (comparator, value, limit) => {
      const meant = numbers.filter((x) => holds[comparator](x, value));
      const position = positionOf(cea(value, { comparator }), limit);
      if (position === 'within') expect(meant.every((x) => x <= limit)).toBe(true);
      if (position === 'above') expect(meant.every((x) => x > limit)).toBe(true);
    }),
  );
});

test("the laboratory's limit counts before the hospital's, and the hospital's before the usual one", () => {
  expect(toJudge(cea(4))).toEqual([]);
  expect(toJudge(cea(6))).toEqual([{ code: 'CEA', limit: 5, limitOf: 'default' }]);
  expect(toJudge(cea(4), { CEA: 3.4 })).toEqual([{ code: 'CEA', limit: 3.4, limitOf: 'hospital' }]);
  expect(toJudge(cea(6), { CEA: 6.5 })).toEqual([]);
  expect(toJudge(cea(6, { referenceLimit: 4.7 }), { CEA: 6.5 })).toEqual([
    { code: 'CEA', limit: 4.7, limitOf: 'laboratory' },
  ]);
  expect(toJudge(cea(4, { referenceLimit: 10 }), { CEA: 3.4 })).toEqual([]);
});

test('what is not certainly within the limit is to be judged, and so is what the laboratory has marked', () => {
  expect(toJudge(cea(10, { comparator: '<' }))).toHaveLength(1);
  expect(toJudge(cea(2, { comparator: '<' }))).toHaveLength(0);
  expect(toJudge(cea(4.8, { flag: 'high' }))).toHaveLength(1);
});

test('only a value certainly above its limit contradicts a normal outcome', () => {
  expect(doubts('normal', cea(680))).toEqual(['/values/0/value contradicts-outcome']);
  expect(doubts('normal', cea(1000, { comparator: '>' }))).toEqual(['/values/0/value contradicts-outcome']);
  expect(doubts('normal', cea(4.8, { flag: 'high' }))).toEqual(['/values/0/value contradicts-outcome']);
  expect(doubts('normal', cea(4, { referenceLimit: 3.4 }))).toEqual(['/values/0/value contradicts-outcome']);
  expect(doubts('normal', cea(6), [], { CEA: 6.5 })).toEqual([]);
  expect(doubts('normal', cea(10, { comparator: '<' }))).toEqual([]);
  expect(doubts('normal', cea(5))).toEqual([]);
  for (const outcome of ['suspicious', 'inconclusive', undefined])
    for (const value of [2, 680]) expect(doubts(outcome, cea(value))).toEqual([]);
});

test('another value of the same day has to be confirmed; the same one, and another analyte, need not', () => {
  const recorded = (...values: unknown[]): ClinicalFact => ({ type: 'exam', date: DAY, values });
  expect(doubts(undefined, cea(2), [recorded(cea(3))])).toEqual(['/values/0/value differs-from-record']);
  expect(doubts(undefined, cea(2), [recorded(cea(2, { comparator: '<' }))])).toHaveLength(1);
  expect(doubts(undefined, cea(2), [recorded(cea(2))])).toEqual([]);
  expect(doubts(undefined, cea(2), [recorded({ code: 'CA19-9', value: 3, unit: 'U/mL' })])).toEqual([]);
  // In the form of an older version.
  expect(doubts(undefined, cea(2), [recorded({ code: 'CEA', value: 2, unit: 'U/mL' })])).toHaveLength(1);
});
