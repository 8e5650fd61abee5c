import { stringify } from 'csv-stringify/sync';
import writeXlsxFile, { type SheetData } from 'write-excel-file/node';

/** One value of a table. A text is never read as a formula, whatever it begins with. */
export type TableValue = string | number | null;

/** A table with a title row; `name` is that of its sheet. */
export interface Table {
  readonly name: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly TableValue[])[];
}

const widthOf = (table: Table, column: number): number =>
  Math.min(
    60,
    Math.max(...[table.columns, ...table.rows].map((row) => 2 + 2 * String(row[column] ?? '').length), 8),
  );

/** A workbook with one sheet for each table. Cells have types, so Excel keeps numbers as numbers and texts as texts. */
export const xlsxOf = (tables: readonly Table[]): Promise<Buffer> =>
  writeXlsxFile(
    tables.map((table) => ({
      sheet: table.name,
      data: dataOf(table),
      columns: table.columns.map((_, column) => ({ width: widthOf(table, column) })),
      stickyRowsCount: 1,
    })),
  ).toBuffer();

const dataOf = ({ columns, rows }: Table): SheetData => [
  columns.map((value) => ({ value, type: String, fontWeight: 'bold' as const })),
  ...rows.map((row) =>
    row.map((value) =>
      value === null ? null : typeof value === 'number' ? { value, type: Number } : { value, type: String },
    ),
  ),
];

/** CSV in UTF-8 with a byte order mark, which Excel needs, and without formulas. */
export const csvOf = ({ columns, rows }: Table): string =>
  stringify([columns, ...rows] as (TableValue | string)[][], {
    bom: true,
    escape_formulas: true,
    record_delimiter: '\r\n',
  });

export const XLSX_TYPE = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
export const CSV_TYPE = 'text/csv; charset=utf-8';
