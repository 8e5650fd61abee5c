import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { NotHl7, parseMessage } from './er7.js';

const HEADER = 'MSH|^~\\&|HIS|WARD|NEDWATCH|WARD|20261102083015||ADT^A08^ADT_A01|1|P|2.4';
const pid = (line: string) => parseMessage(`${HEADER}\r${line}`).message.first('PID')!;

describe('a segment', () => {
  test('counts fields and components from 1, and the separator as field 1 of MSH', () => {
    const { header } = parseMessage(HEADER).message;
    expect([header.raw(1), header.raw(2), header.text(3), header.text(9, 2)]).toEqual([
      '|',
      '^~\\&',
      'HIS',
      'A08',
    ]);
  });

  test('distinguishes a missing value from one to be deleted', () => {
    const segment = pid('PID|1||7^^^WARD^MR||""|""^');
    expect(segment.isNull(5)).toBe(true);
    expect(segment.text(5)).toBeUndefined();
    expect(segment.isNull(8)).toBe(false);
  });

  test('has repetitions, subcomponents, and blanks around a value cut', () => {
    const segment = pid('PID|1|| 7 ^^^WARD&1.2.3&ISO^MR~8^^^CITY^NI');
    expect(segment.repetitions(3).map((one) => [one.text(1), one.text(4, 1), one.text(5)])).toEqual([
      ['7', 'WARD', 'MR'],
      ['8', 'CITY', 'NI'],
    ]);
  });

  test('has its escapes replaced; a stroke that begins none stays', () => {
    expect(pid('PID|1||a\\F\\b\\S\\c\\T\\d\\R\\e\\E\\f').text(3)).toBe('a|b^c&d~e\\f');
    expect(pid('PID|1||line\\.br\\next\\X21\\').text(3)).toBe('line\nnext!');
    expect(pid('PID|1||C:\\temp\\x').text(3)).toBe('C:\\temp\\x');
  });
});

test.each(['', 'PID|1', 'MSH', 'MSH|', 'MSHA^~\\&|x', 'MSH|^~\\&'])('%j is refused', (text) => {
  expect(() => parseMessage(text)).toThrow(NotHl7);
});

test('any text is a message or refused, never another error', () => {
  const piece = fc.oneof(
    fc.string(),
    fc.constantFrom('MSH', 'PID', '|', '^', '~', '\\', '&', '\r', '\n', '""'),
  );
  fc.assert(
    fc.property(fc.array(piece), fc.boolean(), (pieces, hasHeader) => {
      try {
        const { message } = parseMessage(`${hasHeader ? `${HEADER}\r` : ''}${pieces.join('')}`);
        for (const segment of message.segments)
          for (const field of [1, 2, 3, 5, 9])
            void segment.repetitions(field).map((one) => [one.text(2, 2), one.whole]);
      } catch (error) {
        expect(error).toBeInstanceOf(NotHl7);
      }
    }),
  );
});
