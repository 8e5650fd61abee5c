import { NOT_A_PATIENT, SAME_AS_ABOVE } from '../../../guideline/roster-dictionary.js';
import { plainText, saysNothing } from '../../../guideline/roster-reading.js';
import type { ImportKind } from '../rows/import-rows.js';
import { type Cell, CellBudget, isBlank, type Merge, type Sheet, TABLE_LIMITS } from '../tables/table.js';
import {
  asksIfComplete,
  type Column,
  headingForm,
  type HeadingMap,
  hintsIn,
  type Meaning,
  meaningOf,
  recognisedIn,
} from './headings.js';

/** Why a row is no patient. */
export type SkipReason = 'blank' | 'no-patient-data' | 'totals' | 'text-only' | 'headings-again';

/** One cell of a known column. */
export interface FieldCell {
  readonly cell: Cell;
  readonly column: Column;
  readonly row: number;
}

/** A row below the headings, with the cells of its known columns. */
export interface PlacedRow {
  readonly sheet: string | null;
  readonly row: number;
  readonly kind: 'patient' | 'continuation' | 'skipped';
  readonly why?: SkipReason;
  readonly cells: readonly FieldCell[];
  /** The first cells as written. */
  readonly texts?: readonly string[];
}

/** A sheet whose headings were found. */
export interface PlacedSheet {
  readonly headerRow: number;
  readonly columns: readonly Column[];
  readonly rows: readonly PlacedRow[];
}

type Grid = Map<number, (GridCell | undefined)[]>;
type GridCell = Cell & { readonly copied?: true };

/** Rows in which headings are looked for. */
const HEAD_ROWS = 40;
const FEWEST_HEADINGS = 3;
const MOST_HEAD_MERGES = 500;
/** Cells of a row that the file of rejected rows shows. */
const CELLS_KEPT = 60;
/** A blank row is named unless there are many together. */
const MOST_BLANK = 200;

/** Finds the headings of the sheet and says of each row below them what it is. Undefined: no headings were found. */
export function placedSheet(sheet: Sheet, kind: ImportKind, map: HeadingMap): PlacedSheet | undefined {
  const grid = gridOf(sheet);
  const header = headerOf(sheet, grid, kind, map);
  if (!header) return undefined;
  const placer = new RowPlacer(sheet, kind, map, header.columns);
  const last = Math.max(...grid.keys());
  const numbers = [...grid.keys()].filter((row) => row > header.row).sort((a, b) => a - b);
  const rows: PlacedRow[] = [];
  let next = header.row + 1;
  for (const row of numbers) {
    for (; next < row; next++) if (row - next <= MOST_BLANK) rows.push(placer.skipped(next, 'blank'));
    rows.push(placer.place(row, grid.get(row) ?? []));
    next = row + 1;
    if (row === last) break;
  }
  return { headerRow: header.row, columns: placer.allColumns, rows };
}

/** The cells by row; the lower rows of merged cells have the content too, marked as copied. */
function gridOf({ rows, merges }: Sheet): Grid {
  const grid: Grid = new Map(rows.map(({ number, cells }) => [number, [...cells]]));
  // Blocks that do not overlap have no more rows than the sheet has cells; others would take minutes.
  const budget = new CellBudget();
  for (const { top, bottom, left } of merges) {
    const master = grid.get(top)?.[left];
    if (isBlank(master) || master === undefined || left >= TABLE_LIMITS.columns) continue;
    for (let row = top + 1; row <= Math.min(bottom, top + TABLE_LIMITS.rows); row++) {
      budget.takeRow(1);
      const cells = grid.get(row);
      if (cells) cells[left] = { ...master, copied: true };
    }
  }
  return grid;
}

interface Header {
  readonly row: number;
  readonly columns: readonly Column[];
}

function headerOf(sheet: Sheet, grid: Grid, kind: ImportKind, map: HeadingMap): Header | undefined {
  const numbers = [...grid.keys()].sort((a, b) => a - b).slice(0, HEAD_ROWS);
  const lastHead = numbers.at(-1) ?? 0;
  const merges = sheet.merges.filter(({ top }) => top <= lastHead).slice(0, MOST_HEAD_MERGES);
  let best: (Header & { readonly score: number }) | undefined;
  for (const row of numbers)
    for (const withGroup of [false, true]) {
      const columns = columnsOf({ grid, merges }, row, withGroup, kind, map);
      const score = scoreOf(columns, kind);
      if (score >= FEWEST_HEADINGS && score > (best?.score ?? 0)) best = { row, columns, score };
    }
  return best;
}

/** The number of different known fields; 0 without the columns that say who a row is about. */
function scoreOf(columns: readonly Column[], kind: ImportKind): number {
  const fields = columns.flatMap(({ field, code, repeat }) =>
    field === null ? [] : [`${field} ${code} ${repeat}`],
  );
  const has = (field: string): boolean => columns.some((column) => column.field === field);
  const isAboutPatients = kind === 'events' ? has('mrn') && has('type') : has('mrn') || has('name');
  return isAboutPatients ? new Set(fields).size : 0;
}

function columnsOf(
  { grid, merges }: { readonly grid: Grid; readonly merges: readonly Merge[] },
  row: number,
  withGroup: boolean,
  kind: ImportKind,
  map: HeadingMap,
): Column[] {
  const own = grid.get(row) ?? [];
  const above = withGroup ? (grid.get(row - 1) ?? []) : [];
  if (withGroup && above.length === 0) return [];
  let group = '';
  const columns: Column[] = [];
  for (let index = 0; index < Math.max(own.length, above.length); index++) {
    const over = above[index];
    if (!isBlank(over) && over) group = over.text;
    else if (merges.length > 0 && !isUnderMerge(merges, row - 1, index)) group = '';
    const isCopied = own[index]?.copied === true;
    const heading = isBlank(own[index]) ? (over?.text ?? '') : (own[index]?.text ?? '');
    if (heading.trim() === '') continue;
    columns.push(columnOf(index, heading, isCopied || isBlank(own[index]) ? '' : group, kind, map));
  }
  return counted(columns);
}

const isUnderMerge = (merges: readonly Merge[], row: number, column: number): boolean =>
  merges.some(
    ({ top, bottom, left, right }) => row >= top && row <= bottom && column >= left && column <= right,
  );

function columnOf(index: number, heading: string, group: string, kind: ImportKind, map: HeadingMap): Column {
  const shown = heading.replace(/\s+/g, ' ').trim();
  const known = (meaning: Meaning, by: Column['by']): Column => ({
    ...{ index, heading: shown, hints: hintsIn(shown), asksIfComplete: asksIfComplete(shown) },
    ...{ ...meaning, by },
  });
  const form = map.given.size + map.remembered.size > 0 ? headingForm(shown) : '';
  for (const by of ['mapping', 'remembered'] as const) {
    const named = (by === 'mapping' ? map.given : map.remembered).get(form);
    if (named === undefined) continue;
    const unit = recognisedIn(map, kind, shown, group)?.unit;
    const meaning: Meaning = named === null ? { field: null } : (meaningFor(kind, named) ?? { field: null });
    return known({ ...meaning, ...(unit !== undefined && { unit }) }, by);
  }
  const meaning = recognisedIn(map, kind, shown, group);
  if (meaning) return known(meaning, 'dictionary');
  return { index, heading: shown, hints: new Map(), asksIfComplete: false, field: null, by: 'unknown' };
}

const meaningFor = (kind: ImportKind, name: string): Meaning | undefined =>
  kind === 'roster' ? meaningOf(name) : { field: name };

/** Counts visits whose headings do not: each day of a visit begins one, and values belong to the day before them. */
function counted(columns: readonly Column[]): Column[] {
  const isRepeated = ({ field }: Column): boolean => field === 'visit_date' || field === 'measured';
  const numbered = columns.some((column) => isRepeated(column) && column.repeat !== undefined);
  let count = 0;
  return columns.map((column) => {
    if (column.field === 'visit_date') count++;
    if (!isRepeated(column) || column.repeat !== undefined) return column;
    return { ...column, repeat: numbered ? 100 + Math.max(count, 1) : Math.max(count, 1) };
  });
}

const OF_PATIENT = ['sex', 'birth_date', 'diagnosis_date', 'resection_date', 'primary_site', 'stage'];

class RowPlacer {
  private hasPatient = false;
  private above = new Map<number, Cell>();
  private readonly mergesByTop = new Map<number, Merge[]>();
  readonly allColumns: Column[];

  constructor(
    private readonly sheet: Sheet,
    private readonly kind: ImportKind,
    private readonly map: HeadingMap,
    private columns: readonly Column[],
  ) {
    this.allColumns = [...columns];
    for (const merge of sheet.merges) {
      const same = this.mergesByTop.get(merge.top);
      if (same) same.push(merge);
      else this.mergesByTop.set(merge.top, [merge]);
    }
  }

  place(row: number, cells: readonly (GridCell | undefined)[]): PlacedRow {
    const texts = cells.filter((cell) => !isBlank(cell) && cell?.copied !== true);
    if (texts.length === 0) return this.continuationOrBlank(row, cells);
    if (this.repeatsHeadings(row, cells)) return this.skipped(row, 'headings-again');
    const known = this.columns.flatMap((column): FieldCell[] => {
      const cell = cells[column.index];
      if (column.field === null || cell === undefined || isBlank(cell) || cell.copied) return [];
      return [{ cell: this.repeated(column, cell), column, row }];
    });
    if (this.isTotal(cells)) return this.skipped(row, 'totals');
    if (known.length === 0) return this.skipped(row, 'no-patient-data');
    if (this.isText(row, cells, known)) return this.skipped(row, 'text-only');
    return this.patientRow(row, cells, known);
  }

  skipped(row: number, why: SkipReason): PlacedRow {
    return { sheet: this.sheet.name, row, kind: 'skipped', why, cells: [] };
  }

  private patientRow(
    row: number,
    cells: readonly (GridCell | undefined)[],
    known: readonly FieldCell[],
  ): PlacedRow {
    const has = (field: string): boolean => known.some(({ column }) => column.field === field);
    const mrnCopied = this.columns.some(
      ({ field, index }) => field === 'mrn' && cells[index]?.copied === true,
    );
    const continues =
      this.kind === 'roster' &&
      this.hasPatient &&
      (mrnCopied || (!has('mrn') && !has('name') && !OF_PATIENT.some(has)));
    if (!continues) {
      this.hasPatient = true;
      this.above = new Map(known.map(({ column, cell }) => [column.index, cell]));
    }
    const texts = Array.from(cells.slice(0, CELLS_KEPT), (cell) => cell?.text.trim() ?? '');
    return { sheet: this.sheet.name, row, kind: continues ? 'continuation' : 'patient', cells: known, texts };
  }

  /** A row in which everything is merged with the row above continues that patient without anything new. */
  private continuationOrBlank(row: number, cells: readonly (GridCell | undefined)[]): PlacedRow {
    const copied = cells.some((cell) => cell?.copied === true);
    return copied && this.hasPatient
      ? { sheet: this.sheet.name, row, kind: 'continuation', cells: [] }
      : this.skipped(row, 'blank');
  }

  private repeated({ index }: Column, cell: Cell): Cell {
    return SAME_AS_ABOVE.includes(plainText(cell.text)) ? (this.above.get(index) ?? cell) : cell;
  }

  /** The headings again, or those of another table below: its columns count from here on. */
  private repeatsHeadings(row: number, cells: readonly (GridCell | undefined)[]): boolean {
    const who = this.columns.filter(({ field }) => field === 'mrn' || field === 'name');
    const looksLike = cells.some(
      (cell) =>
        cell &&
        cell.text.length <= 30 &&
        !/\d{4}/.test(cell.text) && // a date or a number, as most cells of a patient
        /\p{L}/u.test(cell.text) &&
        ['mrn', 'name'].includes(recognisedIn(this.map, this.kind, cell.text)?.field ?? ''),
    );
    if (!looksLike || who.length === 0) return false;
    const grid: Grid = new Map([[row, [...cells]]]);
    const columns = columnsOf({ grid, merges: [] }, row, false, this.kind, this.map);
    if (scoreOf(columns, this.kind) < FEWEST_HEADINGS) return false;
    this.columns = columns;
    for (const column of columns)
      if (!this.allColumns.some(({ heading, index }) => heading === column.heading && index === column.index))
        this.allColumns.push(column);
    return true;
  }

  private isTotal(cells: readonly (GridCell | undefined)[]): boolean {
    const of = (field: string): Cell | undefined =>
      cells[this.columns.find((column) => column.field === field)?.index ?? -1];
    const identifies = ['sex', 'diagnosis_date', 'birth_date', 'primary_site'].some((field) => {
      const cell = of(field);
      return (
        cell !== undefined &&
        !isBlank(cell) &&
        !saysNothing(cell.text) &&
        !/^\d{1,4}(?:\.\d+)?$|例|人|岁/.test(cell.text)
      );
    });
    if (identifies) return false;
    return cells.slice(0, 6).some((cell) => {
      if (cell === undefined || isBlank(cell)) return false;
      const form = headingForm(cell.text);
      return NOT_A_PATIENT.some(
        (word) =>
          form === word || (form.startsWith(word) && (word.length > 1 || /^注[:：]/.test(cell.text.trim()))),
      );
    });
  }

  /** A heading of a group, a footnote: one text and nothing beside it. */
  private isText(
    row: number,
    cells: readonly (GridCell | undefined)[],
    known: readonly FieldCell[],
  ): boolean {
    const own = cells.filter((cell) => !isBlank(cell) && cell?.copied !== true);
    const [only] = own;
    if (own.length !== 1 || only === undefined || this.kind === 'events') return false;
    const wide = (this.mergesByTop.get(row) ?? []).some(
      ({ left, right }) => right - left >= 2 && cells[left] === only,
    );
    if (wide) return true;
    const [field] = known;
    if (field?.column.field === 'mrn') return /[\p{Script=Han}]/u.test(only.text) && !/\d{3}/.test(only.text);
    if (field?.column.field === 'name')
      return !/^[\p{Script=Han}·•\s]{2,6}$/u.test(only.text) || /[区科组年月病]/u.test(only.text);
    return false;
  }
}
