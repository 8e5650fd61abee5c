import { useQuery } from '@tanstack/react-query';
import type { Appointment } from '../calls/appointments.js';
import { type CalendarDay, type DueItem, dueItemsQuery } from '../calls/calendar.js';
import { Failure } from '../calls/failure.js';
import { useMe } from '../calls/me.js';
import { UrgencyChip, useActivityName } from '../items/item-facts.js';
import { Busy } from '../parts/busy.js';
import { Button } from '../parts/button.js';
import { Chip } from '../parts/chip.js';
import { EmptyState } from '../parts/empty-state.js';
import { dayText } from '../words/dates.js';
import { useLanguage } from '../words/language.js';
import { useWords } from '../words/use-words.js';
import { useTimeText } from './appointment-text.js';
import { calendarWords } from './calendar-words.js';
import { LoadMark } from './load-mark.js';
import { SpecialDay } from './month-view.js';
import type { Moving } from './moving.js';
import { OutcomeButtons } from './outcome-buttons.js';
import './day-view.css';

interface DayViewProps {
  readonly day: CalendarDay;
  readonly activity: string | undefined;
  readonly appointments: readonly Appointment[];
  readonly cursor: string | undefined;
  readonly mayCare: boolean;
  readonly moving: Moving;
  readonly onArrange: (patientId: string) => void;
  readonly onBook: (item: DueItem) => void;
}

/** One day: the list of those who come, which is also printed, and what is due without an appointment. */
export function DayView(props: DayViewProps) {
  const words = useWords(calendarWords);
  const { day, appointments, activity, mayCare, onArrange, onBook } = props;
  const { hospital, name } = useMe();
  return (
    <div className="day">
      <section className="day-booked">
        <p className="print-head">
          {hospital.name} · {words.title} · {dayText(day.date, useLanguage())} · {name}
        </p>
        <h2>
          {words.appointmentsOf(appointments.length)} <SpecialDay day={day} />
        </h2>
        <LoadMark day={day} />
        {appointments.length === 0 ? (
          <EmptyState title={words.noAppointments}>{words.noAppointmentsHelp}</EmptyState>
        ) : (
          <AppointmentTable {...props} />
        )}
      </section>
      <DueItems {...{ activity, mayCare, onArrange, onBook }} day={day.date} />
    </div>
  );
}

function AppointmentTable({ appointments, cursor, mayCare, moving, onArrange }: DayViewProps) {
  const words = useWords(calendarWords);
  const columns = [words.time, words.patient, words.items, words.place, words.note];
  return (
    <table className="day-table">
      <thead>
        <tr>
          {columns.map((column) => (
            <th key={column} scope="col">
              {column}
            </th>
          ))}
          <th scope="col" className="only-printed">
            {words.came}
          </th>
          {mayCare && (
            <th scope="col" className="not-printed">
              <span className="spoken">{words.acting}</span>
            </th>
          )}
        </tr>
      </thead>
      <tbody>
        {appointments.map((appointment) => (
          <AppointmentRow
            key={appointment.id}
            appointment={appointment}
            isCursor={appointment.id === cursor}
            mayCare={mayCare}
            onOpen={() => moving.open(appointment)}
            onArrange={() => onArrange(appointment.patientId)}
          />
        ))}
      </tbody>
    </table>
  );
}

function AppointmentRow({
  appointment,
  isCursor,
  mayCare,
  onOpen,
  onArrange,
}: {
  readonly appointment: Appointment;
  readonly isCursor: boolean;
  readonly mayCare: boolean;
  readonly onOpen: () => void;
  readonly onArrange: () => void;
}) {
  const words = useWords(calendarWords);
  const nameOf = useActivityName();
  const timeText = useTimeText();
  const { id, patient, items, place, room, note, outsideWindow, attentionSince } = appointment;
  return (
    <tr className={isCursor ? 'is-cursor' : undefined}>
      <td className="day-time">{timeText(appointment)}</td>
      <th scope="row">
        <button type="button" id={`card-${id}`} className="day-open" onClick={onOpen}>
          {patient.name ?? words.noName}
        </button>{' '}
        <span className="quiet">
          {patient.mrn} {patient.department}
        </span>
      </th>
      <td>
        {items.map(({ activity }) => nameOf(activity)).join(' · ')}{' '}
        {attentionSince !== null && <Chip tone="late">{words.check}</Chip>}{' '}
        {outsideWindow && <Chip tone="warning">{words.outside}</Chip>}
      </td>
      <td>{[place, room].filter((part) => part !== null).join(' ')}</td>
      <td>{note}</td>
      <td className="only-printed day-tick" />
      {mayCare && (
        <td className="not-printed day-acts">
          <OutcomeButtons appointment={appointment} isShort />
          <Button kind="quiet" onClick={onArrange}>
            {words.visits}
          </Button>
        </td>
      )}
    </tr>
  );
}

const HANDLED: readonly (string | null)[] = ['booked', 'attended', 'declined', 'contraindicated', 'deferred'];

/** Items that are due on the day and have no appointment. */
function DueItems({
  day,
  activity,
  mayCare,
  onArrange,
  onBook,
}: { readonly day: string } & Pick<DayViewProps, 'activity' | 'mayCare' | 'onArrange' | 'onBook'>) {
  const words = useWords(calendarWords);
  const nameOf = useActivityName();
  const { data, error, refetch } = useQuery(dueItemsQuery(day, activity));
  if (error) return <Failure error={error} onRetry={() => void refetch()} />;
  if (data === undefined) return <Busy text={words.loading} />;
  const items = data.items.filter(({ step }) => !HANDLED.includes(step));
  return (
    <section className="day-due not-printed">
      <h2>{words.dueOf(items.length)}</h2>
      {items.length === 0 && <p className="quiet">{words.noDue}</p>}
      <ul>
        {items.map((item) => (
          <li key={item.id}>
            <p className="day-due-head">
              <strong>{item.patient.name ?? item.patient.mrn}</strong>
              <span>{nameOf(item.activity)}</span>
              <UrgencyChip item={item} />
            </p>
            {mayCare && (
              <p className="day-due-acts">
                <Button onClick={() => onBook(item)}>{words.book}</Button>
                <Button kind="quiet" onClick={() => onArrange(item.patient.id)}>
                  {words.visits}
                </Button>
              </p>
            )}
          </li>
        ))}
      </ul>
      {data.nextCursor !== null && <p className="quiet small">{words.mostDue(data.items.length)}</p>}
    </section>
  );
}
