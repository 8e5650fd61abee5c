import type { FieldFault } from '../domain-error.js';
import type { ClinicalEvent } from '../patients/clinical-event.entity.js';
import type { Patient } from '../patients/patient.entity.js';

/** What becomes of one row of an import. */
export interface RowResult {
  /** In the file, the header being line 1. */
  readonly line: number;
  readonly mrn: string;
  readonly result: 'created' | 'updated' | 'unchanged' | 'rejected';
  readonly errors: readonly FieldFault[];
  /** What somebody should look at; the row is written. */
  readonly warnings?: readonly FieldFault[];
  /** Patients of the same name, birth date and sex; without an id in this file. */
  readonly possibleDuplicates?: readonly { readonly id: string | null; readonly mrn: string }[];
  /** How many more there are, whom the caller does not see. */
  readonly possibleDuplicatesNotShown?: number;
}

/** A row, and what it would write. */
export interface Judged {
  readonly row: RowResult;
  readonly patient?: Patient;
  readonly events?: readonly ClinicalEvent[];
  /** Who the patient was before; undefined for a new one. */
  readonly before?: Patient;
}

/** What an import would write, and what it says of every row. */
export interface Judgement {
  readonly rows: readonly RowResult[];
  readonly created: readonly Patient[];
  readonly updated: readonly Patient[];
  readonly events: readonly ClinicalEvent[];
}

export const rejectedRow = (line: number, mrn: string, errors: readonly FieldFault[]): RowResult => ({
  line,
  mrn,
  result: 'rejected',
  errors,
});
