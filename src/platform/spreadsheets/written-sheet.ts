import { stringify } from 'csv-stringify/sync';
import writeExcelFile, { type Row } from 'write-excel-file/node';
import type { FileFormat, Sheet, SheetCell } from './sheet.js';

/** Excel refuses a longer text in a cell. */
const LONGEST_TEXT = 32_000;

/** Characters that XML 1.0 does not allow. Excel refuses a file with one of them. */
const NOT_IN_XML = /[\0-\x08\x0B\x0C\x0E-\x1F\uFFFE\uFFFF]|\p{Surrogate}/gu;

const DATE_FORMAT = 'yyyy-mm-dd';

const written = (text: string): string => text.slice(0, LONGEST_TEXT).replace(NOT_IN_XML, '');

/**
 * The bytes of a file with the sheets; as CSV, of the first one. A text that begins like a formula stays a text: in a spreadsheet by the type of its
 * cell, in CSV by an apostrophe before it.
 */
export async function writtenSheets(
  [first, ...others]: readonly [Sheet, ...Sheet[]],
  format: FileFormat,
): Promise<Uint8Array> {
  return format === 'csv'
    ? Buffer.from(csvOf(first), 'utf8')
    : writeExcelFile([first, ...others].map(excelSheet)).toBuffer();
}

/** Longer names, and names with these characters, are refused by Excel. */
const sheetName = (title: string): string => title.replace(/[\\/?*[\]:]/g, ' ').slice(0, 31) || '1';

const excelSheet = ({ title, columns, rows }: Sheet) => ({
  sheet: sheetName(title),
  data: [
    columns.map(({ heading }) => ({ ...textCell(heading), fontWeight: 'bold' })),
    ...rows.map((row) => row.map(excelCell)),
  ] as Row[],
  columns: columns.map(({ width }) => (width === undefined ? {} : { width })),
  stickyRowsCount: 1,
});

const csvOf = ({ columns, rows }: Sheet): string =>
  stringify([columns.map(({ heading }) => heading), ...rows.map((row) => row.map(csvCell))], {
    bom: true, // without it Excel reads UTF-8 as the encoding of the system
    escape_formulas: true,
    record_delimiter: 'windows',
  });

const csvCell = (cell: SheetCell): string | number =>
  cell === null ? '' : typeof cell === 'object' ? cell.day : typeof cell === 'string' ? written(cell) : cell;

const textCell = (text: string) => ({ type: String, value: written(text) });

function excelCell(cell: SheetCell): object | null {
  if (cell === null || cell === '') return null;
  if (typeof cell === 'string') return textCell(cell);
  if (typeof cell === 'number') return { type: Number, value: cell };
  return { type: Date, value: new Date(cell.day), format: DATE_FORMAT };
}
