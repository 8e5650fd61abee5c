import { memo, type MouseEvent } from 'react';
import type { Row } from '../calls/lists.js';
import { firstInList } from '../items/urgency.js';
import { Chip } from '../parts/chip.js';
import { type CellFacts, type Column, IN_PANEL } from './columns.js';
import { isStale, type RowMark } from './row-marks.js';
import type { RowTexts } from './row-texts.js';

/** What happens in a row, by patient. The same functions for the life of the table. */
export interface RowEvents {
  readonly cursor: (patientId: string) => void;
  readonly open: (patientId: string) => void;
  readonly toggle: (patientId: string) => void;
  readonly extend: (patientId: string) => void;
}

interface TableRowProps {
  readonly row: Row;
  readonly index: number;
  readonly columns: readonly Column[];
  readonly texts: RowTexts;
  readonly isCursor: boolean;
  readonly isOpen: boolean;
  readonly isSelected: boolean;
  readonly mark: RowMark | undefined;
  readonly on: RowEvents;
}

/** Drawn again only when something about this row has changed: a key press moves the cursor of two rows. */
export const TableRow = memo(function TableRow({
  row,
  index,
  columns,
  texts,
  isCursor,
  isOpen,
  isSelected,
  mark,
  on,
}: TableRowProps) {
  const { id } = row.patient;
  const facts = { row, mark, texts, first: firstInList(row.items) };
  const onClick = ({ target, shiftKey }: MouseEvent): void => {
    on.cursor(id);
    if (target instanceof HTMLInputElement) return;
    if (shiftKey) on.extend(id);
    else on.open(id);
  };
  const classes = [
    isCursor && 'is-cursor',
    isSelected && 'is-selected',
    isOpen && 'is-open',
    mark?.done !== undefined && 'is-done',
  ];
  return (
    <tr
      aria-rowindex={index + 2}
      aria-current={isCursor || undefined}
      tabIndex={isCursor ? 0 : -1}
      className={classes.filter(Boolean).join(' ')}
      onClick={onClick}
    >
      <td>
        <input
          type="checkbox"
          className="not-printed"
          tabIndex={-1}
          aria-label={texts.words.select(row.patient.name ?? row.patient.mrn)}
          checked={isSelected}
          onChange={() => on.toggle(id)}
        />
      </td>
      {columns.map(({ id: column, isInPanel, cell }) =>
        column === 'patient' ? (
          <th key={column} scope="row">
            {cell(facts)}
            <MarkChips {...facts} />
          </th>
        ) : (
          <td key={column} className={isInPanel ? IN_PANEL : undefined}>
            {cell(facts)}
          </td>
        ),
      )}
    </tr>
  );
});

/** That the row is stale, or who else works on it. */
function MarkChips({ row, mark, texts: { words, reader } }: CellFacts) {
  const people = (mark?.workingNow ?? row.workingNow).filter((name) => name !== reader).join(', ');
  return (
    <>
      {isStale(mark) && (
        <Chip tone="warning" title={words.changed}>
          ↻<span className="spoken">{words.changed}</span>
        </Chip>
      )}
      {people !== '' && (
        <Chip tone="active" title={words.works(people)}>
          {people}
        </Chip>
      )}
    </>
  );
}
