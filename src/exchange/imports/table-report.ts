import type { Message } from '../../guideline/message.js';
import type { FieldFault } from '../../platform/domain-error.js';
import { msg } from '../../platform/messages/dictionary.js';
import type { Question, RowResult } from './import-result.js';
import { questionId } from './roster/answers.js';
import type { CellIssue } from './roster/issue.js';
import type { SheetReport, TableRow } from './roster/table-row.js';

/** The results of all rows of a spreadsheet: what the checks against the record warned, and what the reading warned before. */
export function tableResults(
  rows: readonly TableRow[],
  sheets: readonly SheetReport[],
  checked: readonly RowResult[],
): RowResult[] {
  const byLine = new Map(checked.map((result) => [result.line, result]));
  const ofGroup = new Map<number, CellIssue[]>();
  for (const { line, issues } of rows) ofGroup.set(line, [...issues]);
  return rows.map((row) => {
    const base = { line: row.row, sheet: row.sheet, row: row.row, mrn: row.mrn };
    if (row.state === 'skipped')
      return { ...base, result: 'skipped', errors: [], remark: whySkipped(row.why ?? 'blank') };
    if (row.state === 'continuation') return continuation(row, base, ofGroup.get(row.of?.line ?? -1) ?? []);
    if (row.state === 'again' && row.of) {
      const remark = msg('row-again', { of: placeOf(row.of) });
      return {
        ...base,
        result: 'again',
        errors: [],
        remark,
        of: placed(row.of),
        warnings: notes(row, row.issues),
      };
    }
    const result = byLine.get(row.line);
    return row.state === 'ready' && result
      ? readyRow(row, base, sheets, result)
      : { ...base, ...heldRow(row, row.issues), cells: row.cells };
  });
}

type Base = Pick<RowResult, 'line' | 'sheet' | 'row' | 'mrn'>;

function whySkipped(why: NonNullable<TableRow['why']>): Message {
  const messages: Readonly<Record<NonNullable<TableRow['why']>, () => Message>> = {
    blank: () => msg('row-blank'),
    'no-patient-data': () => msg('row-no-patient-data'),
    totals: () => msg('row-totals'),
    'text-only': () => msg('row-text-only'),
    'headings-again': () => msg('row-headings-again'),
    'left-out': () => msg('row-left-out'),
  };
  return messages[why]();
}

/** A later row of a patient: its own questions, or whose row it is. */
function continuation(row: TableRow, base: Base, issues: readonly CellIssue[]): RowResult {
  const own = issues.filter((issue) => issue.row === row.row);
  const of = row.of ? { of: placed(row.of) } : {};
  const remark = msg('row-continues', { of: row.of?.row ?? 0 });
  if (own.some(({ kind }) => kind !== 'note'))
    return { ...base, ...of, remark, ...heldRow(row, own), cells: row.cells };
  return { ...base, ...of, remark, result: 'continuation', errors: [], warnings: notes(row, own) };
}

/** A row that waits for answers or is refused; questions about other rows of the patient stand there. */
function heldRow(
  row: TableRow,
  issues: readonly CellIssue[],
): Pick<RowResult, 'result' | 'errors' | 'questions' | 'warnings'> {
  const own = issues.filter((issue) => issue.row === row.row && issue.kind !== 'note');
  const elsewhere = issues.find((issue) => issue.row !== row.row && issue.kind !== 'note');
  const errors = own.map((issue) => fault(row, issue));
  if (own.length === 0 && elsewhere) {
    const of = placeOf({ sheet: row.sheet, row: elsewhere.row });
    errors.push({ pointer: pointerTo(row, ''), code: 'held', message: msg('ask-held-with-row', { of }) });
  }
  return {
    result: issues.some(({ kind }) => kind === 'refuse') ? 'rejected' : 'asked',
    errors,
    questions: own.filter(({ kind }) => kind === 'ask').map((issue) => question(row, issue)),
    warnings: notes(
      row,
      issues.filter((issue) => issue.row === row.row),
    ),
  };
}

/** A row that was checked against the record. */
function readyRow(row: TableRow, base: Base, sheets: readonly SheetReport[], result: RowResult): RowResult {
  const asks = result.result === 'asked';
  const issues = result.errors.map((error) => issueOf(row, sheets, error, asks));
  const warned = (result.warnings ?? []).map(({ code, message }) => ({
    pointer: pointerTo(row, 'mrn'),
    code,
    message,
  }));
  return {
    ...result,
    ...base,
    errors: issues.map((issue) => fault(row, issue)),
    ...(asks && { questions: issues.map((issue) => question(row, issue)) }),
    ...(issues.length > 0 && { cells: row.cells }),
    warnings: [...notes(row, row.issues), ...warned],
  };
}

/** What the checks warned, with the cell that it is about. */
function issueOf(
  row: TableRow,
  sheets: readonly SheetReport[],
  { pointer, code, message }: FieldFault,
  asks: boolean,
): CellIssue {
  const kind = asks ? 'ask' : 'refuse';
  const [, field = '', at] = /^\/rows\/\d+\/([^/]*)(?:\/(\d+))?/.exec(pointer) ?? [];
  const course = row.entry && 'patient' in row.entry ? row.entry.course : undefined;
  const entry = field === 'course' ? course?.[Number(at)] : undefined;
  const options = code === 'same-person' ? ['separate', 'skip'] : asks ? ['confirm'] : [];
  if (entry)
    return {
      kind,
      code,
      message,
      options,
      row: entry.row,
      field: entry.field,
      column: entry.column,
      written: entry.written,
    };
  const columns = sheets.find(({ name }) => name === row.sheet)?.columns ?? [];
  const column = columns.find((one) => one.field === (field === 'person' ? 'mrn' : field))?.heading ?? null;
  return { kind, code, message, options, row: row.row, field, column, written: '' };
}

const escaped = (part: string): string => part.replace(/~/g, '~0').replace(/\//g, '~1');

const pointerTo = ({ sheet, row }: Pick<TableRow, 'sheet' | 'row'>, field: string): string =>
  `${sheet === null ? '' : `/sheets/${escaped(sheet)}`}/rows/${row}${field === '' ? '' : `/${escaped(field)}`}`;

const fault = ({ sheet }: TableRow, { row, field, code, message }: CellIssue): FieldFault => ({
  pointer: pointerTo({ sheet, row }, field),
  code,
  message,
});

const MOST_SHOWN = 200;

const question = (
  { sheet }: TableRow,
  { row, column, field, written, code, message, options }: CellIssue,
): Question => ({
  id: questionId(sheet, row, field, written),
  ...{ sheet, row, column, field, written: written.slice(0, MOST_SHOWN), code, message },
  answers: options,
});

const notes = (row: TableRow, issues: readonly CellIssue[]): FieldFault[] =>
  issues.filter(({ kind }) => kind === 'note').map((issue) => fault(row, issue));

const placed = ({ sheet, row }: { readonly sheet: string | null; readonly row: number }) => ({ sheet, row });

const placeOf = ({ sheet, row }: { readonly sheet: string | null; readonly row: number }): Message =>
  sheet === null ? msg('place-of-row', { row }) : msg('place-in-sheet', { row, sheet });
