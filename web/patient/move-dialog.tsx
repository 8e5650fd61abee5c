import { useQuery } from '@tanstack/react-query';
import { type SyntheticEvent, useState } from 'react';
import { ReasonField } from '../acts/reason-field.js';
import { Failure } from '../calls/failure.js';
import { errorOf, isRefused } from '../calls/problem.js';
import {
  type AppointmentChange,
  appointmentQuery,
  changeAppointment,
  type PatientAppointment,
} from '../calls/visits.js';
import { DayField } from '../items/day-field.js';
import { Button } from '../parts/button.js';
import { Dialog, DialogActions } from '../parts/dialog.js';
import { TextField } from '../parts/field.js';
import { useLanguage } from '../words/language.js';
import { useWords } from '../words/use-words.js';
import { useSaving } from '../acts/saving.js';
import { visitWords } from './visit-words.js';

/** Moves an appointment. A day outside the window asks for a reason. */
export default function MoveDialog({
  appointment,
  onClose,
}: {
  readonly appointment: PatientAppointment;
  readonly onClose: () => void;
}) {
  const words = useWords(visitWords);
  const { id, patientId, etag } = appointment;
  const { data } = useQuery(appointmentQuery(patientId, id, useLanguage()));
  const [date, setDate] = useState(appointment.date);
  const [time, setTime] = useState(appointment.time ?? '');
  const [place, setPlace] = useState(appointment.place ?? '');
  const [note, setNote] = useState(appointment.note ?? '');
  const [reason, setReason] = useState('');
  const moving = useSaving(patientId, {
    send: (change: AppointmentChange) => changeAppointment(id, change, { ifMatch: etag }),
    textOf: () => words.moved(date),
    onSaved: onClose,
  });
  const needsReason = isRefused(moving.error, 'outside-window') || reason !== '';
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    moving.mutate({
      date,
      ...(time !== (appointment.time ?? '') && { time: time === '' ? null : time, halfDay: null }),
      ...(place.trim() !== (appointment.place ?? '') && { place: place.trim() || null }),
      ...(note.trim() !== (appointment.note ?? '') && { note: note.trim() || null }),
      ...(reason !== '' && { reason }),
    });
  };
  return (
    <Dialog title={words.moveOf(appointment.date)} closeLabel={words.close} onClose={onClose}>
      <form className="fields" onSubmit={submit}>
        <DayField
          label={words.date}
          value={date}
          error={errorOf(moving.error, 'date')}
          shortcuts={[1, 7, 14]}
          required
          autoFocus
          onValue={setDate}
        />
        <TextField
          label={words.time}
          type="time"
          value={time}
          error={errorOf(moving.error, 'time')}
          onValue={setTime}
        />
        <TextField
          label={words.place}
          maxLength={100}
          value={place}
          error={errorOf(moving.error, 'place')}
          onValue={setPlace}
        />
        <TextField
          label={words.note}
          maxLength={1000}
          value={note}
          error={errorOf(moving.error, 'note')}
          onValue={setNote}
        />
        {needsReason && <ReasonField step="move" item={data?.items[0]} value={reason} onValue={setReason} />}
        <Failure error={moving.error} />
        <DialogActions>
          <Button kind="main" type="submit" busy={moving.isPending}>
            {words.save}
          </Button>
          <Button onClick={onClose}>{words.cancel}</Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
