import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRef } from 'react';
import type { Appointment } from '../calls/appointments.js';
import { Failure } from '../calls/failure.js';
import { newKey } from '../calls/http.js';
import { undoStep } from '../calls/items.js';
import { useToday } from '../calls/me.js';
import { hasChangedNothing } from '../calls/problem.js';
import { type AppointmentEnd, endAppointment } from '../calls/visits.js';
import { Button } from '../parts/button.js';
import { useToasts } from '../parts/toasts.js';
import { useWords } from '../words/use-words.js';
import { calendarWords } from './calendar-words.js';

export type Outcome = AppointmentEnd['outcome'];

const ATTENDANCE: readonly Outcome[] = ['attended', 'not_attended'];
const CANCELLATIONS: readonly Outcome[] = ['cancelled_by_patient', 'cancelled_by_hospital'];

/** How the appointment ended, each by one click that can be taken back. Before its day it can only be cancelled. */
export function OutcomeButtons({
  appointment,
  isShort = false,
  onEnded,
}: {
  readonly appointment: Appointment;
  /** Only whether the patient came. */
  readonly isShort?: boolean;
  readonly onEnded?: () => void;
}) {
  const words = useWords(calendarWords);
  const isDue = appointment.date <= useToday();
  const ending = useEnding(appointment, onEnded);
  const outcomes = [...(isDue ? ATTENDANCE : []), ...(isShort ? [] : CANCELLATIONS)];
  return (
    <>
      {outcomes.map((outcome) => (
        <Button
          key={outcome}
          kind={isShort ? 'quiet' : 'plain'}
          disabled={ending.isPending}
          onClick={() => ending.mutate(outcome)}
        >
          {words.outcomes[outcome]}
        </Button>
      ))}
      <Failure error={ending.error} />
    </>
  );
}

function useEnding({ id, etag, items, patient }: Appointment, onEnded: (() => void) | undefined) {
  const words = useWords(calendarWords);
  const queries = useQueryClient();
  const toasts = useToasts();
  const key = useRef<string>(undefined);
  const readAgain = (): Promise<unknown> =>
    Promise.all(
      [['calendar'], ['lists'], ['patient']].map((queryKey) => queries.invalidateQueries({ queryKey })),
    );
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
  return useMutation({
    mutationFn: (outcome: Outcome) =>
      endAppointment(id, { outcome }, { ifMatch: etag, idempotencyKey: (key.current ??= newKey()) }),
    onError: (error) => {
      if (hasChangedNothing(error)) key.current = undefined;
    },
    onSuccess: (_, outcome) => {
      key.current = undefined;
      const [item] = items;
      toasts.show({
        text: `${patient.name ?? patient.mrn} · ${words.outcomes[outcome]}`,
        ...(item && { action: { text: words.undo, hint: 'z', run: () => undo.mutate(item.id) } }),
      });
      onEnded?.();
      void readAgain();
    },
  });
}
