import type { ReactNode } from 'react';
import type { ItemOfRow, Row } from '../calls/lists.js';
import { WindowText } from '../items/item-facts.js';
import { toneOf, urgencyOf } from '../items/urgency.js';
import { Chip } from '../parts/chip.js';
import { dayText, shortDay } from '../words/dates.js';
import type { RowMark } from './row-marks.js';
import type { RowTexts } from './row-texts.js';

export type ColumnId =
  | 'patient'
  | 'items'
  | 'due'
  | 'urgency'
  | 'step'
  | 'nurse'
  | 'contact'
  | 'window'
  | 'department'
  | 'ward'
  | 'group'
  | 'distance';

/** What a cell is made of. */
export interface CellFacts {
  readonly row: Row;
  /** The item that decides the place of the row in its list. */
  readonly first: ItemOfRow | undefined;
  readonly mark: RowMark | undefined;
  readonly texts: RowTexts;
}

export interface Column {
  readonly id: ColumnId;
  /** In pixels; the column of the items takes what is left. */
  readonly width?: number;
  readonly isStandard: boolean;
  /** One of the few that a telephone has room for. */
  readonly isOnNarrow?: true;
  /** The panel of the patient shows it too, and takes its place: the class below hides it. */
  readonly isInPanel?: true;
  /** A function, not a component: a screen has hundreds of cells, and each component costs as much as its elements. */
  readonly cell: (facts: CellFacts) => ReactNode;
}

const patientCell = ({ row: { patient }, texts: { words } }: CellFacts): ReactNode => (
  <>
    <span className="patient-name">{patient.name ?? words.unnamed}</span>
    <span className="quiet small">{patient.mrn}</span>
  </>
);

function itemsCell({ row: { items, messagesWithheld }, first, texts }: CellFacts): ReactNode {
  const { words, nameOf } = texts;
  if (!first) return null;
  const others = items.filter((item) => item !== first);
  return (
    <>
      <span>{nameOf(first.activity)}</span>
      {others.length > 0 && (
        <Chip title={others.map(({ activity }) => nameOf(activity)).join(', ')}>
          {words.more(others.length)}
        </Chip>
      )}
      {messagesWithheld !== null && <Chip tone="warning">{words.withheld}</Chip>}
    </>
  );
}

const dueCell = ({ first, texts }: CellFacts): ReactNode =>
  first && <time dateTime={first.due}>{dayText(first.due, texts.language)}</time>;

function urgencyCell({ first, texts }: CellFacts): ReactNode {
  if (!first) return null;
  const urgency = urgencyOf(first, texts.today);
  return <Chip tone={toneOf(urgency)}>{texts.urgencyText(urgency)}</Chip>;
}

function stepCell({ first, mark, texts }: CellFacts): ReactNode {
  if (mark?.done === undefined) return first && texts.stepText(first);
  return (
    <Chip tone="done" title={mark.done}>
      {mark.done}
    </Chip>
  );
}

function contactCell({ row: { contact }, texts: { words } }: CellFacts): ReactNode {
  if (contact === null) return null;
  return (
    <>
      {words.attempt(contact.attempt)}
      {contact.lastTriedOn !== null && <span className="quiet"> · {shortDay(contact.lastTriedOn)}</span>}
    </>
  );
}

const distanceCell = ({ row: { patient }, texts: { words } }: CellFacts): ReactNode =>
  patient.distanceKm === null ? null : words.kilometres(patient.distanceKm);

/** Hidden by the style sheet while the panel is open, so that no row has to be drawn again. */
export const IN_PANEL = 'is-in-panel';

/** All columns, in the order in which they are shown. */
export const COLUMNS: readonly Column[] = [
  { id: 'patient', width: 168, isStandard: true, isOnNarrow: true, cell: patientCell },
  { id: 'items', isStandard: true, isOnNarrow: true, cell: itemsCell },
  { id: 'due', width: 142, isStandard: true, cell: dueCell },
  { id: 'urgency', width: 112, isStandard: true, isOnNarrow: true, cell: urgencyCell },
  { id: 'step', width: 150, isStandard: true, cell: stepCell },
  {
    id: 'window',
    width: 186,
    isStandard: false,
    isInPanel: true,
    cell: ({ first }) => first && <WindowText item={first} />,
  },
  {
    id: 'nurse',
    width: 88,
    isStandard: true,
    isInPanel: true,
    cell: ({ row }) => row.patient.responsibleNurse,
  },
  { id: 'contact', width: 128, isStandard: true, isInPanel: true, cell: contactCell },
  {
    id: 'department',
    width: 110,
    isStandard: false,
    isInPanel: true,
    cell: ({ row }) => row.patient.department,
  },
  { id: 'ward', width: 90, isStandard: false, cell: ({ row }) => row.patient.ward },
  { id: 'group', width: 90, isStandard: false, cell: ({ row }) => row.patient.group },
  { id: 'distance', width: 84, isStandard: false, cell: distanceCell },
];
