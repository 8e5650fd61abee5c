import { DomainError, type FieldFault, renderFaults } from '../../platform/domain-error.js';
import type { Language } from '../../guideline/guideline.js';
import { msg, render } from '../../platform/messages/dictionary.js';
import type { PlanDiff } from '../../schedules/reconcile.js';
import { limitedRows, MOST_ERRORS, type RowOutcome, type RowResult } from './import-result.js';
import type { SheetReport } from './roster/table-row.js';
import type { ImportKind } from './rows/import-rows.js';

/** What became of an imported file, row by row. */
export interface ImportReport {
  /** Under which the rejected rows are kept; null: there are none. */
  readonly id: string | null;
  /** The sheets of a spreadsheet, with the meaning of their columns. */
  readonly sheets?: readonly SheetReport[];
  readonly kind: ImportKind;
  readonly dryRun: boolean;
  readonly written: boolean;
  readonly counts: ImportCounts;
  readonly plan: PlanDiff;
  readonly rows: readonly RowResult[];
  /** The number of errors that are not in `rows`. */
  readonly errorsNotShown: number;
}

/** The four of every import, and the others of a spreadsheet. */
export type ImportCounts = Readonly<Record<'created' | 'updated' | 'unchanged' | 'rejected', number>> &
  Readonly<Partial<Record<RowOutcome, number>>>;

/** The report before its rows are limited, without the id of the rejected rows. */
export type CarriedOut = Omit<ImportReport, 'id' | 'errorsNotShown'>;

export function count(rows: readonly RowResult[], isTable: boolean): ImportCounts {
  const counts: Partial<Record<RowOutcome, number>> = {
    ...{ created: 0, updated: 0, unchanged: 0, rejected: 0 },
    ...(isTable && { asked: 0, again: 0, continuation: 0, skipped: 0 }),
  };
  for (const { result } of rows) counts[result] = (counts[result] ?? 0) + 1;
  const { created = 0, updated = 0, unchanged = 0, rejected = 0 } = counts;
  return { ...counts, created, updated, unchanged, rejected };
}

const sheetView = ({ columns, ...sheet }: SheetReport) => ({
  ...sheet,
  columns: columns.map((column) => ({ ...column, examples: [...column.examples] })),
});

/** The report with its messages in `language`. */
export const reportIn = (language: Language, { sheets, ...report }: ImportReport) => ({
  ...report,
  ...(sheets && { sheets: sheets.map(sheetView) }),
  rows: report.rows.map(({ warnings, possibleDuplicates, questions, remark, cells, ...row }) => ({
    ...row,
    ...(cells && { cells: [...cells] }),
    ...(remark && { remark: render(remark, language) }),
    ...(questions && {
      questions: questions.map(({ message, answers, ...question }) => ({
        ...question,
        answers: [...answers],
        message: render(message, language),
      })),
    }),
    errors: renderFaults(row.errors, language),
    ...(warnings && { warnings: renderFaults(warnings, language) }),
    ...(possibleDuplicates && { possibleDuplicates: [...possibleDuplicates] }),
  })),
});

/** The report of an import whose rejected rows are kept under this id. */
export function reported(report: CarriedOut & Pick<ImportReport, 'id'>): ImportReport {
  const rows = limitedRows(report.rows);
  return {
    ...report,
    rows,
    errorsNotShown: rows.reduce((sum, { errorsNotShown = 0 }) => sum + errorsNotShown, 0),
  };
}

export function rowsRejected(report: ImportReport): DomainError {
  const faults = report.rows.flatMap(({ errors }): readonly FieldFault[] => errors);
  const { counts, errorsNotShown } = report;
  const about = { rejected: counts.rejected, rows: report.rows.length };
  if (counts.asked !== undefined) {
    const text = msg('rows-rejected-or-asked', { rejected: counts.rejected, asked: counts.asked });
    return new DomainError('invalid', 'rows-rejected', text, faults, (language) => ({
      report: reportIn(language, report),
    }));
  }
  return new DomainError(
    'invalid',
    'rows-rejected',
    errorsNotShown === 0
      ? msg('rows-rejected', about)
      : msg('rows-rejected-many', { ...about, shown: MOST_ERRORS, errors: faults.length + errorsNotShown }),
    faults,
    (language) => ({ report: reportIn(language, report) }),
  );
}
