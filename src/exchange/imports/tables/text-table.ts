import { CsvError } from 'csv-parse';
import { parse } from 'csv-parse/sync';
import { DomainError, invalid } from '../../../platform/domain-error.js';
import { msg } from '../../../platform/messages/dictionary.js';
import { type Cell, CellBudget, type Row, type Sheet, TABLE_LIMITS } from './table.js';

/** Blank cells behind the last column are allowed, as some programs write them; not millions. */
const MOST_CELLS_READ = 20_000;

/** The rows of a CSV file. A record is one row, although a cell may contain line breaks. */
export function readTextTable(bytes: Buffer): Sheet {
  const { separator, text } = separatorOf(decoded(bytes));
  if (cellsOfLongestLine(text, separator) > MOST_CELLS_READ) throw tooManyColumns();
  const rows: Row[] = [];
  const budget = new CellBudget();
  try {
    parse(text, {
      ...{ delimiter: separator, relax_column_count: true, relax_quotes: true },
      max_record_size: 64_000,
      // Without quotes a record is a line. Asking about each cell takes three times as long.
      ...(text.includes('"') ? { cast: withinRecord } : {}),
      on_record: (record: string[]) => {
        rows.push(rowOf(record, rows.length + 1, budget));
        return null; // the parser keeps none of them
      },
    });
  } catch (error) {
    throw notCsv(error);
  }
  return { name: null, hidden: false, rows, merges: [] };
}

function cellsOfLongestLine(text: string, separator: string): number {
  let [most, start] = [0, 0];
  while (start < text.length) {
    const found = text.indexOf('\n', start);
    const end = found === -1 ? text.length : found;
    // A line that is not longer than that has no more cells.
    if (end - start >= MOST_CELLS_READ)
      most = Math.max(most, text.slice(start, end).split(separator, MOST_CELLS_READ + 1).length);
    start = end + 1;
  }
  return most;
}

/** Refuses a record of millions of cells before it is made. */
function withinRecord(cell: string, { index }: { readonly index: number }): string {
  if (index >= MOST_CELLS_READ) throw tooManyColumns();
  return cell;
}

function rowOf(record: readonly string[], number: number, budget: CellBudget): Row {
  if (number > TABLE_LIMITS.rows * 2) throw tooManyRows();
  const width = record.findLastIndex((cell) => cell.trim() !== '') + 1;
  if (width > TABLE_LIMITS.columns) throw tooManyColumns();
  budget.takeRow(width);
  const cells = record.slice(0, width).map(cellOf);
  for (const cell of cells) budget.takeText(cell?.text.length ?? 0);
  return { number, cells };
}

/** A text that looks like a formula stays text, except `="00123"`, by which an export keeps leading zeros. */
function cellOf(written: string): Cell | undefined {
  const [, kept] = /^\s*="([^"]*)"\s*$/.exec(written) ?? [];
  const text = kept ?? written.replace(/^[\s\uFEFF]*'(?=[\d+=@-])/, '');
  if (text.trim() === '') return undefined;
  return {
    text:
      text.length > TABLE_LIMITS.cellCharacters ? `${text.slice(0, TABLE_LIMITS.cellCharacters)} […]` : text,
  };
}

const SHARE_OF_NUL = 0.1;
const HEAD = 4_000;

/** The text of the file: UTF-8, UTF-16, or GB18030 (with GBK). */
function decoded(bytes: Buffer): string {
  const utf16 = utf16Of(bytes);
  if (utf16) return new TextDecoder(utf16).decode(bytes);
  const text = decode(bytes, 'utf-8') ?? (hasUtf8Lines(bytes) ? undefined : decode(bytes, 'gb18030'));
  if (text === undefined) throw unknownEncoding();
  if (text.includes('\0')) throw unknownEncoding();
  return text;
}

function utf16Of(bytes: Buffer): 'utf-16le' | 'utf-16be' | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  const head = bytes.subarray(0, HEAD);
  let [even, odd] = [0, 0];
  for (const [at, byte] of head.entries())
    if (byte === 0) {
      if (at % 2 === 0) even++;
      else odd++;
    }
  const enough = (head.length / 2) * SHARE_OF_NUL;
  if (odd > enough && even < odd / 4) return 'utf-16le';
  return even > enough && odd < even / 4 ? 'utf-16be' : undefined;
}

function decode(bytes: Uint8Array, encoding: string): string | undefined {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** Lines that `hasUtf8Lines` looks at: a line that is not UTF-8 takes some microseconds, and a file can have millions. */
const LINES_TRIED = 20_000;

/** Whether many lines are UTF-8 beside one that is not: then the file was put together of two, and no encoding reads both. */
export function hasUtf8Lines(bytes: Buffer): boolean {
  let [readable, others] = [0, 0];
  let start = 0;
  while (start < bytes.length && readable + others < LINES_TRIED) {
    const found = bytes.indexOf(0x0a, start);
    const end = found === -1 ? bytes.length : found;
    const line = bytes.subarray(start, end);
    if (line.some((byte) => byte > 0x7f)) {
      if (decode(line, 'utf-8') === undefined) others++;
      else readable++;
    }
    start = end + 1;
  }
  return readable > (readable + others) * 0.2;
}

const SEPARATORS = [',', ';', '\t', '|'] as const;

/** The separator that most lines at the beginning have most of; a first line `sep=;` names it. */
function separatorOf(text: string): { readonly separator: string; readonly text: string } {
  const [, named, rest] = /^\uFEFF?sep=(.)\r?\n([\s\S]*)$/.exec(text) ?? [];
  if (named !== undefined && rest !== undefined) return { separator: named, text: rest };
  const lines = text
    .slice(0, 50_000)
    .replace(/"[^"]*"/g, '')
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '');
  const most = (separator: string): number => {
    const counts = lines.slice(0, 40).map((line) => line.split(separator).length - 1);
    return counts.sort((a, b) => a - b)[Math.floor(counts.length / 2)] ?? 0;
  };
  const best = [...SEPARATORS].sort((a, b) => most(b) - most(a))[0] ?? ',';
  return { separator: best, text: text.replace(/^\uFEFF/, '') };
}

function notCsv(error: unknown): DomainError {
  if (!(error instanceof CsvError)) throw error;
  const line = Number(error['lines'] ?? 1);
  const detail = error.message.slice(0, 200);
  return invalid('not-csv', msg('line-not-csv', { line, detail }), [
    { pointer: `/rows/${line}`, code: 'not-csv', message: msg('line-not-csv', { line, detail }) },
  ]);
}

const tooManyColumns = (): DomainError =>
  invalid('too-many-columns', msg('too-many-columns', { limit: TABLE_LIMITS.columns }), []);
const unknownEncoding = (): DomainError =>
  new DomainError('malformed', 'unknown-encoding', msg('unknown-encoding'));
const tooManyRows = (): DomainError =>
  new DomainError('too-large', 'too-many-rows', msg('too-many-rows', { limit: TABLE_LIMITS.rows }));
