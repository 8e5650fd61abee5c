import type { CalendarDate } from '../../../guideline/calendar.js';
import type { Message } from '../../../guideline/message.js';
import { plainText, saysNothing } from '../../../guideline/roster-reading.js';
import { msg } from '../../../platform/messages/dictionary.js';
import type { Cell } from '../tables/table.js';
import { type Column, fieldName } from './headings.js';
import type { Answers, CellIssue } from './issue.js';
import type { FieldCell, PlacedRow } from './layout.js';
import { type DateDoubt, readDate } from './written-date.js';

/** What stands in a field of a patient: the cell, or the answer in its place. */
export interface FieldText {
  readonly text: string;
  readonly cell: Cell | undefined;
  readonly row: number;
  readonly column: Column | undefined;
  readonly field: string;
  readonly answered: boolean;
  /** What stands in the file, where `text` does not say it: questions are identified by it. */
  readonly written?: string;
  /** A person confirmed what is written. */
  readonly confirmed?: boolean;
}

/** The rows of one patient, with the answers about them and the issues found in them. */
export class PatientRows {
  readonly issues: CellIssue[] = [];
  private notes = 0;
  readonly sheet: string | null;
  readonly row: number;

  constructor(
    readonly rows: readonly PlacedRow[],
    readonly columns: readonly Column[],
    private readonly answers: Answers,
    private readonly room: IssueRoom,
  ) {
    const [first] = rows;
    this.sheet = first?.sheet ?? null;
    this.row = first?.row ?? 0;
  }

  /** The one value of a field. Of several different ones a person chooses. */
  text(field: string): FieldText {
    const cells = this.cellsOf(field);
    const distinct = new Set(cells.map(({ cell }) => plainText(cell.text)));
    const [first] = cells;
    const answer = this.answerTo(
      first?.row ?? this.row,
      field,
      first?.column ?? this.columnOf(field),
      first?.cell.text ?? '',
    );
    if (answer !== undefined) return this.answered(answer, field, first);
    if (distinct.size > 1 && field === 'stage') {
      const text = [...new Set(cells.map(({ cell }) => cell.text.trim()))].join(' ');
      return { ...this.at(field, first), text, cell: { text }, written: first?.cell.text ?? '' };
    }
    if (distinct.size > 1) {
      const options = cells.map(({ cell }) => cell.text.trim());
      this.ask(this.at(field, first), 'several-values', msg('ask-several-values', { options }), options);
    }
    return this.at(field, first);
  }

  /** All values of a field, such as several telephones. */
  texts(field: string): readonly FieldCell[] {
    return this.cellsOf(field);
  }

  has(field: string): boolean {
    return this.cellsOf(field).length > 0;
  }

  columnOf(field: string): Column | undefined {
    return this.columns.find((column) => column.field === field);
  }

  /** The text of one cell, or the answer about it. */
  textOf({ cell, column, row }: FieldCell): FieldText {
    const field = fieldName(column) ?? '';
    const answer = this.answerTo(row, field, column, cell.text);
    const at = { row, column, field, written: cell.text };
    if (answer === undefined || answer === CONFIRM)
      return {
        ...at,
        text: cell.text.trim(),
        cell,
        answered: answer === CONFIRM,
        confirmed: answer === CONFIRM,
      };
    return { ...at, text: answer, cell: answer === '' ? undefined : { text: answer }, answered: true };
  }

  /** The answer about a cell that may be blank. */
  answerAt(row: number, field: string): string | undefined {
    return this.answers.of(this.sheet, row, field, null, '');
  }

  ask(at: Place, code: string, message: Message, options: readonly string[] = []): void {
    this.say('ask', at, code, message, options);
  }

  refuse(at: Place, code: string, message: Message): void {
    this.say('refuse', at, code, message, []);
  }

  note(at: Place, code: string, message: Message): void {
    this.say('note', at, code, message, []);
  }

  /** The date of a field; undefined where it is blank, or where a person was asked. */
  date(read: FieldText): CalendarDate | undefined {
    const reading = readDate(read.cell);
    if ('noSuchDate' in reading) {
      this.refuse(read, 'no-such-date', msg('refuse-no-such-date', { written: read.text }));
      return undefined;
    }
    if ('doubt' in reading) {
      this.ask(read, reading.doubt, dateMessage(reading.doubt, read.text, reading.options), reading.options);
      return undefined;
    }
    const { date, note } = reading;
    if (note === 'note-left-out') this.note(read, note, msg('note-left-out', { written: read.text }));
    if (note === 'serial-number' && date)
      this.note(read, note, msg('note-serial-number', { written: read.text, date }));
    return date;
  }

  get isClear(): boolean {
    return this.issues.length === this.notes;
  }

  private answerTo(
    row: number,
    field: string,
    column: Column | undefined,
    written: string,
  ): string | undefined {
    return this.answers.of(this.sheet, row, field, column?.heading ?? null, written);
  }

  private answered(answer: string, field: string, first: FieldCell | undefined): FieldText {
    const cell = answer === '' ? undefined : { text: answer };
    return { ...this.at(field, first), text: answer, cell, answered: true, written: first?.cell.text ?? '' };
  }

  private at(field: string, first: FieldCell | undefined): FieldText {
    return {
      text: first?.cell.text.trim() ?? '',
      cell: first?.cell,
      row: first?.row ?? this.row,
      column: first?.column ?? this.columnOf(field),
      field,
      answered: false,
    };
  }

  private cellsOf(field: string): FieldCell[] {
    return this.rows.flatMap(({ cells }) =>
      cells.filter(({ column, cell }) => column.field === field && cell.text.trim() !== ''),
    );
  }

  private say(
    kind: CellIssue['kind'],
    at: Place,
    code: string,
    message: Message,
    options: readonly string[],
  ): void {
    const isNote = kind === 'note';
    const most = this.room.left > 0 ? MOST_OF_PATIENT : isNote ? 0 : 1;
    if ((isNote ? this.notes : this.issues.length - this.notes) >= most) return;
    if (isNote) this.notes++;
    this.room.left--;
    this.issues.push({
      ...{
        kind,
        code,
        message,
        options: options.slice(0, MOST_OPTIONS).map((option) => option.slice(0, MOST_SHOWN)),
      },
      ...{ row: at.row, column: at.column?.heading ?? null, field: at.field, written: at.written ?? at.text },
    });
  }
}

/** The issues of one file that are kept. Beyond them each patient keeps one, which holds the row. */
export interface IssueRoom {
  left: number;
}
export const issueRoom = (): IssueRoom => ({ left: 50_000 });

/** Questions and errors of one patient, and remarks. More than a person answers; a file of 500 columns could have one in each cell. */
const MOST_OF_PATIENT = 50;
const MOST_OPTIONS = 20;
const MOST_SHOWN = 200;

/** The cell that an issue is about. */
export type Place = Pick<FieldText, 'row' | 'column' | 'field' | 'text' | 'written'>;

/** The answer that says that what is written is right. */
const CONFIRM = 'confirm';

/** How a column is named in a sentence: as the file does, or by its field. */
export const columnName = ({ column, field }: Place): string => column?.heading ?? field;

export const isBlankText = (read: FieldText): boolean => read.cell === undefined || saysNothing(read.text);

function dateMessage(doubt: DateDoubt, written: string, options: readonly string[]): Message {
  const messages: Readonly<Record<DateDoubt, () => Message>> = {
    'month-only': () => msg('ask-month-only', { written }),
    'year-only': () => msg('ask-year-only', { written }),
    'no-year': () => msg('ask-no-year', { written }),
    'two-digit-year': () => msg('ask-two-digit-year', { written, options }),
    'day-or-month-first': () => msg('ask-day-or-month-first', { written, options }),
    age: () => msg('ask-age', { written }),
    approximate: () => msg('ask-approximate', { written }),
    'several-dates': () => msg('ask-several-dates', { written, options }),
    'note-in-date': () => msg('ask-note-in-date', { written, options }),
    lunar: () => msg('ask-lunar', { written }),
    'no-date': () => msg('ask-no-date', { written }),
    'cell-error': () => msg('ask-broken-cell'),
  };
  return messages[doubt]();
}
