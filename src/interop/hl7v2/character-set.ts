/** Why the bytes of a message are no text. */
export class UndecodableBytes extends Error {
  constructor(readonly characterSet: string) {
    super(`The bytes are no ${characterSet} text.`);
  }
}

/** HL7 table 0211 as it is written in practice, without blanks, strokes and capitals, and the encoding that each names. */
const ENCODINGS: Readonly<Record<string, string>> = {
  ascii: 'utf-8', // of which it is a part
  '8859': 'iso-8859-1',
  ...Object.fromEntries([1, 2, 3, 4, 5, 6, 7, 8, 15].map((part) => [`8859${part}`, `iso-8859-${part}`])),
  '88599': 'windows-1254',
  unicode: 'utf-8',
  unicodeutf8: 'utf-8',
  utf8: 'utf-8',
  gb180302000: 'gb18030',
  gb18030: 'gb18030',
  gbk: 'gb18030', // of which it is a part
  gb2312: 'gb18030',
  big5: 'big5',
  ksx1001: 'euc-kr',
  isoir87: 'iso-2022-jp',
};

/**
 * The encoding that MSH-18 names, or undefined where it names none that is known. Senders write the names of table 0211
 * in several ways ("UNICODE UTF-8", "UTF-8", "8859/1").
 */
export function encodingOf(characterSet: string): string | undefined {
  const name = characterSet.toLowerCase().replace(/[^a-z0-9]/g, '');
  return Object.prototype.hasOwnProperty.call(ENCODINGS, name) ? ENCODINGS[name] : undefined;
}

/** Throws `UndecodableBytes` where a byte sequence has no character: a name is never changed silently. */
export function decode(bytes: Uint8Array, encoding: string): string {
  try {
    return new TextDecoder(encoding, { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new UndecodableBytes(encoding);
  }
}

const CARRIAGE_RETURN = 13;
const LINE_FEED = 10;
const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf];
const HEADER_BYTES = 4096;

/** Where `first` begins: after a UTF-8 byte order mark and empty lines. */
function beginOf(bytes: Uint8Array): number {
  let begin = BYTE_ORDER_MARK.every((byte, place) => bytes[place] === byte) ? BYTE_ORDER_MARK.length : 0;
  while (bytes[begin] === CARRIAGE_RETURN || bytes[begin] === LINE_FEED) begin += 1;
  return begin;
}

/** The character set that the first line declares: MSH-18, its first repetition. */
function declaredIn(line: string): string {
  const separator = line[3] ?? '|';
  const repetition = line[5] ?? '~';
  return line.split(separator)[17]?.split(repetition)[0]?.trim() ?? '';
}

/**
 * The text of a message, without its byte order mark, and the encoding in which it was read: the declared one; without a
 * known one UTF-8, of which ASCII is a part. Throws `UndecodableBytes`.
 *
 * The header is read twice: in GB18030 the second byte of a character may be that of a separator, so that MSH-18 is
 * found surely only in the encoding that it declares.
 */
export function textOf(bytes: Uint8Array, undeclared = 'utf-8'): { text: string; encoding: string } {
  const whole = bytes.subarray(beginOf(bytes));
  const end = whole.findIndex((byte) => byte === CARRIAGE_RETURN || byte === LINE_FEED);
  const header = whole.subarray(0, Math.min(end < 0 ? whole.length : end, HEADER_BYTES));
  for (const assumed of ['iso-8859-1', 'gb18030', 'big5']) {
    const encoding = encodingOf(declaredIn(new TextDecoder(assumed).decode(header)));
    if (encoding === undefined) continue;
    if (assumed === 'iso-8859-1' || assumed === encoding) return { text: decode(whole, encoding), encoding };
  }
  return { text: decode(whole, undeclared), encoding: undeclared };
}
