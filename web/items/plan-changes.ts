import type { Preview } from '../calls/record.js';

type Change = Preview['changes'][number];

/** Whether an exam completes the item: its window stays. */
export const isCompletion = ({ before, after }: Pick<Change, 'before' | 'after'>): boolean =>
  after?.status === 'completed' && before !== null && before.status !== 'completed';

/** The changes that a person looks at: without what stays, the nearest day first, and how many are left out. */
export function nearestChanges(
  changes: readonly Change[],
  most: number,
): { readonly shown: readonly Change[]; readonly rest: number } {
  const changed = changes
    .filter((one) => one.change !== 'kept' || isCompletion(one))
    .sort((a, b) => (dayOfChange(a) < dayOfChange(b) ? -1 : 1));
  return { shown: changed.slice(0, most), rest: Math.max(0, changed.length - most) };
}

const dayOfChange = ({ before, after }: Change): string => (before ?? after)?.due ?? '';
