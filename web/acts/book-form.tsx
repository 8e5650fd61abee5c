import { useState } from 'react';
import { book, type Booking } from '../calls/appointments.js';
import { actOnMany } from '../calls/bulk.js';
import { errorOf, isRefused } from '../calls/problem.js';
import { DayField } from '../items/day-field.js';
import { Choices } from '../parts/choices.js';
import { TextField } from '../parts/field.js';
import { useWords } from '../words/use-words.js';
import { ActForm } from './act-form.js';
import { actDialogWords } from './act-words.js';
import { type ActFormProps, type ActOutcome, outcomeOfMany, useAct, undoItem } from './acting.js';
import { ItemChoiceField, useItemChoice } from './item-choice.js';
import { NoteField } from './note-field.js';
import { ReasonField } from './reason-field.js';

type Appointment = Omit<Booking, 'patientId' | 'itemIds'>;
type When = 'open' | 'morning' | 'afternoon' | 'exact';

/** One appointment for the chosen items of each patient. A day outside the window asks for a reason. */
export function BookForm({ targets, onOutcome }: ActFormProps) {
  const words = useWords(actDialogWords);
  const choice = useItemChoice(targets);
  const [date, setDate] = useState('');
  const [when, setWhen] = useState<When>('open');
  const [time, setTime] = useState('');
  const [place, setPlace] = useState('');
  const [note, setNote] = useState('');
  const [reason, setReason] = useState('');
  const [only] = targets.length === 1 ? targets : [];

  const send = async (appointment: Appointment, idempotencyKey: string): Promise<ActOutcome> => {
    const text = words.booked(appointment.date);
    const { items } = choice;
    if (only === undefined) {
      const targetsOfBulk = items.map(({ id, etag }) => ({ itemId: id, etag }));
      const answer = await actOnMany(
        { action: 'book', targets: targetsOfBulk, ...appointment },
        idempotencyKey,
      );
      return outcomeOfMany(answer, targets, text);
    }
    const itemIds = items.map(({ id }) => id);
    const ifMatch = items.map(({ etag }) => etag).join(', ');
    const booked = await book(
      { patientId: only.patientId, itemIds, ...appointment },
      { ifMatch, idempotencyKey },
    );
    const undo = () => undoItem(itemIds[0] ?? ''); // the whole appointment goes with one item
    return { text, patientIds: [only.patientId], items: booked.items, refused: [], undo };
  };
  const act = useAct(send, onOutcome);
  const needsReason = isRefused(act.error, 'outside-window');

  return (
    <ActForm
      submitText={words.book}
      fault={choice.fault}
      error={act.error}
      isSending={act.isPending}
      onSubmit={() =>
        act.mutate({
          date,
          ...(when === 'exact' && time !== '' && { time }),
          ...((when === 'morning' || when === 'afternoon') && { halfDay: when }),
          ...(place.trim() !== '' && { place: place.trim() }),
          ...(note.trim() !== '' && { note: note.trim() }),
          ...(reason !== '' && { reason }),
        })
      }
    >
      <ItemChoiceField targets={targets} choice={choice} />
      <DayField
        label={words.date}
        value={date}
        error={errorOf(act.error, 'date')}
        shortcuts={[1, 7, 14]}
        required
        autoFocus
        onValue={setDate}
      />
      <Choices
        label={words.time}
        options={[
          { value: 'open', text: words.wholeDay },
          { value: 'morning', text: words.morning },
          { value: 'afternoon', text: words.afternoon },
          { value: 'exact', text: words.exact },
        ]}
        value={when}
        onValue={(value) => setWhen(value as When)}
      />
      {when === 'exact' && (
        <TextField
          label={words.exact}
          type="time"
          required
          value={time}
          error={errorOf(act.error, 'time')}
          onValue={setTime}
        />
      )}
      <div className="fields-row">
        <TextField
          label={words.place}
          maxLength={100}
          value={place}
          error={errorOf(act.error, 'place')}
          onValue={setPlace}
        />
        <NoteField value={note} error={act.error} onValue={setNote} />
      </div>
      {(needsReason || reason !== '' || only === undefined) && (
        <ReasonField
          step="book"
          item={choice.items[0]}
          value={reason}
          isOptional={!needsReason}
          onValue={setReason}
        />
      )}
    </ActForm>
  );
}
