import { expect, test } from '@jest/globals';
import { base32, codeOf, newTotpSecret, stepOf } from './totp.js';

const RFC_SECRET = Buffer.from('12345678901234567890');

test.each([
  [59, '94287082'],
  [1_111_111_109, '07081804'],
  [1_111_111_111, '14050471'],
  [1_234_567_890, '89005924'],
  [2_000_000_000, '69279037'],
  [20_000_000_000, '65353130'],
])('at %i seconds the code is that of RFC 6238, appendix B', (seconds, code) => {
  expect(codeOf(RFC_SECRET, Math.floor(seconds / 30), 8)).toBe(code);
});

test.each([
  ['', ''],
  ['f', 'MY'],
  ['fo', 'MZXQ'],
  ['foo', 'MZXW6'],
  ['foob', 'MZXW6YQ'],
  ['fooba', 'MZXW6YTB'],
  ['foobar', 'MZXW6YTBOI'],
])('base32 of "%s" is that of RFC 4648', (text, encoded) => {
  expect(base32(Buffer.from(text))).toBe(encoded);
});

test('a code is taken one step early or late, no further, and once', () => {
  const secret = newTotpSecret();
  const now = new Date('2026-11-01T00:00:10Z');
  const step = Math.floor(now.getTime() / 30_000);
  const taken = [-2, -1, 0, 1, 2].map((off) => stepOf(codeOf(secret, step + off), secret, now, null));
  expect(taken).toEqual([undefined, step - 1, step, step + 1, undefined]);
  expect(stepOf(codeOf(secret, step), secret, now, step)).toBeUndefined();
  expect(stepOf(codeOf(secret, step - 1), secret, now, step)).toBeUndefined();
  expect(stepOf(codeOf(secret, step + 1), secret, now, step)).toBe(step + 1);
  expect(stepOf('12345', secret, now, null)).toBeUndefined();
});
