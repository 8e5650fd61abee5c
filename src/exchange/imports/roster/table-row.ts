import type { EventEntry, RosterEntry } from '../rows/import-rows.js';
import type { Column } from './headings.js';
import type { CellIssue } from './issue.js';
import type { SkipReason } from './layout.js';

/** One row of the spreadsheet, and what becomes of it before the record is asked. */
export interface TableRow {
  /** Its position in the reading, which the checks against the record use as its line. */
  readonly line: number;
  readonly sheet: string | null;
  readonly row: number;
  readonly mrn: string;
  readonly state: 'ready' | 'held' | 'again' | 'continuation' | 'skipped';
  readonly why?: SkipReason | 'left-out';
  /** The row of the patient to whom this one belongs. */
  readonly of?: { readonly sheet: string | null; readonly row: number; readonly line: number };
  readonly issues: readonly CellIssue[];
  readonly entry?: RosterEntry | EventEntry;
  /** The cells as written, for the file of rejected rows. */
  readonly cells: readonly string[];
}

export interface SheetReport {
  readonly name: string | null;
  readonly state: 'read' | 'skipped';
  readonly why?: 'hidden' | 'blank' | 'no-headings';
  readonly headerRow?: number;
  readonly columns: readonly {
    readonly index: number;
    readonly column: string;
    readonly heading: string;
    readonly field: string | null;
    readonly by: Column['by'];
    /** What the first rows have in this column. */
    readonly examples: readonly string[];
  }[];
}

export interface TableReading {
  readonly sheets: readonly SheetReport[];
  readonly rows: readonly TableRow[];
}
