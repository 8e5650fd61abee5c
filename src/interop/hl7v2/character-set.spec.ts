import { expect, test } from '@jest/globals';
import { textOf, UndecodableBytes } from './character-set.js';

const header = (set: string, sender = 'HIS') =>
  `MSH|^~\\&|${sender}|WARD|||20261102||ADT^A08|1|P|2.4||||||${set}`;
/** 珅 in GB18030: its second byte is that of the field separator. */
const DELIMITER_INSIDE = Buffer.of(0xab, 0x7c);

test('without a declaration the bytes are UTF-8, and others are refused', () => {
  expect(textOf(Buffer.from(`${header('')}\rPID|王`)).text).toContain('王');
  expect(() => textOf(Buffer.concat([Buffer.from(`${header('')}\rPID|`), Buffer.of(0xcd, 0xf5)]))).toThrow(
    UndecodableBytes,
  );
});

test('the hospital may name the set of senders that declare none', () => {
  const bytes = Buffer.concat([Buffer.from(`${header('')}\rPID|`), Buffer.of(0xcd, 0xf5)]);
  expect(textOf(bytes, 'gb18030').text).toContain('王');
});

test('a declared set is found behind a sender whose name holds the byte of a separator', () => {
  const [before, after] = header('GB 18030-2000', '@').split('@');
  const bytes = Buffer.concat([Buffer.from(before!), DELIMITER_INSIDE, Buffer.from(after!)]);
  expect(textOf(bytes)).toMatchObject({ encoding: 'gb18030' });
});

test('a byte order mark and empty lines before the header are no part of the text', () => {
  expect(textOf(Buffer.from(`\uFEFF\r\n${header('UTF-8')}`)).text.startsWith('MSH')).toBe(true);
});
