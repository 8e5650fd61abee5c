import type { CellAnswer, ImportQuestion, ImportReport, ImportRow, ImportSheet } from '../calls/imports.js';
import { cellKey, fieldOfPointer, needsPerson, questionKey } from './draft.js';

/** What is wrong or unclear in one row, and how a person can answer it. */
export interface RowProblem {
  readonly key: string;
  readonly message: string;
  readonly field: string | undefined;
  readonly question?: ImportQuestion;
  /** The heading of the cell. */
  readonly heading: string | null;
  /** Makes the answer of a value; undefined: only a corrected file helps. */
  readonly answerOf?: (value: string) => CellAnswer;
}

/** The problems of a row. A cell of a spreadsheet can be corrected in place, that of another file cannot. */
export function problemsOf(row: ImportRow, columns: ImportSheet['columns']): readonly RowProblem[] {
  return row.errors.map(({ pointer, code, message }): RowProblem => {
    const field = fieldOfPointer(pointer);
    const question = row.questions?.find((one) => one.field === field && one.message === message);
    const heading = question?.column ?? columns.find((column) => column.field === field)?.heading ?? null;
    const about = { message, field, heading };
    if (question)
      return {
        ...about,
        key: questionKey(question),
        question,
        answerOf: (value) => ({ id: question.id, value }),
      };
    const key = `${cellKey(row, field ?? '')} ${code}`;
    if (row.row === undefined || field === undefined || code === HELD) return { ...about, key };
    const place = { sheet: row.sheet ?? null, row: row.row, field };
    return { ...about, key, answerOf: (value) => ({ ...place, value }) };
  });
}

/** The row waits for an answer about another row of its patient. */
const HELD = 'held';

/** The answer that leaves a row out. */
export const leaveOut = (row: ImportRow): CellAnswer => ({
  ...{ sheet: row.sheet ?? null, row: row.row ?? row.line, field: 'row', value: 'skip' },
});

/** Other questions about a cell with the same content in the same column. */
export function alike(
  report: ImportReport,
  { id, column, written, code }: ImportQuestion,
): readonly ImportQuestion[] {
  return report.rows
    .flatMap(({ questions = [] }) => questions)
    .filter((one) => one.id !== id && one.column === column && one.written === written && one.code === code);
}

export interface SortedRows {
  readonly open: readonly ImportRow[];
  readonly warned: readonly ImportRow[];
  readonly others: readonly ImportRow[];
}

/** The rows by what they ask of a person. Rows without anything to say are in none. */
export function sortedRows({ rows }: ImportReport): SortedRows {
  const open = rows.filter(needsPerson);
  const quiet = rows.filter((row) => !needsPerson(row));
  const isOther = ({ result }: ImportRow): boolean => result === 'skipped' || result === 'again';
  return {
    open,
    warned: quiet.filter((row) => !isOther(row) && (row.warnings?.length ?? 0) > 0),
    others: quiet.filter(isOther),
  };
}

/** A message whose codes, such as `female`, are written in the words of the reader. */
export function inWords(message: string, words: Readonly<Record<string, string>>): string {
  const codes = Object.keys(words).filter((code) => code !== '');
  if (codes.length === 0) return message;
  const longestFirst = codes
    .sort((a, b) => b.length - a.length)
    .map((code) => code.replace(/[^\w]/g, '\\$&'));
  return message.replace(new RegExp(longestFirst.join('|'), 'g'), (code) => words[code] ?? code);
}

/** `2026-03-…` among the answers: a day of that month. */
export const monthAmong = (answers: readonly string[]): string | undefined =>
  answers.map((answer) => /^(\d{4}-\d{2})-…$/.exec(answer)?.[1]).find((month) => month !== undefined);

export const lastDayOf = (month: string): string => {
  const [year = 0, number = 1] = month.split('-').map(Number);
  return `${month}-${new Date(Date.UTC(year, number, 0)).getUTCDate()}`;
};

export const isDateField = (field: string): boolean =>
  /(^|_)date(_\d+)?$/.test(field) || field === 'liver_treatment';
