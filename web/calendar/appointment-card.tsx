import type { DragEvent } from 'react';
import type { Appointment } from '../calls/appointments.js';
import { useActivityName } from '../items/item-facts.js';
import { Chip } from '../parts/chip.js';
import { useWords } from '../words/use-words.js';
import { useTimeText } from './appointment-text.js';
import { calendarWords } from './calendar-words.js';
import './appointment-card.css';

/** One appointment on its day: a button that opens it, which can also be dragged to another day. */
export function AppointmentCard({
  appointment,
  isCursor,
  onOpen,
  onDrag,
}: {
  readonly appointment: Appointment;
  readonly isCursor: boolean;
  readonly onOpen: () => void;
  /** Called with undefined at the end of dragging. */
  readonly onDrag: (appointment: Appointment | undefined) => void;
}) {
  const words = useWords(calendarWords);
  const nameOf = useActivityName();
  const timeText = useTimeText();
  const { id, patient, items, place, room, outsideWindow, attentionSince, confirmedAt } = appointment;
  const begin = (event: DragEvent): void => {
    event.dataTransfer.effectAllowed = 'move';
    event.dataTransfer.setData('text/plain', id); // without data Firefox does not drag
    onDrag(appointment);
  };
  return (
    <button
      type="button"
      id={`card-${id}`}
      className={`appointment-card${isCursor ? ' is-cursor' : ''}`}
      draggable
      onClick={onOpen}
      onDragStart={begin}
      onDragEnd={() => onDrag(undefined)}
    >
      <span className="card-head">
        <span className="card-time">{timeText(appointment)}</span>
        <strong>{patient.name ?? patient.mrn}</strong>
      </span>
      <span className="card-items">{items.map(({ activity }) => nameOf(activity)).join(' · ')}</span>
      {(place !== null || room !== null) && (
        <span className="quiet small">{[place, room].filter((part) => part !== null).join(' ')}</span>
      )}
      {(outsideWindow || attentionSince !== null || confirmedAt !== null) && (
        <span className="card-marks">
          {attentionSince !== null && <Chip tone="late">{words.check}</Chip>}
          {outsideWindow && <Chip tone="warning">{words.outside}</Chip>}
          {confirmedAt !== null && <Chip tone="done">{words.confirmed}</Chip>}
        </span>
      )}
    </button>
  );
}
