import { urgencyOf } from './urgency.js';

const on = (status: 'overdue' | 'due' | 'upcoming' | 'missed', due: string, overdue: string) =>
  urgencyOf({ status, due, overdue }, '2026-03-10');

test('the first late day is one day late', () => {
  expect(on('overdue', '2026-03-01', '2026-03-10')).toEqual({ kind: 'overdue', days: 1 });
});

test('an item that is due says since when, or in how many days', () => {
  expect(on('due', '2026-03-10', '2026-04-01')).toEqual({ kind: 'dueToday' });
  expect(on('due', '2026-03-07', '2026-04-01')).toEqual({ kind: 'dueSince', days: 3 });
  expect(on('upcoming', '2026-03-12', '2026-04-01')).toEqual({ kind: 'dueIn', days: 2 });
});

test('a missed item is not counted in days', () => {
  expect(on('missed', '2025-03-10', '2025-04-01')).toEqual({ kind: 'missed' });
});
