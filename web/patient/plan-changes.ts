import type { Preview } from '../calls/record.js';

type Change = Preview['changes'][number];

/** The changes that a person looks at: without what stays, the nearest day first, and how many are left out. */
export function nearestChanges(
  changes: readonly Change[],
  most: number,
): { readonly shown: readonly Change[]; readonly rest: number } {
  const changed = changes
    .filter(({ change }) => change !== 'kept')
    .sort((a, b) => (dayOfChange(a) < dayOfChange(b) ? -1 : 1));
  return { shown: changed.slice(0, most), rest: Math.max(0, changed.length - most) };
}

const dayOfChange = ({ before, after }: Change): string => (before ?? after)?.due ?? '';
