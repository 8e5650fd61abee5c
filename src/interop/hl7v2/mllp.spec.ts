import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { framed, FrameReader, FrameRefused } from './mllp.js';

const FS = 0x1c;
const CR = 0x0d;
const taken = (reader: FrameReader, bytes: string): string[] =>
  [...reader.take(Buffer.from(bytes))].map(String);
const messages = fc.array(
  fc
    .uint8Array({ maxLength: 40 })
    .filter((bytes) => !bytes.some((byte, place) => byte === FS && (bytes[place + 1] ?? CR) === CR)),
  { maxLength: 5 },
);

test('messages arrive whole and in order, wherever the stream is divided', () => {
  fc.assert(
    fc.property(messages, fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }), (sent, sizes) => {
      const stream = Buffer.concat(sent.map(framed));
      const reader = new FrameReader(100);
      const received: Buffer[] = [];
      for (let at = 0, turn = 0; at < stream.length; turn += 1) {
        const size = sizes[turn % sizes.length]!;
        received.push(...reader.take(stream.subarray(at, at + size)));
        at += size;
      }
      expect(received.map((one) => [...one])).toEqual(sent.map((one) => [...one]));
      expect(reader.isWaiting).toBe(false);
    }),
  );
});

test('a frame without its end waits', () => {
  const reader = new FrameReader(100);
  expect(taken(reader, '\x0bMSH|')).toEqual([]);
  expect(reader.isWaiting).toBe(true);
  expect(taken(reader, 'x\x1c')).toEqual([]);
  expect(taken(reader, '\r')).toEqual(['MSH|x']);
});

test('a frame larger than allowed is refused as soon as it is', () => {
  const reader = new FrameReader(10);
  taken(reader, '\x0b123456');
  expect(() => taken(reader, '78901')).toThrow(FrameRefused);
});

test('bytes outside of frames are refused, line ends are not', () => {
  const reader = new FrameReader(100);
  expect(taken(reader, '\r\n\x0ba\x1c\r\r\n\x0bb\x1c\r')).toEqual(['a', 'b']);
  expect(() => taken(reader, 'MSH|')).toThrow(FrameRefused);
});

test('a message is taken out before the bytes after it are refused, also where they come together', () => {
  const frames = new FrameReader(100).take(Buffer.from('\x0ba\x1c\rMSH|'));
  expect(String(frames.next().value)).toBe('a');
  expect(() => frames.next()).toThrow(FrameRefused);
});
