import type { Sheet } from '../platform/spreadsheets/sheet.js';

/** One value of a table. A text is never read as a formula, whatever it begins with. */
export type TableValue = string | number | null;

/** A table with a title row; `name` is that of its sheet. */
export interface Table {
  readonly name: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly TableValue[])[];
}

/** The width of a column follows from so many rows. */
const MEASURED_ROWS = 100;

const widthOf = (table: Table, column: number): number =>
  [table.columns, ...table.rows.slice(0, MEASURED_ROWS)].reduce(
    (width, row) => Math.min(60, Math.max(width, 2 + 2 * String(row[column] ?? '').length)),
    8,
  );

/** The table as a sheet of a file, with columns as wide as their texts. */
export const sheetOf = (table: Table): Sheet => ({
  title: table.name,
  columns: table.columns.map((heading, column) => ({ heading, width: widthOf(table, column) })),
  rows: table.rows,
});
