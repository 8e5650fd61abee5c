import { byActivity, filled, loadState } from './load-state.js';

const day = (facts: object) => ({
  ...{ booked: 0, due: 0, capacity: 10, isOver: false, isWorkingDay: true },
  ...facts,
});

test('a day fills up from eight of ten, is full at ten, and is over when the server says so', () => {
  expect(loadState(day({ booked: 7 }))).toBe('free');
  expect(loadState(day({ booked: 8 }))).toBe('filling');
  expect(loadState(day({ booked: 10 }))).toBe('full');
  expect(loadState(day({ booked: 9, isOver: true }))).toBe('over');
});

test('a day fills up when what is due on it would not fit', () => {
  expect(loadState(day({ booked: 2, due: 9 }))).toBe('filling');
});

test('nothing is full without a limit, and a day off takes nothing', () => {
  expect(loadState(day({ booked: 500, capacity: null }))).toBe('open');
  expect(loadState(day({ isWorkingDay: false, capacity: 0 }))).toBe('off');
  expect(filled(day({ booked: 3, capacity: null }))).toBe(0);
  expect(filled(day({ booked: 30 }))).toBe(1);
});

test('an activity is counted once for all places', () => {
  const share = { activity: 'a', place: 'x', booked: 1, due: 0 };
  expect(
    byActivity([share, { ...share, place: null, due: 2 }, { ...share, activity: 'b', booked: 9 }]),
  ).toEqual([
    { activity: 'b', booked: 9, due: 0 },
    { activity: 'a', booked: 2, due: 2 },
  ]);
});
