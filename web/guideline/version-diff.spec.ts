import type { Rule } from '../calls/guidelines.js';
import { diffOf } from './version-diff.js';

const rule = (id: string, more: object = {}): Rule => ({ id, kind: 'recurring', ...more }) as unknown as Rule;

test('rules are added, changed, removed, or the same whatever the order of their fields', () => {
  const before = { rules: [rule('a', { x: 1, y: 2 }), rule('b', { x: 1 }), rule('c')] };
  const after = { rules: [rule('a', { y: 2, x: 1 }), rule('b', { x: 2 }), rule('d')] };
  const diff = diffOf(before, after);
  expect(after.rules.map((one) => diff.changeOf(one))).toEqual(['same', 'changed', 'added']);
  expect(diff.removed.map(({ id }) => id)).toEqual(['c']);
  expect(diff.counts).toEqual({ added: 1, changed: 1, removed: 1 });
});
