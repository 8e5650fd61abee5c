import { parseHeader } from './er7.js';

/** What the acknowledgement of a batch consists of, besides the acknowledgements of its messages. */
export interface BatchAnswer {
  /** The FHS and BHS of the batch that is answered, in this order; none: it had no envelope, and the answer has none. */
  readonly headers: readonly Buffer[];
  readonly answers: readonly Buffer[];
  /** Of this answer: FHS-11 and BHS-11. */
  readonly controlId: string;
  /** BTS-2, for the person who reads the sender's log. In ASCII. */
  readonly comment?: string | undefined;
}

/**
 * The acknowledgements of a batch as a batch (HL7 v2 chapter 2, batch protocol): sender and receiver exchanged, FHS-12 and
 * BHS-12 refer to the batch that is answered. Each acknowledgement keeps the character set of its message.
 */
export function acknowledgeBatch({ headers, answers, controlId, comment }: BatchAnswer): Buffer {
  const lines = headers.map((header) => answerHeader(header.toString('latin1'), controlId));
  const hasFile = lines.some((line) => line.startsWith('FHS'));
  const hasBatch = lines.some((line) => line.startsWith('BHS'));
  const trailer = ['BTS', String(answers.length), ...(comment === undefined ? [] : [comment])].join('|');
  const end = [...(hasBatch ? [trailer] : []), ...(hasFile ? ['FTS|1'] : [])];
  const segments = (all: readonly string[]): Buffer =>
    Buffer.from(all.map((one) => `${one}\r`).join(''), 'latin1');
  return Buffer.concat([segments(lines), ...answers, segments(end)]);
}

/** In the usual delimiters where the header names none that can be read. */
function answerHeader(line: string, controlId: string): string {
  const name = line.slice(0, 3);
  try {
    const sent = parseHeader(line);
    const fields = [name, sent.raw(2), sent.raw(5), sent.raw(6), sent.raw(3), sent.raw(4)];
    return [...fields, '', '', '', '', controlId, sent.raw(11)].join(sent.raw(1)).slice(0, LONGEST_HEADER);
  } catch {
    return [name, '^~\\&', '', '', '', '', '', '', '', '', controlId].join('|');
  }
}

const LONGEST_HEADER = 2000;
