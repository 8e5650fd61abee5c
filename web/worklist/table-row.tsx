import { memo, type MouseEvent } from 'react';
import type { Row } from '../calls/lists.js';
import { useMe } from '../calls/me.js';
import { Chip } from '../parts/chip.js';
import { useWords } from '../words/use-words.js';
import { type Column, IN_PANEL } from './columns.js';
import { isStale, type RowMark } from './row-marks.js';
import { worklistWords } from './worklist-words.js';

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
  readonly nameOf: (code: string) => string;
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
  nameOf,
  isCursor,
  isOpen,
  isSelected,
  mark,
  on,
}: TableRowProps) {
  const words = useWords(worklistWords);
  const { id } = row.patient;
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
          aria-label={words.select(row.patient.name ?? row.patient.mrn)}
          checked={isSelected}
          onChange={() => on.toggle(id)}
        />
      </td>
      {columns.map(({ id: column, isInPanel, Cell }) =>
        column === 'patient' ? (
          <th key={column} scope="row">
            <Cell {...{ row, mark, nameOf }} />
            <MarkChips mark={mark} workingNow={row.workingNow} />
          </th>
        ) : (
          <td key={column} className={isInPanel ? IN_PANEL : undefined}>
            <Cell {...{ row, mark, nameOf }} />
          </td>
        ),
      )}
    </tr>
  );
});

/** That the row is stale, or who else works on it. */
function MarkChips({
  mark,
  workingNow,
}: {
  readonly mark: RowMark | undefined;
  readonly workingNow: readonly string[];
}) {
  const words = useWords(worklistWords);
  const me = useMe();
  const people = (mark?.workingNow ?? workingNow).filter((name) => name !== me.name).join(', ');
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
