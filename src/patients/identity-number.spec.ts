import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { identityNumberForm, readIdentityNumber } from './identity-number.js';

test.each([
  ['11010519491231002X', { number: '11010519491231002X', birthDate: '1949-12-31', sex: 'female' }],
  [
    ' １１０１０５１９４９１２３１００２ｘ ',
    { number: '11010519491231002X', birthDate: '1949-12-31', sex: 'female' },
  ],
  ['440524188001010014', { number: '440524188001010014', birthDate: '1880-01-01', sex: 'male' }],
  ['110105491231002', { number: '11010519491231002X', birthDate: '1949-12-31', sex: 'female' }],
  ['E12345678', { number: 'E12345678' }],
  ['C01X00T47', { number: 'C01X00T47' }],
  ['A123456(7)', { number: 'A123456(7)' }],
  ['军字第1234567号', { number: '军字第1234567号' }],
])('%s is read as %j', (typed, document) => {
  expect(readIdentityNumber(typed)).toEqual(document);
});

test.each([
  ['110105194912310021', 'check-digit'],
  ['11010519491331002X', 'check-digit'],
  ['1101051949123100', 'digits-in-number'],
  ['13812345678', 'digits-in-number'],
  ['110105491331002', 'birth-date-in-number'],
  ['不详', 'no-identity-number'],
  ['无', 'no-identity-number'],
  ['00000000', 'no-identity-number'],
])('%s is refused: %s', (typed, problem) => {
  expect(readIdentityNumber(typed)).toBe(problem);
});

test('one wrong digit, or two exchanged ones, of a resident number are noticed', () => {
  const right = '11010519491231002X';
  fc.assert(
    fc.property(fc.nat(16), fc.nat(9), (at, digit) => {
      const slip = right.slice(0, at) + String(digit) + right.slice(at + 1);
      expect(typeof readIdentityNumber(slip) === 'string').toBe(slip !== right);
    }),
  );
  fc.assert(
    fc.property(fc.nat(15), (at) => {
      const slip = right.slice(0, at) + right[at + 1]! + right[at]! + right.slice(at + 2);
      expect(typeof readIdentityNumber(slip) === 'string').toBe(slip !== right);
    }),
  );
});

test('an old number and the one that followed it are found by the same form', () => {
  expect(identityNumberForm('110105491231002')).toBe(identityNumberForm('11010519491231002x'));
});
