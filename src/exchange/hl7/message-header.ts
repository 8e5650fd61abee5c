import { textOf } from '../../interop/hl7v2/character-set.js';
import { parseMessage, type Segment } from '../../interop/hl7v2/er7.js';

const CARRIAGE_RETURN = 13;
const LINE_FEED = 10;
/** Of a header that the log of messages can store. */
const LONGEST_BYTES = 8192;

/** MSH of a message, read without the rest; undefined where it begins with none. */
export function headerOf(message: Buffer): Segment | undefined {
  const begin = message.indexOf('MSH', 0, 'latin1');
  if (begin < 0) return undefined;
  const whole = message.subarray(begin, begin + LONGEST_BYTES);
  const ends = [whole.indexOf(CARRIAGE_RETURN), whole.indexOf(LINE_FEED)].filter((end) => end >= 0);
  const line = whole.subarray(0, Math.min(...ends, whole.length));
  try {
    return parseMessage(readable(line)).message.header;
  } catch {
    return undefined;
  }
}

/** Bytes that are not in the declared character set leave the fields before them readable. */
function readable(line: Buffer): string {
  try {
    return textOf(line).text;
  } catch {
    return line.toString('latin1');
  }
}

/** The facility by which a message names its sender: MSH-6, or MSH-4 where it has none. */
export const facilityOf = (header: Segment): string | undefined => header.text(6) ?? header.text(4);
