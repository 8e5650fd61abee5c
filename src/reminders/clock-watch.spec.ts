import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type ClockState, ClockWatch } from './clock-watch.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const YEAR = 365 * 24 * HOUR;

/** The results for a database clock that is ahead by these milliseconds, read once in this number of minutes. */
function looks(aheadMs: readonly number[], everyMinutes = 1): ClockState[] {
  const watch = new ClockWatch();
  return aheadMs.map((ahead, index) =>
    watch.look({
      stopwatchMs: index * everyMinutes * MINUTE,
      databaseMs: index * everyMinutes * MINUTE + ahead,
    }),
  );
}

test('a clock in step with the stopwatch is steady, however long the readings are apart', () => {
  expect(looks([0, 0, 0], 60 * 24 * 40)).toEqual(['steady', 'steady', 'steady']);
});

test.each([
  ['a year on', YEAR],
  ['a year back', -YEAR],
  ['two hours on', 2 * HOUR],
])('one that jumps %s and back again is doubted for as long as it is wrong', (_, by) => {
  expect(looks([0, by, by, by, 0, 0])).toEqual([
    ...(['steady', 'jumped', 'doubted', 'doubted', 'steady', 'steady'] as const),
  ]);
});

test('a new time is believed after ten minutes', () => {
  const states = looks([0, ...Array<number>(12).fill(YEAR)]);
  expect(states).toEqual(['steady', 'jumped', ...Array<string>(9).fill('doubted'), 'steady', 'steady']);
});

test('one that jumps about is never believed', () => {
  expect(looks([0, YEAR, 2 * YEAR, 3 * YEAR, 4 * YEAR], 20)).toEqual([
    'steady',
    ...Array<string>(4).fill('jumped'),
  ]);
});

test('one that is set by little at a time is followed', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -HOUR, max: HOUR }), { maxLength: 30 }), (steps) => {
      let ahead = 0;
      const states = looks([0, ...steps.map((step) => (ahead += step))]);
      expect(new Set(states)).toEqual(new Set(['steady']));
    }),
  );
});
