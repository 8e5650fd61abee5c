import type { ListName, Lists } from '../calls/lists.js';

/** From the most urgent to what is left to plan. */
const ORDER: readonly ListName[] = ['overdue', 'due', 'this_week', 'to_book', 'unowned'];

/** The list with which a ward begins: the most urgent that has rows. */
export function firstListWithRows(lists: Lists['lists']): ListName {
  const hasRows = (name: ListName): boolean =>
    lists.some(({ list, count }) => list === name && count.patients > 0);
  return ORDER.find(hasRows) ?? 'overdue';
}
