import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { meaningOf } from './reply-meaning.js';

describe('a reply', () => {
  test.each([
    ['1', 'confirm'],
    [' １。', 'confirm'],
    ['回复1', 'confirm'],
    ['2', 'call'],
    ['２！', 'call'],
    ['TD', 'opt_out'],
    ['td', 'opt_out'],
    ['退订', 'opt_out'],
    ['回复TD', 'opt_out'],
    ['Stop.', 'opt_out'],
    ['12', 'other'],
    ['1号来不了', 'other'],
    ['取消', 'other'], // of the appointment, perhaps
    ['谢谢', 'other'],
    ['', 'other'],
    ['回', 'other'],
  ])('%j means %s', (text, meaning) => {
    expect(meaningOf(text)).toBe(meaning);
  });

  test('with further words is left to the nurse', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('1', '2', 'TD'),
        fc.constantFrom('号', '不', '点', 'x', '3'),
        (word, more) => {
          expect(meaningOf(`${word}${more}`)).toBe('other');
          expect(meaningOf(`${more}${word}`)).toBe('other');
        },
      ),
    );
  });
});
