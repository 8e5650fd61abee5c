import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useMemo, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import type { Row } from '../calls/lists.js';
import { type Column, type ColumnId, COLUMNS, IN_PANEL } from './columns.js';
import { useNarrowScreen } from './narrow-screen.js';
import type { RowMarks } from './row-marks.js';
import { ROW_PX, scrollTopFor } from './row-scroll.js';
import { useRowTexts } from './row-texts.js';
import type { Selection } from './selection.js';
import { type RowEvents, TableRow } from './table-row.js';
import './row-table.css';

const SELECT_PX = 34;
/** At least; the column of the items takes what is left. */
const ITEMS_PX = 190;
/** Rows beyond both edges of the screen, so that fast scrolling shows no gap. */
const OVERSCAN = 1;
/** The next page is read when so few rows remain below the screen. */
const NEAR_END_ROWS = 20;
/** The key press that leads there is answered before. */
const READ_AFTER_MS = 100;

interface RowTableProps {
  readonly label: string;
  readonly rows: readonly Row[];
  /** By patient, in the order of the rows. */
  readonly places: ReadonlyMap<string, number>;
  readonly columns: readonly ColumnId[];
  readonly cursor: string | undefined;
  readonly openId: string | undefined;
  readonly selection: Selection;
  readonly marks: RowMarks;
  readonly onCursor: (patientId: string) => void;
  readonly onOpen: (patientId: string) => void;
  readonly onNearEnd: () => void;
}

/** A native table of which only the rows on the screen exist, so that ten thousand scroll like fifty. */
export function RowTable(props: RowTableProps) {
  const { label, rows, places, cursor, openId, selection, marks, onNearEnd } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const columns = useChosenColumns(props);
  const texts = useRowTexts();
  const isNarrow = useNarrowScreen();
  const shownColumns = columns.filter(({ isInPanel }) => openId === undefined || isInPanel !== true);
  const width = shownColumns.reduce(
    (sum, column) => sum + (column.width ?? (isNarrow ? 0 : ITEMS_PX)),
    SELECT_PX,
  );
  const on = useRowEvents(props);
  const isPrinted = usePrinting();
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    initialRect: { width: innerWidth, height: innerHeight }, // until it is measured
    overscan: isPrinted ? rows.length : OVERSCAN,
  });
  const shown = virtual.getVirtualItems();
  const keys = useRowKeys(shown.map(({ index }) => index));
  const last = shown[shown.length - 1];
  const isNearEnd = last !== undefined && last.index >= rows.length - NEAR_END_ROWS;
  useEffect(() => {
    if (!isNearEnd) return undefined;
    const timer = setTimeout(onNearEnd, READ_AFTER_MS);
    return () => clearTimeout(timer);
  }, [isNearEnd, rows.length, onNearEnd]);

  const place = cursor === undefined ? undefined : places.get(cursor);
  useEffect(() => {
    if (place === undefined) return;
    const { scrollOffset, scrollRect } = virtual; // as last observed: reading them lays nothing out
    const top = scrollTopFor(place, scrollOffset ?? 0, scrollRect?.height ?? 0);
    if (top !== undefined) scroller.current?.scrollTo({ top });
    if (isFocusFree(scroller.current)) requestAnimationFrame(() => focusRow(scroller.current, place));
    // Only when the cursor moves: a reader who scrolls by hand stays where they are.
  }, [cursor]);

  return (
    <div className="row-table-scroller" ref={scroller}>
      <table
        className="row-table"
        style={{ minWidth: width }}
        aria-label={label}
        aria-rowcount={rows.length + 1}
      >
        <colgroup>
          <col style={{ width: SELECT_PX }} />
          {shownColumns.map(({ id, width }) => (
            <col key={id} style={width === undefined ? undefined : { width }} />
          ))}
        </colgroup>
        <thead>
          <tr aria-rowindex={1}>
            <th scope="col">
              <input
                type="checkbox"
                className="not-printed"
                aria-label={texts.words.selectAll}
                checked={rows.length > 0 && selection.ids.size >= rows.length}
                onChange={({ target }) =>
                  selection.set(target.checked ? rows.map(({ patient }) => patient.id) : [])
                }
              />
            </th>
            {columns.map(({ id, isInPanel }) => (
              <th key={id} scope="col" className={isInPanel ? IN_PANEL : undefined}>
                {texts.words.columns[id]}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          <Gap height={shown[0]?.start ?? 0} columns={columns.length + 1} />
          {shown.map(({ index }) => {
            const row = rows[index];
            if (!row) return null;
            const { id } = row.patient;
            return (
              <TableRow
                key={keys.get(index)}
                {...{ row, index, columns, texts, on }}
                isCursor={id === cursor}
                isOpen={id === openId}
                isSelected={selection.ids.has(id)}
                mark={marks.of(id)}
              />
            );
          })}
          <Gap height={virtual.getTotalSize() - (last?.end ?? 0)} columns={columns.length + 1} />
        </tbody>
      </table>
    </div>
  );
}

/** The chosen columns, or those for which a telephone has room. */
function useChosenColumns({ columns }: RowTableProps): readonly Column[] {
  const isNarrow = useNarrowScreen();
  return useMemo(
    () => COLUMNS.filter(({ id, isOnNarrow = false }) => (isNarrow ? isOnNarrow : columns.includes(id))),
    [columns, isNarrow],
  );
}

function useRowEvents({ selection, onCursor, onOpen }: RowTableProps): RowEvents {
  const newest = useRef({ selection, onCursor, onOpen });
  useEffect(() => {
    newest.current = { selection, onCursor, onOpen };
  });
  return useMemo(
    () => ({
      cursor: (id) => newest.current.onCursor(id),
      open: (id) => newest.current.onOpen(id),
      toggle: (id) => newest.current.selection.toggle(id),
      extend: (id) => newest.current.selection.extendTo(id),
    }),
    [],
  );
}

/** Paper does not scroll: while the browser prints, all rows that were read exist. */
function usePrinting(): boolean {
  const [isPrinted, setIsPrinted] = useState(false);
  useEffect(() => {
    const begin = (): void => flushSync(() => setIsPrinted(true));
    const end = (): void => setIsPrinted(false);
    addEventListener('beforeprint', begin);
    addEventListener('afterprint', end);
    return () => {
      removeEventListener('beforeprint', begin);
      removeEventListener('afterprint', end);
    };
  }, []);
  return isPrinted;
}

const focusRow = (scroller: HTMLElement | null, place: number): void =>
  scroller?.querySelector<HTMLElement>(`tr[aria-rowindex="${place + 2}"]`)?.focus({ preventScroll: true });

/** The focus follows the cursor unless it is in a field, or in the panel beside the list. */
function isFocusFree(scroller: HTMLElement | null): boolean {
  const { activeElement } = document;
  return (
    activeElement === null || activeElement === document.body || scroller?.contains(activeElement) === true
  );
}

/**
 * The key of each row that exists. A row that comes into sight takes the elements of one that left it, because to fill in
 * other texts is half the work of making a row; and takes them in their order, because to move elements is as much.
 */
function useRowKeys(indexes: readonly number[]): ReadonlyMap<number, number> {
  const keys = useRef<ReadonlyMap<number, number>>(new Map());
  const made = useRef(0);
  const here = new Set(indexes);
  const left = [...keys.current].filter(([index]) => !here.has(index)).map(([, key]) => key);
  keys.current = new Map(
    indexes.map((index) => [index, keys.current.get(index) ?? left.shift() ?? made.current++]),
  );
  return keys.current;
}

/** The space of the rows that do not exist. */
function Gap({ height, columns }: { readonly height: number; readonly columns: number }) {
  if (height <= 0) return null;
  return (
    <tr className="row-gap" aria-hidden="true">
      <td colSpan={columns} style={{ height }} />
    </tr>
  );
}
