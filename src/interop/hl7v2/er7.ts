/** The characters of MSH-1 and MSH-2 that divide a message, by position. */
export interface Delimiters {
  readonly field: string;
  readonly component: string;
  readonly repetition: string;
  /** Undefined where the sender uses none: then nothing is escaped. */
  readonly escape: string | undefined;
  readonly subcomponent: string | undefined;
}

/** Why a text is no message. */
export class NotHl7 extends Error {}

const NAME = /^[A-Z][A-Z0-9]{2}$/;
const HEADERS = ['MSH', 'FHS', 'BHS'];

/**
 * One segment. Fields count from 1 as in the standard; MSH-1 is the field separator. Values are decoded: escapes are
 * replaced, blanks around a value cut.
 */
export class Segment {
  constructor(
    readonly name: string,
    private readonly fields: readonly string[],
    private readonly delimiters: Delimiters,
  ) {}

  /** The field as it was sent, empty where it was not. */
  raw(field: number): string {
    return this.fields[field] ?? '';
  }

  /** The repetitions of a field that hold something. */
  repetitions(field: number): readonly Repetition[] {
    const raw = this.raw(field);
    if (raw === '') return [];
    const { repetition } = this.delimiters;
    return (repetition === '' ? [raw] : raw.split(repetition))
      .filter((one) => one !== '')
      .map((one) => new Repetition(one, this.delimiters));
  }

  /** The first repetition. */
  first(field: number): Repetition | undefined {
    return this.repetitions(field)[0];
  }

  /** A component of the first repetition, or undefined where nothing, or the null value, was sent. */
  text(field: number, component = 1): string | undefined {
    return this.first(field)?.text(component);
  }

  /** True where the sender asks to delete what was there: `""`. */
  isNull(field: number): boolean {
    return this.raw(field).trim() === NULL;
  }
}

const NULL = '""';

/** One repetition of a field. Components and subcomponents count from 1. */
export class Repetition {
  private readonly components: readonly string[];

  constructor(
    readonly raw: string,
    private readonly delimiters: Delimiters,
  ) {
    this.components = raw.split(delimiters.component);
  }

  get count(): number {
    return this.components.length;
  }

  text(component = 1, subcomponent?: number): string | undefined {
    const whole = this.components[component - 1] ?? '';
    const { subcomponent: divider } = this.delimiters;
    const part =
      subcomponent === undefined || divider === undefined
        ? whole
        : (whole.split(divider)[subcomponent - 1] ?? '');
    const text = unescape(part, this.delimiters).trim();
    return text === '' || text === NULL ? undefined : text;
  }

  /** The whole repetition as text, for types without components (ST, TX, FT). */
  get whole(): string {
    return unescape(this.raw, this.delimiters).trim();
  }
}

/** What a formatting command of FT stands for; other commands leave no text. */
const BREAKS: readonly string[] = ['.br', '.sp', '.ce'];

function unescape(text: string, delimiters: Delimiters): string {
  const { escape } = delimiters;
  if (escape === undefined || !text.includes(escape)) return text;
  const letters: Readonly<Record<string, string>> = {
    F: delimiters.field,
    S: delimiters.component,
    R: delimiters.repetition,
    T: delimiters.subcomponent ?? '',
    E: escape,
    H: '',
    N: '',
  };
  const parts: string[] = [];
  for (let at = 0; ;) {
    const begin = text.indexOf(escape, at);
    const end = begin < 0 ? -1 : text.indexOf(escape, begin + 1);
    if (end < 0) return parts.join('') + text.slice(at);
    parts.push(text.slice(at, begin));
    const code = text.slice(begin + 1, end);
    const replaced = replacement(code, letters);
    // What is no escape stays as it was sent: many senders escape nothing, and write a path of Windows.
    if (replaced === undefined) {
      parts.push(text.slice(begin, end));
      at = end;
    } else {
      parts.push(replaced);
      at = end + 1;
    }
  }
}

function replacement(code: string, letters: Readonly<Record<string, string>>): string | undefined {
  if (Object.prototype.hasOwnProperty.call(letters, code)) return letters[code];
  if (/^X([0-9A-Fa-f]{2})+$/.test(code)) return Buffer.from(code.slice(1), 'hex').toString('utf8');
  if (/^\.[a-z]{2}[+-]?\d*$/.test(code)) return BREAKS.includes(code.slice(0, 3)) ? '\n' : '';
  return undefined;
}

/** A whole message. */
export class Hl7Message {
  /** In the order sent, the header first. */
  readonly segments: readonly Segment[];

  constructor(
    readonly header: Segment,
    others: readonly Segment[],
  ) {
    this.segments = [header, ...others];
  }

  first(name: string): Segment | undefined {
    return this.segments.find((segment) => segment.name === name);
  }
}

/**
 * Reads ER7 text that begins with MSH (HL7 v2.3.1 to v2.8, chapter 2). Segments may end by CR, LF or both. A line that is
 * no segment continues a text that its sender broke, and is left out of the segments; `strayLines` counts them.
 * Throws `NotHl7`.
 */
export function parseMessage(text: string): { message: Hl7Message; strayLines: number } {
  const [first = '', ...rest] = linesOf(text);
  if (!first.startsWith('MSH')) throw new NotHl7('The text does not begin with MSH.');
  const delimiters = delimitersOf(first);
  const header = segmentOf(first, delimiters);
  const segments: Segment[] = [];
  let strayLines = 0;
  for (const line of rest) {
    const name = line.slice(0, 3);
    const isSegment = NAME.test(name) && (line.length === 3 || line[3] === delimiters.field);
    if (isSegment) segments.push(segmentOf(line, delimiters));
    else strayLines += 1;
  }
  return { message: new Hl7Message(header, segments), strayLines };
}

/** Reads one header segment (MSH, FHS, BHS), which names its own delimiters. Throws `NotHl7`. */
export function parseHeader(line: string): Segment {
  if (!HEADERS.includes(line.slice(0, 3))) throw new NotHl7('The line is no header.');
  return segmentOf(line, delimitersOf(line));
}

const linesOf = (text: string): string[] => text.split(/[\r\n]+/).filter((line) => line.trim() !== '');

function delimitersOf(header: string): Delimiters {
  const field = header[3];
  if (field === undefined || /[A-Za-z0-9\s]/.test(field)) throw new NotHl7('MSH-1 is no separator.');
  const end = header.indexOf(field, 4);
  const [component, repetition = '', escape, subcomponent] = header.slice(4, end < 0 ? undefined : end);
  if (end < 0 || component === undefined) throw new NotHl7('MSH-2 has no encoding characters.');
  return { field, component, repetition, escape, subcomponent };
}

function segmentOf(line: string, delimiters: Delimiters): Segment {
  const name = line.slice(0, 3);
  const fields = line.split(delimiters.field);
  // MSH-1 is the separator itself, so that every other field of a header counts one higher.
  return HEADERS.includes(name)
    ? new Segment(name, [name, delimiters.field, ...fields.slice(1)], delimiters)
    : new Segment(name, fields, delimiters);
}
