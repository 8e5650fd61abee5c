import { expect, test } from '@jest/globals';
import {
  hashOfPassword,
  isPassword,
  isTooOld,
  passwordFaults,
  type PasswordSetting,
  wasUsed,
} from './passwords.js';

const ALONE: PasswordSetting = { policy: 'asvs5', secondFactor: false, known: ['wang.fang', '协和医院'] };
const WITH_CODE: PasswordSetting = { ...ALONE, secondFactor: true };
const MLPS: PasswordSetting = { ...ALONE, policy: 'mlps3' };

const codes = (password: string, setting: PasswordSetting): string[] =>
  passwordFaults(password, setting, '/password').map(({ code }) => code);

test.each([
  ['plum tree by the gate', ALONE, []],
  ['梅花香自苦寒来宝剑锋从磨砺出', ALONE, ['password-too-short']],
  ['梅花香自苦寒来，宝剑锋从磨砺出', ALONE, []],
  ['plum tree gate', ALONE, ['password-too-short']],
  ['plumgate', WITH_CODE, []],
  ['plumgat', WITH_CODE, ['password-too-short']],
  ['x'.repeat(63) + ' y'.repeat(33), ALONE, ['password-too-long']],
  ['passwordpassword', ALONE, ['password-common']],
  ['aaaaaaaaaaaaaaaa', ALONE, ['password-common']],
  ['123qwertyuiop1234567', ALONE, ['password-common']],
  ['1qaz2wsx3edc4rfv', ALONE, ['password-common']],
  ['Trustno1', WITH_CODE, ['password-common']],
  ['Wang.Fang likes plums', ALONE, ['password-obvious']],
  ['在协和医院上班的第一天真好啊啊啊', ALONE, ['password-obvious']],
  ['plumgate7', MLPS, ['password-too-simple']],
  ['Plumgate7', MLPS, []],
  ['Plum-gate', MLPS, []],
] as const)('"%s" %#', (password, setting, expected) => {
  expect(codes(password, setting)).toEqual(expected);
});

test('a password typed with another input method is the same password', async () => {
  const stored = await hashOfPassword('ｐｌｕｍ ｔｒｅｅ é');
  expect(await isPassword(stored, 'plum tree e\u0301')).toBe(true);
  expect(await isPassword(stored, 'plum tree e')).toBe(false);
  expect(stored).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
});

test('the present password is no new one; those before are remembered under mlps3', async () => {
  const present = await hashOfPassword('present password');
  const former = [await hashOfPassword('former password')];
  const used = (password: string, policy: 'asvs5' | 'mlps3') =>
    wasUsed(password, { present, former }, policy);
  expect(await used('present password', 'asvs5')).toBe(true);
  expect(await used('former password', 'asvs5')).toBe(false);
  expect(await used('former password', 'mlps3')).toBe(true);
  expect(await used('another password', 'mlps3')).toBe(false);
});

test('a password grows old under mlps3 alone, after 90 days', () => {
  const changed = new Date('2026-01-01T00:00:00Z');
  const day = (n: number) => new Date(changed.getTime() + n * 86_400_000);
  expect([isTooOld('mlps3', changed, day(89)), isTooOld('mlps3', changed, day(90))]).toEqual([false, true]);
  expect(isTooOld('asvs5', changed, day(9000))).toBe(false);
});
