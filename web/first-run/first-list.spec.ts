import type { ListName, Lists } from '../calls/lists.js';
import { firstListWithRows } from './first-list.js';

const listsWith = (patients: Readonly<Record<string, number>>): Lists['lists'] =>
  Object.entries(patients).map(([list, count]) => ({
    list: list as ListName,
    count: { patients: count, items: count, more: false },
  }));

test('a ward begins with its most urgent list that has rows', () => {
  expect(firstListWithRows(listsWith({ unowned: 9, overdue: 0, due: 0, this_week: 2 }))).toBe('this_week');
  expect(firstListWithRows(listsWith({ unowned: 9, overdue: 1 }))).toBe('overdue');
});

test('an empty hospital begins with the overdue patients, of whom there are none', () => {
  expect(firstListWithRows(listsWith({ overdue: 0 }))).toBe('overdue');
});
