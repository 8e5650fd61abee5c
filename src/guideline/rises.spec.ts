import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { addDays, calendarDate } from './calendar.js';
import type { Comparator } from './guideline.js';
import { DEFAULT_RISE_RULE, risesIn, type RiseRule, type SeriesValue } from './rises.js';

const FIRST = calendarDate('2026-01-31');

/** A series with a value every 90 days; `<0.5` is below the measuring range. The limit is 5. */
const series = (...values: (number | string)[]): SeriesValue[] =>
  values.map((written, index) => {
    const [, comparator, value] = /^([<>]?)(.*)$/.exec(String(written)) ?? [];
    return {
      eventId: `${index}`,
      date: addDays(FIRST, index * 90),
      value: Number(value),
      comparator: comparator === '' ? undefined : (comparator as Comparator),
      limit: 5,
    };
  });
const risen = (values: readonly (number | string)[], rule: Partial<RiseRule> = {}) =>
  risesIn(series(...values), { ...DEFAULT_RISE_RULE, ...rule }).map(
    ({ eventId, rise, from }) => `${eventId} ${rise} ${from}`,
  );

describe('by the default rule', () => {
  test.each<[string, (number | string)[], string[]]>([
    ['30 % above the lowest of the last three', [3, 2.8, 3, 3.64], ['3 percent 2.8']],
    ['a little less is none', [3, 2.8, 3, 2.9, 3.63], []],
    [
      'an older, lower value no longer counts',
      [2, 3, 3, 3, 3.5],
      ['1 percent 2', '2 percent 2', '3 percent 2'],
    ],
    ['two rises in a row, each small', [3, 3.1, 3.2], ['2 successive 3']],
    ['one rise, and a value that stays', [3, 3.1, 3.1], []],
    ['values below half the limit are noise', [0.5, 1, 1.8, 2.4], []],
    ['a rise out of the noise', [0.5, 0.8, 2.5], ['2 percent 0.5']],
    ['from below the measuring range', ['<0.5', 3], ['1 percent 0.5']],
    ['below the measuring range nothing has risen', [2.6, '<4'], []],
    ['above the measuring range', [2.6, '>10'], ['1 percent 2.6']],
    ['the first value has risen from nothing', [4.9], []],
  ])('%s', (_, values, expected) => {
    expect(risen(values)).toEqual(expected);
  });
});

test('each half of the rule can be left out, and the whole rule', () => {
  const both = [3, 3.2, 4.5];
  expect(risen(both, { percent: null })).toEqual(['2 successive 3']);
  expect(risen(both, { successive: null })).toEqual(['2 percent 3']);
  expect(risen(both, { enabled: false })).toEqual([]);
});

test('a rise is the same in whatever order the values were recorded', () => {
  const recorded = series(3, 3.1, 3.2, 4.9);
  expect(risesIn([...recorded].reverse(), DEFAULT_RISE_RULE)).toEqual(risesIn(recorded, DEFAULT_RISE_RULE));
});

const values = fc.array(
  fc.integer({ min: 1, max: 200 }).map((tenths) => tenths / 10),
  { maxLength: 12 },
);
const rules = fc.record({
  enabled: fc.constant(true),
  percent: fc.option(fc.integer({ min: 5, max: 500 })),
  lowestOf: fc.integer({ min: 1, max: 10 }),
  successive: fc.option(fc.integer({ min: 1, max: 5 })),
  fromPercentOfLimit: fc.integer({ min: 0, max: 100 }),
});

test('a series that never rises has no rise, by any rule', () => {
  fc.assert(
    fc.property(values, rules, (some, rule) => {
      const falling = [...some].sort((a, b) => b - a);
      expect(risesIn(series(...falling), rule)).toEqual([]);
    }),
  );
});

test('a higher last value has risen too, and what comes later changes no earlier rise', () => {
  fc.assert(
    fc.property(values, fc.integer({ min: 1, max: 200 }), fc.nat(100), rules, (some, last, more, rule) => {
      const before = risesIn(series(...some), rule);
      const lower = risesIn(series(...some, last), rule);
      const higher = risesIn(series(...some, last + more), rule);
      expect(lower.slice(0, before.length)).toEqual(before);
      expect(higher.length).toBeGreaterThanOrEqual(lower.length);
    }),
  );
});
