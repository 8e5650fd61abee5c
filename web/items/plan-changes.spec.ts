import type { Preview } from '../calls/record.js';
import { isCompletion, nearestChanges } from './plan-changes.js';

const day = (due: string) => ({ due }) as NonNullable<Preview['changes'][number]['before']>;
const change = (kind: 'kept' | 'moved' | 'added', before: string | null, after: string | null) =>
  ({
    ...{ change: kind, rule: 'r', activity: 'a' },
    ...{ before: before && day(before), after: after && day(after) },
  }) as Preview['changes'][number];

test('what stays is left out, and the nearest day comes first', () => {
  const { shown, rest } = nearestChanges(
    [
      change('added', null, '2027-01-01'),
      change('kept', '2026-01-01', '2026-01-01'),
      change('moved', '2026-05-01', '2028-05-01'),
      change('added', null, '2026-09-01'),
    ],
    2,
  );
  expect(shown.map(({ before, after }) => [before?.due, after?.due])).toEqual([
    ['2026-05-01', '2028-05-01'],
    [undefined, '2026-09-01'],
  ]);
  expect(rest).toBe(1);
});

test('an item that an exam completes is shown, though its window stays', () => {
  const kept = change('kept', '2026-01-01', '2026-01-01');
  const done = {
    ...kept,
    before: { ...day('2026-01-01'), status: 'due' as const },
    after: { ...day('2026-01-01'), status: 'completed' as const },
  };
  expect(isCompletion(kept)).toBe(false);
  expect(nearestChanges([kept, done], 2).shown).toEqual([done]);
});
