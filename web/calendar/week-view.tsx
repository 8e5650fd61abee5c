import { type DragEvent, type ReactNode, useState } from 'react';
import type { Appointment } from '../calls/appointments.js';
import type { CalendarDay } from '../calls/calendar.js';
import { useToday } from '../calls/me.js';
import { Link } from '../routing/link.js';
import { dayText } from '../words/dates.js';
import { useLanguage } from '../words/language.js';
import { useWords } from '../words/use-words.js';
import { AppointmentCard } from './appointment-card.js';
import { isInWindows } from './appointment-text.js';
import { addressOf, type CalendarAddress } from './calendar-address.js';
import { calendarWords } from './calendar-words.js';
import { LoadMark } from './load-mark.js';
import { SpecialDay } from './month-view.js';
import type { Moving } from './moving.js';
import './week-view.css';

interface WeekViewProps {
  readonly address: CalendarAddress;
  readonly days: readonly CalendarDay[];
  readonly appointments: readonly Appointment[];
  readonly cursor: string | undefined;
  readonly moving: Moving;
}

/** The appointments of a week, one column for each day. A card can be dragged to another day. */
export function WeekView({ address, days, appointments, cursor, moving }: WeekViewProps) {
  const words = useWords(calendarWords);
  const [dragged, setDragged] = useState<Appointment>();
  return (
    <>
      <div className="week">
        {days.map((day) => (
          <WeekDay key={day.date} {...{ address, day, dragged }} onDrop={moving.dropOn}>
            {appointments
              .filter(({ date }) => date === day.date)
              .map((appointment) => (
                <AppointmentCard
                  key={appointment.id}
                  appointment={appointment}
                  isCursor={appointment.id === cursor}
                  onOpen={() => moving.open(appointment)}
                  onDrag={setDragged}
                />
              ))}
          </WeekDay>
        ))}
      </div>
      <p className="quiet small week-help not-printed">{words.dragHelp}</p>
    </>
  );
}

function WeekDay({
  address,
  day,
  dragged,
  onDrop,
  children,
}: {
  readonly address: CalendarAddress;
  readonly day: CalendarDay;
  readonly dragged: Appointment | undefined;
  readonly onDrop: Moving['dropOn'];
  readonly children: readonly ReactNode[];
}) {
  const words = useWords(calendarWords);
  const language = useLanguage();
  const today = useToday();
  const [isOver, setIsOver] = useState(false);
  const canDrop = dragged !== undefined && dragged.date !== day.date && day.date >= today;
  const isOutside = canDrop && !isInWindows(dragged.items, day.date);
  const drop = (event: DragEvent): void => {
    event.preventDefault();
    setIsOver(false);
    if (canDrop) onDrop(dragged, day.date);
  };
  const classes = [
    'week-day',
    !day.isWorkingDay && 'is-off',
    day.date === today && 'is-today',
    canDrop && 'is-target',
    canDrop && isOver && 'is-over',
  ];
  return (
    <section
      className={classes.filter(Boolean).join(' ')}
      aria-label={dayText(day.date, language)}
      data-drop={day.date}
      onDragOver={(event) => {
        if (!canDrop) return;
        event.preventDefault();
        setIsOver(true);
      }}
      onDragLeave={() => setIsOver(false)}
      onDrop={drop}
    >
      <header className="week-head">
        <h2>
          <Link to={addressOf({ ...address, view: 'day', date: day.date })}>
            {dayText(day.date, language)}
          </Link>
        </h2>
        <SpecialDay day={day} />
        <LoadMark day={day} />
      </header>
      {isOutside && <p className="week-outside">{words.outside}</p>}
      {children}
    </section>
  );
}
