import { lanesOf, neighbourOf, placeOf, rowsOfLabels, type ScheduleItem, spanOf, windowOf } from './lanes.js';

const item = (id: string, activity: string, due: string, completedOn: string | null = null) =>
  ({ id, activity, due, completedOn }) as ScheduleItem;

const LANES = lanesOf([
  item('a1', 'a', '2026-01-10'),
  item('b1', 'b', '2026-02-01'),
  item('a2', 'a', '2026-04-10'),
  item('b2', 'b', '2026-05-01'),
  item('a0', 'a', '2026-03-01', '2025-12-24'),
]);

test('each activity has a lane with its items by day; a completed one lies on the day of the exam', () => {
  expect(LANES.map(({ activity, items }) => [activity, items.map(({ id }) => id)])).toEqual([
    ['a', ['a0', 'a1', 'a2']],
    ['b', ['b1', 'b2']],
  ]);
});

test('arrow keys move along a lane and to the nearest day of the next one', () => {
  const move = (id: string | undefined, key: string) => neighbourOf(LANES, id, key)?.id;
  expect(move('a1', 'ArrowRight')).toBe('a2');
  expect(move('a0', 'ArrowLeft')).toBeUndefined();
  expect(move('a2', 'ArrowDown')).toBe('b2');
  expect(move('b1', 'ArrowUp')).toBe('a1');
  expect(move(undefined, 'ArrowDown')).toBe('a0');
});

test('the span reaches no further than there is something to draw', () => {
  const days = ['2025-11-01', '2035-01-01'];
  expect(spanOf('all', days, '2026-03-10')).toEqual({ from: '2025-10-02', to: '2035-01-31' });
  expect(spanOf('near', days, '2026-03-10')).toEqual({ from: '2025-10-02', to: '2027-05-14' });
});

test('windows are cut at the edges of the span', () => {
  const span = { from: '2026-01-01', to: '2026-04-11' };
  expect(placeOf('2026-02-20', span)).toBe(50);
  expect(placeOf('2025-12-31', span)).toBeUndefined();
  expect(windowOf({ earliest: '2025-12-01', due: '2026-01-11', overdue: '2026-01-22' }, span)).toEqual({
    ...{ left: 0, width: 20 },
  });
  expect(windowOf({ earliest: '2026-03-02', due: '2026-04-01', overdue: '9999-12-31' }, span)).toEqual({
    ...{ left: 60, width: 30 },
  });
  expect(
    windowOf({ earliest: '2026-05-01', due: '2026-06-01', overdue: '2026-07-01' }, span),
  ).toBeUndefined();
});

test('labels that would lie on one another get rows', () => {
  expect(rowsOfLabels([0, 5, 12, 40], 10)).toEqual([0, 1, 0, 0]);
});
