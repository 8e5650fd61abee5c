import type { Message } from '../../guideline/message.js';
import type { FieldFault } from '../../platform/domain-error.js';
import type { ClinicalEvent } from '../../patients/clinical-event.entity.js';
import type { Patient } from '../../patients/patient.entity.js';

/** `asked`: a question holds the row; the others of the second line concern rows of spreadsheets that are no new patient. */
export type RowOutcome =
  | 'created'
  | 'updated'
  | 'unchanged'
  | 'rejected'
  | 'asked'
  | 'again'
  | 'continuation'
  | 'skipped';

/** A question about one cell of a spreadsheet, and how to answer it. */
export interface Question {
  readonly id: string;
  readonly sheet: string | null;
  readonly row: number;
  readonly column: string | null;
  readonly field: string;
  readonly written: string;
  readonly code: string;
  readonly message: Message;
  readonly answers: readonly string[];
}

/** What a row of a spreadsheet has in addition. */
export interface TableRowResult {
  readonly sheet?: string | null;
  readonly row?: number;
  readonly questions?: readonly Question[];
  /** Why a row was skipped, or whose row it is. */
  readonly remark?: Message;
  readonly of?: { readonly sheet: string | null; readonly row: number };
  /** The cells as written, of a row that needs a person. */
  readonly cells?: readonly string[];
}

/** The result of one row of an import. */
export interface RowResult extends TableRowResult {
  /** In the file; the header is line 1. */
  readonly line: number;
  readonly mrn: string;
  readonly result: RowOutcome;
  readonly errors: readonly FieldFault[];
  /** The number of further errors of the row, beyond the maximum of a file. */
  readonly errorsNotShown?: number;
  /** Warnings for a person to check; the row is saved. */
  readonly warnings?: readonly FieldFault[];
  /** Patients with the same name, birth date and sex; without an id in this file. */
  readonly possibleDuplicates?: readonly { readonly id: string | null; readonly mrn: string }[];
  /** The number of further possible duplicates, which the caller may not see. */
  readonly possibleDuplicatesNotShown?: number;
}

/** A row, and the rows that it would write. */
export interface ValidatedRow {
  readonly row: RowResult;
  readonly patient?: Patient;
  readonly events?: readonly ClinicalEvent[];
  /** The patient's identity before; undefined for a new patient. */
  readonly before?: Patient;
}

/** The rows that an import would save, and the result of every row. */
export interface ImportResult {
  readonly rows: readonly RowResult[];
  readonly created: readonly Patient[];
  readonly updated: readonly Patient[];
  readonly events: readonly ClinicalEvent[];
  /** Recorded events whose reasons for a review change. */
  readonly assessed?: readonly ClinicalEvent[];
}

/** A longer mrn is invalid; the report shows this many characters of it. */
const MRN_LENGTH = 64;

export const rejectedRow = (
  line: number,
  mrn: string,
  errors: readonly FieldFault[],
  errorsNotShown = 0,
): RowResult => ({
  ...{ line, mrn: mrn.slice(0, MRN_LENGTH), result: 'rejected', errors },
  ...(errorsNotShown > 0 && { errorsNotShown }),
});

/** The most errors in one report: a file can have an error in every row. */
export const MOST_ERRORS = 1000;

/** The most rows whose warnings a report shows. */
const MOST_WARNED = 1000;

/**
 * The same rows with at most the first `MOST_ERRORS` errors and the warnings of `MOST_WARNED` rows, and the rest
 * counted.
 */
export function limitedRows(rows: readonly RowResult[]): readonly RowResult[] {
  let [errorsLeft, warnedLeft] = [MOST_ERRORS, MOST_WARNED];
  return rows.map((row) => {
    const errors = row.errors.slice(0, errorsLeft);
    errorsLeft -= errors.length;
    const errorsNotShown = (row.errorsNotShown ?? 0) + row.errors.length - errors.length;
    const limited = {
      ...{ ...row, errors },
      ...(row.questions && { questions: row.questions.slice(0, errors.length) }),
      ...(row.cells && { cells: errors.length > 0 ? row.cells : undefined }),
      ...(errorsNotShown > 0 && { errorsNotShown }),
    };
    if (row.possibleDuplicates === undefined || warnedLeft-- > 0) return limited;
    const notShown = row.possibleDuplicates.length + (row.possibleDuplicatesNotShown ?? 0);
    return { ...limited, warnings: [], possibleDuplicates: [], possibleDuplicatesNotShown: notShown };
  });
}
