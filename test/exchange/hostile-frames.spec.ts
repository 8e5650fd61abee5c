import { expect, jest, test } from '@jest/globals';
import fc from 'fast-check';
import { acknowledge } from '../../src/interop/hl7v2/acknowledgement.js';
import { textOf, UndecodableBytes } from '../../src/interop/hl7v2/character-set.js';
import { NotHl7, parseMessage } from '../../src/interop/hl7v2/er7.js';
import { isDivisible, isReadable } from '../../src/interop/hl7v2/message-bounds.js';
import { framed, FrameReader, FrameRefused } from '../../src/interop/hl7v2/mllp.js';
import { readHeader } from '../../src/exchange/hl7/reading/header.js';
import { readMerges, readPerson } from '../../src/exchange/hl7/reading/person.js';
import { readReports } from '../../src/exchange/hl7/reading/report.js';
import { answerEach } from '../../src/exchange/hl7/message-batches.js';
import { facilityOf, headerOf } from '../../src/exchange/hl7/message-header.js';

// The long form: PROPERTY_RUNS=1000000.
const RUNS = Number(process.env['PROPERTY_RUNS'] ?? 300);
jest.setTimeout(60_000 + 5 * RUNS);

const LINES = [
  'MSH|^~\\&|HIS|SLZL|NEDWATCH|SLZL|20261110||ADT^A08|M1|P|2.4||||||UNICODE UTF-8',
  'MSH|^~\\&|检验|SLZL|NEDWATCH|SLZL|20261110||ORU^R01|M2|P|2.5.1|||AL|NE|CHN|GB 18030-2000',
  'FHS|^~\\&|HIS|SLZL|NEDWATCH|SLZL||||||F1',
  'BHS|^~\\&|HIS|SLZL|NEDWATCH|SLZL||||||B1',
  'PID|1||P1^^^SLZL^MR~X^^^Y^PI||王建国||19581106|M|||\\E\\\\F\\\\X4142\\||||',
  'MRG|P2^^^SLZL^MR',
  'OBR|1||F1^LIS|TM^^LIS|||20261109071500',
  'OBX|1|ST|2039-6^CEA^LN||<0.5|ng/mL|0-5|||||F',
  'BTS|2',
  'FTS|1',
];

/** Lines of messages, cut and with foreign bytes in between. */
const content = fc
  .array(
    fc.oneof(
      { weight: 6, arbitrary: fc.constantFrom(...LINES).map((line) => Buffer.from(`${line}\r`)) },
      { weight: 1, arbitrary: fc.uint8Array({ maxLength: 12 }).map((bytes) => Buffer.from(bytes)) },
      {
        weight: 1,
        arbitrary: fc
          .constantFrom('|', '^', '~', '\\', '&', '\r', '\n', '\0', '\x0b', '\x1c', '\x1c\r')
          .map((one) => Buffer.from(one)),
      },
    ),
    { maxLength: 12 },
  )
  .chain((parts) => {
    const whole = Buffer.concat(parts);
    return fc.tuple(fc.nat(whole.length), fc.nat(whole.length)).map(([from, to]) => {
      const [begin, end] = from < to && from % 3 === 0 ? [from, to] : [0, Math.max(from, to)];
      return whole.subarray(begin, end);
    });
  });

test('whatever is in a frame, it is read without a crash, and each message is answered', async () => {
  await fc.assert(
    fc.asyncProperty(content, async (bytes) => {
      readWhole(bytes);
      const { bytes: answer } = await answerEach(bytes, (message) => {
        const header = headerOf(message);
        void (header && facilityOf(header));
        const text = acknowledge(header, { code: 'AE', controlId: '1', time: '20261110', text: '|^~\\&\r' });
        return Promise.resolve({ bytes: Buffer.from(text), isAccepted: false });
      });
      expect(answer.toString('latin1')).toMatch(/(^|\r)MSA.A[ER]/s);
    }),
    { numRuns: RUNS },
  );
});

test('whatever arrives, frames are taken out or refused, wherever the stream is divided', () => {
  fc.assert(
    fc.property(
      fc.array(content, { maxLength: 4 }),
      fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1 }),
      (frames, sizes) => {
        const stream = Buffer.concat(frames.map((one, place) => (place % 3 === 2 ? one : framed(one))));
        const taken = (sizeOf: (turn: number) => number): string[] => {
          const reader = new FrameReader(200);
          const found: string[] = [];
          try {
            for (let at = 0, turn = 0; at < stream.length; turn += 1) {
              const size = sizeOf(turn);
              for (const one of reader.take(stream.subarray(at, at + size))) found.push(one.toString('hex'));
              at += size;
            }
          } catch (error) {
            if (!(error instanceof FrameRefused)) throw error;
            found.push(error.reason);
          }
          return found;
        };
        const bytewise = taken(() => 1);
        expect(taken((turn) => sizes[turn % sizes.length]!)).toEqual(bytewise);
      },
    ),
    { numRuns: RUNS },
  );
});

/** Everything that the program reads of a message. */
function readWhole(bytes: Buffer): void {
  try {
    const { message } = parseMessage(textOf(bytes, 'iso-8859-1').text);
    readHeader(message.header);
    readReports(message);
    for (const segment of message.segments) if (segment.name === 'PID') readPerson(segment);
    readMerges(message);
  } catch (error) {
    if (!(error instanceof NotHl7) && !(error instanceof UndecodableBytes)) throw error;
  }
}

const head = 'MSH|^~\\&|HIS|SLZL|NEDWATCH|SLZL|20261110||ORU^R01|M1|P|2.4\r';

test.each([
  ['segments', 'OBX|1|ST|CEA||<0.5|ng/mL|||||F\r'],
  ['lines', 'A\r'],
  ['repetitions', '^^^SLZL^MR~'],
  ['fields', '|'],
  ['components', '^'],
  ['escapes', '\\'],
])('a message of 4 MB of %s is refused before it is read', (_, part) => {
  const huge = Buffer.from(`${head}PID|1||${part.repeat(4_000_000 / part.length)}`);
  const began = performance.now();
  expect(isReadable(huge)).toBe(false);
  isDivisible(huge);
  // A tenth of what it would take to read it, on a busy machine.
  expect(performance.now() - began).toBeLessThan(5000);
});

test('a document of 4 MB in one field is read', () => {
  const document = 'JVBERi0xLjcK+/'.repeat(280_000);
  expect(isReadable(Buffer.from(`${head}OBX|1|ED|PDF||^application^pdf^Base64^${document}\r`))).toBe(true);
});
