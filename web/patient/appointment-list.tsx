import { useQuery } from '@tanstack/react-query';
import { Suspense, useState } from 'react';
import { Failure } from '../calls/failure.js';
import { useMe, useToday } from '../calls/me.js';
import {
  type AppointmentEnd,
  appointmentQuery,
  endAppointment,
  type PatientAppointment,
  patientAppointmentsQuery,
} from '../calls/visits.js';
import { useActivityName } from '../items/item-facts.js';
import { Button } from '../parts/button.js';
import { Chip } from '../parts/chip.js';
import { onDemand } from '../routing/on-demand.js';
import { daysFrom, dayText, distanceText, instantText } from '../words/dates.js';
import { textOf } from '../words/dictionary.js';
import { useLanguage } from '../words/language.js';
import { useWords } from '../words/use-words.js';
import { useSaving } from '../acts/saving.js';
import { visitWords } from './visit-words.js';

const MoveDialog = onDemand(() => import('./move-dialog.js'));

/** The appointments of the patient, the latest day first. */
export function AppointmentList({
  patientId,
  mayCare,
}: {
  readonly patientId: string;
  readonly mayCare: boolean;
}) {
  const words = useWords(visitWords);
  const { data, error, refetch } = useQuery(patientAppointmentsQuery(patientId, useLanguage()));
  const [moving, setMoving] = useState<PatientAppointment>();
  return (
    <section>
      <div className="section-head">
        <h2>{words.appointments}</h2>
      </div>
      <Failure error={error} onRetry={() => void refetch()} />
      {data?.items.length === 0 && <p className="quiet">{words.noAppointments}</p>}
      <ul className="record-list">
        {data?.items.map((appointment) => (
          <AppointmentLine
            key={appointment.id}
            {...{ appointment, mayCare }}
            onMove={() => setMoving(appointment)}
          />
        ))}
      </ul>
      <Suspense>
        {moving && <MoveDialog appointment={moving} onClose={() => setMoving(undefined)} />}
      </Suspense>
    </section>
  );
}

function AppointmentLine({
  appointment,
  mayCare,
  onMove,
}: {
  readonly appointment: PatientAppointment;
  readonly mayCare: boolean;
  readonly onMove: () => void;
}) {
  const words = useWords(visitWords);
  const language = useLanguage();
  const nameOf = useActivityName();
  const today = useToday();
  const { timeZone } = useMe().hospital;
  const { id, patientId, date, outcome } = appointment;
  const { data } = useQuery(appointmentQuery(patientId, id, language));
  const isOpen = outcome === null;
  const { time, halfDay, place, room, reasonText, note, outcomeNote } = appointment;
  const when = time ?? (halfDay === null ? null : textOf(words.halfDays, halfDay));
  return (
    <li>
      <time className="record-day" dateTime={date}>
        {dayText(date, language)}
      </time>
      <span className="record-what">
        <strong>{data?.items.map(({ activity }) => nameOf(activity)).join(', ')}</strong>{' '}
        {[when, place, room, reasonText, note, outcomeNote].filter(Boolean).join(' · ')}{' '}
        {isOpen && <span className="quiet">{distanceText(daysFrom(today, date), language)}</span>}
      </span>
      {!isOpen && <Chip tone={toneOf(outcome)}>{textOf(words.outcomes, outcome)}</Chip>}
      {isOpen && appointment.attentionSince !== null && <Chip tone="warning">{words.attention}</Chip>}
      {isOpen && appointment.confirmedAt !== null && <Chip tone="done">{words.confirmed}</Chip>}
      {appointment.outsideWindow && <Chip>{words.outside}</Chip>}
      {appointment.moves > 0 && <Chip>{words.movedTimes(appointment.moves)}</Chip>}
      <span className="record-by quiet">
        {words.bookedBy(appointment.bookedBy, instantText(appointment.bookedAt, timeZone))}
      </span>
      {isOpen && mayCare && <Ends appointment={appointment} isDue={date <= today} onMove={onMove} />}
    </li>
  );
}

const toneOf = (outcome: string) =>
  outcome === 'attended' ? 'done' : outcome === 'not_attended' ? 'late' : 'plain';

/** How it ended; before its day it can only be cancelled or moved. */
function Ends({
  appointment: { id, etag, patientId, date },
  isDue,
  onMove,
}: {
  readonly appointment: PatientAppointment;
  readonly isDue: boolean;
  readonly onMove: () => void;
}) {
  const words = useWords(visitWords);
  const ending = useSaving(patientId, {
    send: (outcome: AppointmentEnd['outcome']) => endAppointment(id, { outcome }, { ifMatch: etag }),
    textOf: (_, outcome) => (outcome === 'attended' ? words.attendedNext : words.outcomes[outcome]),
  });
  const outcomes: readonly AppointmentEnd['outcome'][] = isDue
    ? ['attended', 'not_attended', 'cancelled_by_patient', 'cancelled_by_hospital']
    : ['cancelled_by_patient', 'cancelled_by_hospital'];
  return (
    <span className="record-acts">
      <Button aria-label={words.moveOf(date)} onClick={onMove}>
        {words.move}
      </Button>
      {outcomes.map((outcome) => (
        <Button key={outcome} busy={ending.isPending} onClick={() => ending.mutate(outcome)}>
          {words.outcomes[outcome]}
        </Button>
      ))}
      <Failure error={ending.error} />
    </span>
  );
}
