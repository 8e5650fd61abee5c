import { finished } from 'node:stream/promises';
import { CsvError, parse } from 'csv-parse';
import { DomainError, invalid } from '../../../platform/domain-error.js';
import { msg } from '../../../platform/messages/dictionary.js';

/** One row of the file: its line (the header is line 1) and its cells by column. */
export interface CsvRow {
  readonly line: number;
  readonly cells: Readonly<Record<string, string>>;
}

/** The columns a file must have, and those it may leave out. */
export interface CsvShape {
  readonly required: readonly string[];
  readonly optional: readonly string[];
}

/** How many rows a file has at most: planning that many new patients takes about half a minute. */
export const MOST_ROWS = 20_000;

/** The most characters of a row, and of a line: neither an unclosed quote nor a million commas is a row. */
const MOST_IN_ROW = 64_000;

/** No column has this many characters. A longer value is cut and marked, so that its row is refused. */
const MOST_IN_CELL = 500;
const CUT = ' […]';

/**
 * Reads RFC 4180 CSV in UTF-8 with a header line, piece by piece as it arrives, and keeps at most `MOST_ROWS`. After
 * the first problem it ignores the rest; `rows` then throws.
 */
export class CsvReader {
  private readonly parser = parse({
    ...{ bom: true, info: true, skip_empty_lines: true },
    max_record_size: MOST_IN_ROW,
  });
  private readonly text = new Utf8Text();
  private header: readonly string[] | undefined;
  private readonly read: CsvRow[] = [];
  private fault: DomainError | undefined;

  constructor() {
    this.parser.on('data', (record: CsvRecord) => this.take(record));
    this.parser.on('error', (error) => (this.fault ??= notCsv(error)));
  }

  async write(bytes: Buffer): Promise<void> {
    if (this.fault) return;
    try {
      this.text.add(bytes);
      await new Promise<void>((resolve) => this.parser.write(bytes, () => resolve()));
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      this.fault = error;
    }
  }

  /**
   * The rows, after all bytes are written. Cells are trimmed; unknown and missing columns are refused by name, so
   * that a misspelt column is not ignored.
   */
  async rows(shape: CsvShape): Promise<readonly CsvRow[]> {
    if (!this.fault) {
      this.text.end();
      this.parser.end();
      await finished(this.parser).catch((error: unknown) => (this.fault ??= notCsv(error)));
    }
    this.parser.destroy();
    if (this.fault) throw this.fault;
    refuseColumns(this.header ?? [], shape);
    return this.read;
  }

  private take({ record, info }: CsvRecord): void {
    if (this.fault) return;
    const cells = record.map(cell);
    if (this.header === undefined) {
      if (cells.length > MOST_COLUMNS) this.fault = tooManyColumns();
      this.header = cells;
    } else if (this.read.length === MOST_ROWS) this.fault = tooManyRows();
    else
      this.read.push({
        line: info.lines,
        cells: Object.fromEntries(this.header.map((column, index) => [column, cells[index] ?? ''])),
      });
  }
}

const cell = (written: string): string => {
  const text = written.trim();
  return text.length > MOST_IN_CELL ? text.slice(0, MOST_IN_CELL) + CUT : text;
};

/** More than any kind of file has. */
const MOST_COLUMNS = 64;

const tooManyRows = (): DomainError =>
  new DomainError('too-large', 'too-many-rows', msg('too-many-rows', { limit: MOST_ROWS }));
const tooManyColumns = (): DomainError =>
  invalid('too-many-columns', msg('too-many-columns', { limit: MOST_COLUMNS }), [
    {
      pointer: '/header',
      code: 'too-many-columns',
      message: msg('too-many-columns', { limit: MOST_COLUMNS }),
    },
  ]);

/** Checks the bytes of a file as they arrive. Refuses bytes that are not UTF-8 and names the line: a wrongly decoded name is a wrong patient. */
class Utf8Text {
  private readonly utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  /** The part of the current line that has been read. */
  private line: Buffer = Buffer.alloc(0);
  private linesBefore = 0;

  add(bytes: Buffer): void {
    const unfinished = Buffer.concat([this.line, bytes]);
    if (this.linesBefore === 0 && unfinished.subarray(0, 4).equals(ZIP))
      throw new DomainError('unsupported', 'not-csv', msg('not-csv'));
    this.decode(unfinished, () => this.utf8.decode(bytes, { stream: true }));
    let start = 0;
    for (let end = unfinished.indexOf(NEWLINE); end !== -1; end = unfinished.indexOf(NEWLINE, start)) {
      this.refuseLong(end - start);
      [this.linesBefore, start] = [this.linesBefore + 1, end + 1];
    }
    this.line = unfinished.subarray(start);
    this.refuseLong(this.line.length);
  }

  end(): void {
    this.decode(this.line, () => this.utf8.decode());
  }

  private decode(unfinished: Buffer, decode: () => string): void {
    try {
      decode();
    } catch {
      const line = this.linesBefore + badLineIn(unfinished);
      const message = msg('file-not-utf8', { line });
      throw new DomainError('malformed', 'not-utf8', message, [
        { pointer: `/file/${line}`, code: 'not-utf8', message },
      ]);
    }
  }

  private refuseLong(bytes: number): void {
    if (bytes <= MOST_IN_ROW) return;
    const line = this.linesBefore + 1;
    const message = msg('line-too-long', { line, limit: MOST_IN_ROW });
    throw invalid('line-too-long', message, [{ pointer: `/rows/${line}`, code: 'line-too-long', message }]);
  }
}

const ZIP = Buffer.from('PK\u0003\u0004');
const NEWLINE = 0x0a;
const utf8 = new TextDecoder('utf-8', { fatal: true });

/** The first line that is not UTF-8, counted from 1. */
function badLineIn(bytes: Buffer): number {
  let [line, start] = [1, 0];
  for (let end = bytes.indexOf(NEWLINE); end !== -1; end = bytes.indexOf(NEWLINE, start)) {
    if (!isUtf8(bytes.subarray(start, end))) return line;
    [line, start] = [line + 1, end + 1];
  }
  return line;
}

function isUtf8(bytes: Buffer): boolean {
  try {
    utf8.decode(bytes);
    return true;
  } catch {
    return false;
  }
}

/** The columns of the header line; `head` is the beginning of the file. */
export function columnsOf(head: Buffer): string[] {
  const [header = ''] = head
    .toString('utf8')
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/, 1);
  return header.split(',').map((name) => name.trim());
}

interface CsvRecord {
  readonly record: readonly string[];
  readonly info: { readonly lines: number };
}

/** The most characters of the file that an error of the parser quotes. */
const MOST_QUOTED = 200;

function notCsv(error: unknown): DomainError {
  if (!(error instanceof CsvError)) throw error;
  const line = Number(error['lines'] ?? 1);
  const detail = error.message.slice(0, MOST_QUOTED);
  return invalid('not-csv', msg('line-not-csv', { line, detail }), [
    { pointer: `/rows/${line}`, code: 'not-csv', message: msg('cells-of-columns', { detail }) },
  ]);
}

function refuseColumns(columns: readonly string[], { required, optional }: CsvShape): void {
  const known = [...required, ...optional];
  const unknown = columns.filter((column) => !known.includes(column));
  const missing = required.filter((column) => !columns.includes(column));
  const twice = columns.filter((column, index) => columns.indexOf(column) !== index);
  const fault = (code: 'missing-column' | 'unknown-column' | 'column-twice') => (column: string) => ({
    pointer: `/header/${column}`,
    code,
    message: msg(code, { column, known }),
  });
  const faults = [
    ...missing.map(fault('missing-column')),
    ...unknown.map(fault('unknown-column')),
    ...twice.map(fault('column-twice')),
  ];
  if (faults.length > 0)
    throw invalid(
      'wrong-columns',
      msg('wrong-columns', { faults: faults.map(({ message }) => message) }),
      faults,
    );
}
