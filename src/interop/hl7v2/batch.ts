const CARRIAGE_RETURN = 13;
const LINE_FEED = 10;
const ENVELOPES = ['FHS', 'BHS', 'BTS', 'FTS'];
const FIRST_BYTES = [...Buffer.from('MFB')];

/** The messages in a file, with what its batch trailers say about their number. */
export interface Batch {
  readonly messages: readonly Buffer[];
  /** The first FHS and the first BHS, as they were sent. */
  readonly headers: readonly Buffer[];
  /** BTS-1 where it differs from the number of messages in its batch. */
  readonly wrongCounts: readonly { readonly declared: number; readonly found: number }[];
}

/**
 * Divides a file at each line that begins with MSH, and takes FHS, BHS, BTS and FTS away (HL7 v2 chapter 2, batch
 * protocol). It divides bytes, because each message declares its own character set; no byte of a character is a line end
 * in the sets that HL7 names.
 */
export function divideBatch(file: Buffer): Batch {
  const messages: Buffer[] = [];
  const headers = new Map<string, Buffer>();
  const wrongCounts: { declared: number; found: number }[] = [];
  let begin = -1;
  let inBatch = 0;
  const endMessage = (end: number): void => {
    if (begin >= 0) messages.push(file.subarray(begin, end));
    begin = -1;
  };
  for (const [at, end] of headerLines(file)) {
    const name = file.toString('latin1', at, at + 3);
    if (name === 'MSH' || ENVELOPES.includes(name)) endMessage(at);
    if (name === 'MSH') {
      begin = at;
      inBatch += 1;
    }
    if ((name === 'FHS' || name === 'BHS') && !headers.has(name)) headers.set(name, file.subarray(at, end));
    if (name === 'BHS') inBatch = 0;
    if (name === 'BTS') {
      const declared = Number.parseInt(file.toString('latin1', at + 4, end), 10);
      if (!Number.isNaN(declared) && declared !== inBatch) wrongCounts.push({ declared, found: inBatch });
    }
  }
  endMessage(file.length);
  return { messages, headers: [...headers.values()], wrongCounts };
}

const BYTE_ORDER_MARK = Buffer.of(0xef, 0xbb, 0xbf);

/** The lines that may be a header or trailer, by their first byte: the others are many. */
function headerLines(file: Buffer): (readonly [at: number, end: number])[] {
  const found: (readonly [number, number])[] = [];
  const isEnd = (place: number): boolean => file[place] === CARRIAGE_RETURN || file[place] === LINE_FEED;
  let at = file.subarray(0, 3).equals(BYTE_ORDER_MARK) ? 3 : 0;
  while (at < file.length) {
    let end = at;
    while (end < file.length && !isEnd(end)) end += 1;
    if (FIRST_BYTES.includes(file[at] ?? 0)) found.push([at, end]);
    at = end + 1;
  }
  return found;
}
