import { peakOf, weekParts } from './forecast-bars.js';

const week = (booked: number, latest: number, capacity: number | null, earliest = latest) => ({
  ...{ from: '2026-11-02', to: '2026-11-08', workingDays: 5 },
  ...{ booked, latest, earliest, capacity },
});

test('what fits lies below, and what exceeds the capacity on top', () => {
  expect(weekParts(week(4, 5, 10))).toEqual({ booked: 4, latest: 5, beyond: 0 });
  expect(weekParts(week(4, 9, 10))).toEqual({ booked: 4, latest: 6, beyond: 3 });
  expect(weekParts(week(12, 1, 10))).toEqual({ booked: 10, latest: 0, beyond: 3 });
});

test('nothing exceeds a capacity that is not set', () => {
  expect(weekParts(week(400, 5, null))).toEqual({ booked: 400, latest: 5, beyond: 0 });
});

test('the peak is the first of the weeks with the greatest demand', () => {
  const weeks = [week(0, 0, null, 3), week(2, 0, null, 7), week(9, 0, null, 0)];
  expect(peakOf(weeks)).toBe(weeks[1]);
  expect(peakOf([])).toBeUndefined();
});
