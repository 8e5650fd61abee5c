import { DomainError, invalid } from '../../../platform/domain-error.js';
import { msg } from '../../../platform/messages/dictionary.js';
import { dayOfSerial, type SharedParts } from './number-format.js';
import { type Cell, type CellBudget, type Merge, type Row, type Sheet, TABLE_LIMITS } from './table.js';
import { readXml } from './xml.js';
import { damaged } from './zip.js';

type Shared = SharedParts;

/** The rows of one sheet's XML, without blank cells, and its merged cells. */
export function readSheetXml(
  xml: string,
  shared: Shared,
  budget: CellBudget,
): Pick<Sheet, 'rows' | 'merges'> {
  const reader = new SheetReader(shared, budget);
  readXml(xml, {
    open: (tag, attribute) => reader.open(tag, attribute),
    close: (tag) => reader.close(tag),
    text: (text) => reader.text(text),
  });
  return { rows: reader.rows, merges: reader.merges };
}

/** The last row that a spreadsheet program has. */
const LAST_ROW = 1_048_576;

class SheetReader {
  readonly rows: Row[] = [];
  readonly merges: Merge[] = [];
  private cells: (Cell | undefined)[] = [];
  private rowNumber = 0;
  private column = -1;
  private type = '';
  private style = 0;
  private value = '';
  private hasValue = false;
  private hasFormula = false;
  private collecting = false;

  constructor(
    private readonly shared: Shared,
    private readonly budget: CellBudget,
  ) {}

  open(tag: string, attribute: (name: string) => string | undefined): void {
    if (tag === 'c') {
      const reference = attribute('r');
      this.column = reference === undefined ? this.column + 1 : columnOf(reference);
      this.type = attribute('t') ?? 'n';
      this.style = Number(attribute('s') ?? 0);
      [this.value, this.hasValue, this.hasFormula] = ['', false, false];
    } else if (tag === 'row') {
      this.rowNumber = Number(attribute('r') ?? this.rowNumber + 1);
      if (!(this.rowNumber >= 1 && this.rowNumber <= LAST_ROW)) throw damaged();
      [this.cells, this.column] = [[], -1];
    } else if (tag === 'v' || tag === 't') {
      this.collecting = true;
      this.hasValue = true;
    } else if (tag === 'f') this.hasFormula = true;
    else if (tag === 'rPh') this.collecting = false;
    else if (tag === 'mergeCell') this.merge(attribute('ref') ?? '');
  }

  text(text: string): void {
    if (this.collecting) this.value += text;
  }

  close(tag: string): void {
    if (tag === 'v' || tag === 't') this.collecting = false;
    else if (tag === 'c') this.take(cellOf(this, this.shared));
    else if (tag === 'row' && this.cells.length > 0) {
      if (this.rows.length >= TABLE_LIMITS.rows * 2) throw tooManyRows();
      this.budget.takeRow(this.cells.length);
      this.rows.push({ number: this.rowNumber, cells: this.cells });
    }
  }

  get read(): { type: string; style: number; value: string; hasValue: boolean; hasFormula: boolean } {
    const { type, style, value, hasValue, hasFormula } = this;
    return { type, style, value, hasValue, hasFormula };
  }

  private take(cell: Cell | undefined): void {
    if (cell === undefined) return;
    this.budget.takeText(cell.text.length);
    if (cell.text.trim() === '') return;
    if (this.column < 0 || this.column >= TABLE_LIMITS.columns) throw tooManyColumns();
    this.cells[this.column] = cell;
  }

  private merge(reference: string): void {
    const [from = '', to = from] = reference.split(':');
    const [top, bottom] = [rowOf(from), rowOf(to)];
    if (this.merges.length < TABLE_LIMITS.rows * 20)
      this.merges.push({ top, bottom, left: columnOf(from), right: columnOf(to) });
  }
}

function cellOf({ read }: SheetReader, { strings, formats, from1904 }: Shared): Cell | undefined {
  const { type, value, hasValue, hasFormula } = read;
  if (!hasValue) return hasFormula ? { text: '=', broken: true } : undefined;
  if (type === 's') return { text: strings[Number(value)] ?? '' };
  if (type === 'str' || type === 'inlineStr') return { text: sharedText(value) };
  if (type === 'e') return { text: value, broken: true };
  if (type === 'b') return { text: value === '1' ? 'TRUE' : 'FALSE' };
  if (type === 'd') return { text: value };
  const number = Number(value);
  if (value.trim() === '' || !Number.isFinite(number)) return { text: cut(value) };
  const format = formats[read.style] ?? {};
  if (format.precision) return dateCell(number, format.precision, from1904);
  const text =
    format.shown && Number.isInteger(number) && number >= 0 ? format.shown(number) : numberText(number);
  return { text, number };
}

function dateCell(number: number, precision: NonNullable<Cell['precision']>, from1904: boolean): Cell {
  const date = dayOfSerial(number, from1904);
  return { text: date ?? String(number), number, date, precision };
}

/** A text of a workbook as its cells show it. */
export const sharedText = (written: string): string => cut(plain(written));

/** As a spreadsheet program shows it: 15 digits at most, and beyond them an exponent. */
function numberText(number: number): string {
  if (Number.isInteger(number) && Math.abs(number) < 1e15) return number.toFixed(0);
  return String(Number(number.toPrecision(15)));
}

/** Without the characters that a workbook writes as `_x000D_`. */
const plain = (text: string): string =>
  text.replace(/_x([0-9A-Fa-f]{4})_/g, (_, code: string) => String.fromCharCode(parseInt(code, 16)));

/** Without characters that PostgreSQL cannot store. */
const cut = (written: string): string => {
  const text = written.replace(/[\0\uD800-\uDFFF]/gu, '');
  return text.length > TABLE_LIMITS.cellCharacters
    ? `${text.slice(0, TABLE_LIMITS.cellCharacters)} […]`
    : text;
};

function columnOf(reference: string): number {
  let index = 0;
  for (const letter of reference.replace(/[^A-Za-z]/g, '').toUpperCase())
    index = index * 26 + letter.charCodeAt(0) - 64;
  return index - 1;
}

const rowOf = (reference: string): number => Number(reference.replace(/\D/g, ''));

const tooManyRows = (): DomainError =>
  new DomainError('too-large', 'too-many-rows', msg('too-many-rows', { limit: TABLE_LIMITS.rows }));
const tooManyColumns = (): DomainError =>
  invalid('too-many-columns', msg('too-many-columns', { limit: TABLE_LIMITS.columns }), []);
