import type { ReactNode } from 'react';
import type { Row } from '../calls/lists.js';
import { DueDay, UrgencyChip, useStepText, WindowText } from '../items/item-facts.js';
import { firstInList } from '../items/urgency.js';
import { Chip } from '../parts/chip.js';
import { shortDay } from '../words/dates.js';
import { useWords } from '../words/use-words.js';
import type { RowMark } from './row-marks.js';
import { worklistWords } from './worklist-words.js';

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

interface CellProps {
  readonly row: Row;
  readonly mark: RowMark | undefined;
  /** The name of an activity. */
  readonly nameOf: (code: string) => string;
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
  readonly Cell: (props: CellProps) => ReactNode;
}

function PatientCell({ row: { patient } }: CellProps) {
  const words = useWords(worklistWords);
  return (
    <>
      <span className="patient-name">{patient.name ?? words.unnamed}</span>
      <span className="quiet small">{patient.mrn}</span>
    </>
  );
}

function ItemsCell({ row: { items, messagesWithheld }, nameOf }: CellProps) {
  const words = useWords(worklistWords);
  const first = firstInList(items);
  const others = items.filter((item) => item !== first);
  if (!first) return null;
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

function DueCell({ row }: CellProps) {
  const item = firstInList(row.items);
  return item ? <DueDay day={item.due} /> : null;
}

function UrgencyCell({ row }: CellProps) {
  const item = firstInList(row.items);
  return item ? <UrgencyChip item={item} /> : null;
}

function StepCell({ row, mark }: CellProps) {
  const item = firstInList(row.items);
  const stepText = useStepText();
  if (mark?.done !== undefined)
    return (
      <Chip tone="done" title={mark.done}>
        {mark.done}
      </Chip>
    );
  return item ? stepText(item) : null;
}

function WindowCell({ row }: CellProps) {
  const item = firstInList(row.items);
  return item ? <WindowText item={item} /> : null;
}

function ContactCell({ row: { contact } }: CellProps) {
  const words = useWords(worklistWords);
  if (contact === null) return null;
  return (
    <>
      {words.attempt(contact.attempt)}
      {contact.lastTriedOn !== null && <span className="quiet"> · {shortDay(contact.lastTriedOn)}</span>}
    </>
  );
}

function DistanceCell({ row: { patient } }: CellProps) {
  const words = useWords(worklistWords);
  return patient.distanceKm === null ? null : words.kilometres(patient.distanceKm);
}

/** Hidden by the style sheet while the panel is open, so that no row has to be drawn again. */
export const IN_PANEL = 'is-in-panel';

/** All columns, in the order in which they are shown. */
export const COLUMNS: readonly Column[] = [
  { id: 'patient', width: 168, isStandard: true, isOnNarrow: true, Cell: PatientCell },
  { id: 'items', isStandard: true, isOnNarrow: true, Cell: ItemsCell },
  { id: 'due', width: 142, isStandard: true, Cell: DueCell },
  { id: 'urgency', width: 112, isStandard: true, isOnNarrow: true, Cell: UrgencyCell },
  { id: 'step', width: 150, isStandard: true, Cell: StepCell },
  { id: 'window', width: 186, isStandard: false, isInPanel: true, Cell: WindowCell },
  {
    id: 'nurse',
    width: 88,
    isStandard: true,
    isInPanel: true,
    Cell: ({ row }) => row.patient.responsibleNurse,
  },
  { id: 'contact', width: 128, isStandard: true, isInPanel: true, Cell: ContactCell },
  {
    id: 'department',
    width: 110,
    isStandard: false,
    isInPanel: true,
    Cell: ({ row }) => row.patient.department,
  },
  { id: 'ward', width: 90, isStandard: false, Cell: ({ row }) => row.patient.ward },
  { id: 'group', width: 90, isStandard: false, Cell: ({ row }) => row.patient.group },
  { id: 'distance', width: 84, isStandard: false, Cell: DistanceCell },
];
