import type { Message } from '../../../guideline/message.js';

/** An issue of one cell: a question, an error that only a corrected file removes, or a remark. */
export interface CellIssue {
  readonly kind: 'ask' | 'refuse' | 'note';
  readonly code: string;
  readonly message: Message;
  readonly row: number;
  /** The heading of the column. */
  readonly column: string | null;
  /** The name by which an answer or a mapping names the column. */
  readonly field: string;
  /** What stands in the cell. */
  readonly written: string;
  /** Values among which a person may choose; `2026-03-…`: any day of that month. */
  readonly options: readonly string[];
}

/** The answers of a person: what stands in place of a cell. */
export interface Answers {
  /** The answer about this cell, or undefined. An empty answer leaves an optional fact out. */
  of(
    sheet: string | null,
    row: number,
    field: string,
    column: string | null,
    written: string,
  ): string | undefined;
}
