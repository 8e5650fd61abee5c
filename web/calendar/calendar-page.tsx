import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Suspense, useEffect, useRef, useState } from 'react';
import type { ActTarget } from '../acts/act.js';
import { appointmentsQuery } from '../calls/appointments.js';
import { calendarQuery, type DueItem } from '../calls/calendar.js';
import { Failure } from '../calls/failure.js';
import { useChanges } from '../calls/live-updates.js';
import { useMayCare, useToday } from '../calls/me.js';
import { Busy } from '../parts/busy.js';
import { onDemand } from '../routing/on-demand.js';
import { goTo, usePlace } from '../routing/place.js';
import { useLanguage } from '../words/language.js';
import { useWords } from '../words/use-words.js';
import { byTime } from './appointment-text.js';
import { addressOf, type CalendarAddress, readCalendarAddress } from './calendar-address.js';
import { CalendarBar } from './calendar-bar.js';
import { useCalendarCommands } from './calendar-commands.js';
import { calendarWords } from './calendar-words.js';
import { DayView } from './day-view.js';
import { MonthView } from './month-view.js';
import { MoveDialog } from './move-dialog.js';
import { type Moving, useMoving } from './moving.js';
import { mondayOf, rangeOf, shifted } from './ranges.js';
import { WeekView } from './week-view.js';
import './calendar-page.css';

const ForecastView = onDemand(() => import('./forecast-view.js'));
const VisitsDialog = onDemand(() => import('./visits-dialog.js'));
const LevelingDialog = onDemand(() => import('./leveling-dialog.js'));
const FeedsDialog = onDemand(() => import('./feeds-dialog.js'));
const PatientSearch = onDemand(() => import('./patient-search.js'));
const ActDialog = onDemand(() => import('../acts/act-dialog.js'));

/** What else is open before the calendar. */
type Open =
  | { readonly kind: 'feeds' | 'search' }
  | { readonly kind: 'level'; readonly week: string }
  | { readonly kind: 'book'; readonly target: ActTarget };

/** The load of the ward by month, week and day, and what is to come. */
export default function CalendarPage() {
  const words = useWords(calendarWords);
  const address = readCalendarAddress(usePlace().parameters);
  const today = useToday();
  const date = address.date ?? today;
  const { view } = address;
  const mayCare = useMayCare();
  const [open, setOpen] = useState<Open>();
  const [cursor, setCursor] = useState<string>();
  const moving = useMoving();
  useFreshCalendar();
  const shown = useShown(address, date);

  // The way back leads to other days and filters, not through each patient.
  const go = (change: Partial<CalendarAddress>): void =>
    goTo(addressOf({ ...address, ...change }), { replace: 'patient' in change });
  const shift = (by: 1 | -1): void => go({ date: shifted(view, date, by) });
  const showToday = (): void => go({ date: undefined });
  const arrange = (patientId: string): void => {
    moving.close();
    go({ patient: patientId });
  };
  const level = (week: string): void => setOpen({ kind: 'level', week });
  const levelShown = view === 'week' ? () => level(mondayOf(date)) : undefined;
  const subscribe = mayCare ? () => setOpen({ kind: 'feeds' }) : undefined;
  const search = (): void => setOpen({ kind: 'search' });
  useCalendarCommands({
    ...{ order: shown.appointments, cursor, setCursor, open: moving.open, shift, showToday },
    show: (wanted) => go({ view: wanted }),
    ...{ arrange: search, level: levelShown, subscribe },
  });

  return (
    <div className="calendar">
      <title>{`${words.views[view]} · ${words.title}`}</title>
      <CalendarBar
        {...{ address, date, go }}
        onShift={shift}
        onToday={showToday}
        onLevel={levelShown}
        onArrange={mayCare ? search : undefined}
        onFeeds={subscribe}
      />
      <div className="calendar-body" tabIndex={0} role="group" aria-label={words.views[view]}>
        {view === 'forecast' ? (
          <Suspense fallback={<Busy text={words.loading} />}>
            <ForecastView
              weeks={address.weeks}
              activity={address.activity}
              onWeeks={(weeks) => go({ weeks })}
            />
          </Suspense>
        ) : (
          <Days
            {...{ address, date, cursor, mayCare, shown, moving }}
            onLevel={level}
            onArrange={arrange}
            onBook={(item) => setOpen({ kind: 'book', target: targetOf(item) })}
          />
        )}
      </div>
      {moving.opened && (
        <MoveDialog
          key={moving.opened.appointment.id}
          opened={moving.opened}
          mayCare={mayCare}
          dayOf={(wanted) => shown.calendar?.days.find((day) => day.date === wanted)}
          onMoved={moving.onMoved}
          onArrange={arrange}
          onClose={moving.close}
        />
      )}
      <Dialogs
        {...{ open, mayCare }}
        patientId={address.patient}
        onArrange={arrange}
        onClose={() => setOpen(undefined)}
        onPatientClosed={() => go({ patient: undefined })}
      />
    </div>
  );
}

const targetOf = ({ patient, ...item }: DueItem): ActTarget => ({
  ...{ patientId: patient.id, name: patient.name, mrn: patient.mrn },
  nurseId: patient.nurse?.personId ?? null,
  items: [{ ...item, inList: true }],
});

/** The load and the appointments of the days in view. */
function useShown(address: CalendarAddress, date: string) {
  const language = useLanguage();
  const { view, activity, place } = address;
  const { from, to } = rangeOf(view, date);
  const isList = view === 'week' || view === 'day';
  const load = useQuery({
    ...calendarQuery(from, to, { activity, place }, language),
    enabled: view !== 'forecast',
  });
  const listed = useQuery({ ...appointmentsQuery(from, to, language), enabled: isList });
  const appointments = (isList ? (listed.data ?? []) : [])
    .filter(
      (one) =>
        (activity === undefined || one.items.some((item) => item.activity === activity)) &&
        (place === undefined || one.place === place),
    )
    .sort((a, b) => (a.date === b.date ? byTime(a, b) : a.date < b.date ? -1 : 1));
  return {
    calendar: load.data,
    appointments,
    isLoading: load.data === undefined || (isList && listed.data === undefined),
    error: load.error ?? listed.error,
    retry: () => void Promise.all([load.refetch(), isList && listed.refetch()]),
  };
}

interface DaysProps {
  readonly address: CalendarAddress;
  readonly date: string;
  readonly cursor: string | undefined;
  readonly mayCare: boolean;
  readonly shown: ReturnType<typeof useShown>;
  readonly moving: Moving;
  readonly onLevel: (week: string) => void;
  readonly onArrange: (patientId: string) => void;
  readonly onBook: (item: DueItem) => void;
}

function Days({ address, date, cursor, mayCare, shown, moving, onLevel, onArrange, onBook }: DaysProps) {
  const words = useWords(calendarWords);
  const { calendar, appointments, isLoading, error, retry } = shown;
  if (error) return <Failure error={error} onRetry={retry} />;
  if (isLoading || calendar === undefined) return <Busy text={words.loading} />;
  if (address.view === 'month') return <MonthView {...{ address, date, calendar, onLevel }} />;
  if (address.view === 'week')
    return <WeekView days={calendar.days} {...{ address, appointments, cursor, moving }} />;
  const [day] = calendar.days;
  if (day?.date !== date) return <Busy text={words.loading} />;
  return (
    <DayView
      activity={address.activity}
      {...{ day, appointments, cursor, mayCare, moving, onArrange, onBook }}
    />
  );
}

interface DialogsProps {
  readonly open: Open | undefined;
  readonly patientId: string | undefined;
  readonly mayCare: boolean;
  readonly onArrange: (patientId: string) => void;
  readonly onClose: () => void;
  readonly onPatientClosed: () => void;
}

function Dialogs({ open, patientId, mayCare, onArrange, onClose, onPatientClosed }: DialogsProps) {
  const queries = useQueryClient();
  const readAgain = (): void => void queries.invalidateQueries({ queryKey: ['calendar'] });
  return (
    <Suspense>
      {patientId !== undefined && (
        <VisitsDialog key={patientId} {...{ patientId, mayCare }} onClose={onPatientClosed} />
      )}
      {open?.kind === 'feeds' && <FeedsDialog {...{ mayCare, onClose }} />}
      {open?.kind === 'level' && <LevelingDialog week={open.week} {...{ mayCare, onClose }} />}
      {open?.kind === 'search' && (
        <PatientSearch
          onFound={(id) => {
            onClose();
            onArrange(id);
          }}
          onClose={onClose}
        />
      )}
      {open?.kind === 'book' && (
        <ActDialog
          kind="book"
          targets={[open.target]}
          onDone={readAgain}
          onUndone={readAgain}
          onClose={onClose}
        />
      )}
    </Suspense>
  );
}

/** Changes that come together are read once. */
const GATHERED_MS = 1500;

/** Reads the days in view again when other people have changed something. */
function useFreshCalendar(): void {
  const queries = useQueryClient();
  const gathering = useRef<ReturnType<typeof setTimeout>>(undefined);
  const readAgain = (): void => {
    clearTimeout(gathering.current);
    gathering.current = setTimeout(
      () => void queries.invalidateQueries({ queryKey: ['calendar'] }),
      GATHERED_MS,
    );
  };
  useChanges(({ kind }) => {
    if (kind !== 'presence') readAgain();
  }, readAgain);
  useEffect(() => () => clearTimeout(gathering.current), []);
}
