import type { CalendarDate } from '../../../guideline/calendar.js';
import { DomainError } from '../../../platform/domain-error.js';
import { msg } from '../../../platform/messages/dictionary.js';

/** How much of a date a cell shows. A day that the cell does not show was not written by a person. */
export type DatePrecision = 'day' | 'month' | 'year' | 'no-year' | 'time';

/** One cell, as a reader of the sheet sees it. */
export interface Cell {
  /** The shown text; of a date, ISO 8601. */
  readonly text: string;
  /** The stored number of a cell that holds a number. */
  readonly number?: number;
  /** The day of a cell with a date format; null: no such day exists (29 February 1900). */
  readonly date?: CalendarDate | null;
  readonly precision?: DatePrecision;
  /** The cell holds an error, or a formula without a stored result. */
  readonly broken?: true;
}

export interface Row {
  /** As at the left edge of the spreadsheet program. */
  readonly number: number;
  /** By column, from 0; holes are blank cells. */
  readonly cells: readonly (Cell | undefined)[];
}

/** A block of merged cells: rows as numbered, columns from 0. */
export interface Merge {
  readonly top: number;
  readonly bottom: number;
  readonly left: number;
  readonly right: number;
}

/** The content of one sheet, or of a CSV file. */
export interface Sheet {
  /** Null for a CSV file. */
  readonly name: string | null;
  readonly hidden: boolean;
  /** Rows with at least one non-blank cell, or that the file contains. */
  readonly rows: readonly Row[];
  readonly merges: readonly Merge[];
}

/** The limits of one spreadsheet. */
export const TABLE_LIMITS = {
  bytes: 5_000_000,
  unpackedBytes: 20_000_000,
  rows: 5_000,
  columns: 512,
  sheets: 100,
  cellCharacters: 2_000,
  /** Of all sheets, up to the last filled column of each row: blank cells take memory too. */
  cells: 350_000,
  /** In all cells, where a text that many cells share counts in each. */
  characters: 10_000_000,
} as const;

/** Counts the cells of a spreadsheet while it is read, and refuses more than it may have. */
export class CellBudget {
  private cells: number = TABLE_LIMITS.cells;
  private characters: number = TABLE_LIMITS.characters;

  takeRow(width: number): void {
    this.cells -= width;
    if (this.cells < 0) throw tooManyCells();
  }

  takeText(characters: number): void {
    this.characters -= characters;
    if (this.characters < 0) throw tooManyCells();
  }
}

const tooManyCells = (): DomainError =>
  new DomainError('too-large', 'too-many-cells', msg('too-many-cells', { limit: TABLE_LIMITS.cells }));

/** Excel's column name: A, B, … Z, AA. */
export function columnName(index: number): string {
  let [name, left] = ['', index + 1];
  while (left > 0) {
    const digit = (left - 1) % 26;
    name = String.fromCharCode(65 + digit) + name;
    left = Math.floor((left - 1 - digit) / 26);
  }
  return name;
}

export const isBlank = (cell: Cell | undefined): boolean => cell === undefined || cell.text.trim() === '';
