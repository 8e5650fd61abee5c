import { daysIn, rangeOf, shifted } from './ranges.js';

test('a month is shown with the whole weeks in which it begins and ends', () => {
  expect(rangeOf('month', '2026-11-18')).toEqual({ from: '2026-10-26', to: '2026-12-06' });
  expect(rangeOf('month', '2027-02-01')).toEqual({ from: '2027-02-01', to: '2027-02-28' });
});

test('a week begins on Monday, also for a Sunday', () => {
  expect(rangeOf('week', '2026-11-22')).toEqual({ from: '2026-11-16', to: '2026-11-22' });
  expect(daysIn(rangeOf('week', '2026-11-16'))).toHaveLength(7);
});

test('the next month has the same day, or its last one', () => {
  expect(shifted('month', '2027-01-31', 1)).toBe('2027-02-28');
  expect(shifted('month', '2027-03-31', -1)).toBe('2027-02-28');
  expect(shifted('month', '2026-12-15', 1)).toBe('2027-01-15');
  expect(shifted('week', '2026-11-16', -1)).toBe('2026-11-09');
  expect(shifted('day', '2026-12-31', 1)).toBe('2027-01-01');
});
