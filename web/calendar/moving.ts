import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { type Appointment, type AppointmentAnswer, moveAppointment } from '../calls/appointments.js';
import { newKey } from '../calls/http.js';
import { undoStep } from '../calls/items.js';
import { isRefused } from '../calls/problem.js';
import { useToasts } from '../parts/toasts.js';
import { dayText } from '../words/dates.js';
import { useLanguage } from '../words/language.js';
import { useWords } from '../words/use-words.js';
import { calendarWords } from './calendar-words.js';

/** An appointment before the reader, with the day to which it was dragged and why the server refused that. */
export interface OpenedAppointment {
  readonly appointment: Appointment;
  readonly date?: string;
  readonly error?: Error;
}

/** Appointments that change their day: by dragging at once, by the dialog with everything that is to be said. */
export interface Moving {
  readonly opened: OpenedAppointment | undefined;
  readonly open: (appointment: Appointment) => void;
  readonly close: () => void;
  readonly dropOn: (appointment: Appointment, date: string) => void;
  readonly onMoved: (answer: AppointmentAnswer, before: Appointment) => void;
}

/** Codes that a dialog can mend: it asks for the reason, or shows what another person has changed. */
const MENDABLE = ['outside-window', 'changed-meanwhile'];

export function useMoving(): Moving {
  const queries = useQueryClient();
  const toasts = useToasts();
  const onMoved = useMovedToast();
  const [opened, setOpened] = useState<OpenedAppointment>();
  const put = (moved: Appointment): void => {
    queries.setQueriesData<readonly Appointment[]>({ queryKey: ['calendar', 'appointments'] }, (all) =>
      all?.map((one) => (one.id === moved.id ? moved : one)),
    );
  };
  const drop = useMutation({
    mutationFn: ({ appointment, date }: { readonly appointment: Appointment; readonly date: string }) =>
      moveAppointment(appointment.id, { date }, { ifMatch: appointment.etag, idempotencyKey: newKey() }),
    onMutate: ({ appointment, date }) => put({ ...appointment, date }),
    onSuccess: (answer, { appointment }) => {
      put({ ...appointment, date: answer.date, etag: answer.etag });
      onMoved(answer, appointment);
    },
    onError: (error, { appointment, date }) => {
      put(appointment);
      if (MENDABLE.some((code) => isRefused(error, code))) setOpened({ appointment, date, error });
      else toasts.show({ text: error.message, tone: 'late' });
    },
  });
  return {
    opened,
    open: (appointment) => setOpened({ appointment }),
    close: () => setOpened(undefined),
    dropOn: (appointment, date) => {
      if (date !== appointment.date) drop.mutate({ appointment, date });
    },
    onMoved,
  };
}

/** Says where the appointment is now and what that means, and offers to take it back. */
function useMovedToast(): Moving['onMoved'] {
  const words = useWords(calendarWords);
  const language = useLanguage();
  const toasts = useToasts();
  const queries = useQueryClient();
  const readAgain = (): Promise<void> => queries.invalidateQueries({ queryKey: ['calendar'] });
  const undo = useMutation({
    mutationFn: undoStep,
    // An appointment opened after the message has its present ETag.
    onSuccess: async () => {
      await readAgain();
      toasts.show({ text: words.undone });
    },
    onError: ({ message }) => {
      toasts.show({ text: message, tone: 'late' });
      void readAgain();
    },
  });
  return ({ date, consequences, items }, before) => {
    void readAgain();
    const [item] = items;
    const isMoved = date !== before.date;
    const text = isMoved ? words.moved(dayText(date, language)) : words.changed;
    const meaning = [...new Set(consequences.map((one) => one.text))];
    toasts.show({
      text: [text, ...(isMoved ? meaning : [])].join(' · '),
      ...(isMoved && item && { action: { text: words.undo, hint: 'z', run: () => undo.mutate(item.id) } }),
    });
  };
}
