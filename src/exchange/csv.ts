import { CsvError, parse } from 'csv-parse/sync';
import { DomainError, invalid } from '../domain-error.js';
import { msg } from '../platform/messages/dictionary.js';

/** One row as it stands in the file: its line, counted from 1 with the header, and its cells by column. */
export interface CsvRow {
  readonly line: number;
  readonly cells: Readonly<Record<string, string>>;
}

/** The columns a file must have, and those it may leave out. */
export interface CsvShape {
  readonly required: readonly string[];
  readonly optional: readonly string[];
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** The text of the file. Refuses what is not UTF-8 and says on which line: a wrongly decoded name is a wrong patient. */
function decode(bytes: Buffer): string {
  if (bytes.subarray(0, 4).equals(Buffer.from('PK\u0003\u0004')))
    throw new DomainError('unsupported', 'not-csv', msg('not-csv'));
  try {
    return utf8.decode(bytes);
  } catch {
    const line = firstBadLine(bytes);
    const message = msg('file-not-utf8', { line });
    throw new DomainError('malformed', 'not-utf8', message, [
      { pointer: `/file/${line}`, code: 'not-utf8', message },
    ]);
  }
}

function firstBadLine(bytes: Buffer): number {
  let [line, start] = [1, 0];
  for (let end = bytes.indexOf(0x0a); end !== -1; end = bytes.indexOf(0x0a, start)) {
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

/**
 * Reads RFC 4180 CSV in UTF-8 with a header line. Cells are trimmed; unknown and missing columns are
 * refused by name, so that a column misspelt is not a column ignored.
 */
export function readCsv(bytes: Buffer, shape: CsvShape): CsvRow[] {
  const [header, ...rows] = recordsOf(decode(bytes));
  const columns = header?.record.map((name) => name.trim()) ?? [];
  refuseColumns(columns, shape);
  return rows.map(({ record, info }) => ({
    line: info.lines,
    cells: Object.fromEntries(columns.map((column, index) => [column, (record[index] ?? '').trim()])),
  }));
}

/** The columns of the header line; empty for an empty file. */
export function columnsOf(bytes: Buffer): string[] {
  const [header = ''] = decode(bytes)
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/, 1);
  return header.split(',').map((name) => name.trim());
}

interface CsvRecord {
  readonly record: readonly string[];
  readonly info: { readonly lines: number };
}

function recordsOf(text: string): CsvRecord[] {
  try {
    return parse(text, { bom: true, info: true, skip_empty_lines: true }) as unknown as CsvRecord[];
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const line = Number(error['lines'] ?? 1);
    throw invalid('not-csv', msg('line-not-csv', { line, detail: error.message }), [
      {
        pointer: `/rows/${line}`,
        code: 'not-csv',
        message: msg('cells-of-columns', { detail: error.message }),
      },
    ]);
  }
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
