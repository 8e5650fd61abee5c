import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isStrongKey } from './key-strength.js';

test.each([
  ['is short', 'nw_k3vq8f2mzt0w'],
  ['has few different characters', 'nw_abababcbcbabacbabcacbab'],
  ['repeats itself', 'nw_k3vq8f2mk3vq8f2mk3vq8f2m'],
  ['is one character', 'a'.repeat(64)],
  ['counts up', 'nw_0123456789ABCDEFGHIJKLMNOP'],
  ['is a row of the keyboard', 'qwertyuiopasdfghjklzx'],
  ['is a placeholder', 'nw_change-me-before-use'],
  ['is a common word', 'nw_MyPassword-of-nedwatch'],
])('a key is weak that %s', (_, key) => {
  expect(isStrongKey(key)).toBe(false);
});

test.each(['nw_administrator-of-this-test', 'nw_for-this-tour-alone', 'nw_chosen-by-the-operator'])(
  '%s may be chosen',
  (key) => {
    expect(isStrongKey(key)).toBe(true);
  },
);

test('a key of 32 random bytes is strong', () => {
  // fast-check prefers edge cases, such as 32 equal bytes, which random bytes are not.
  const bytes = fc.array(fc.integer({ min: 0, max: 255 }), { minLength: 32, maxLength: 32 });
  const varied = bytes.filter((all) => new Set(all).size > 24);
  fc.assert(
    fc.property(varied, (all) => {
      const key = Buffer.from(all).toString('base64');
      return isStrongKey(key) || /12345|abcde/i.test(key);
    }),
  );
});
