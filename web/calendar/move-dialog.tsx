import { useMutation } from '@tanstack/react-query';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { ActForm } from '../acts/act-form.js';
import { ReasonField } from '../acts/reason-field.js';
import {
  type Appointment,
  type AppointmentAnswer,
  moveAppointment,
  type MoveRequest,
} from '../calls/appointments.js';
import type { CalendarDay } from '../calls/calendar.js';
import { newKey } from '../calls/http.js';
import { useMe } from '../calls/me.js';
import { errorOf, isRefused, type Problem } from '../calls/problem.js';
import { DayField } from '../items/day-field.js';
import { useActivityName } from '../items/item-facts.js';
import { Button } from '../parts/button.js';
import { Choices } from '../parts/choices.js';
import { Dialog } from '../parts/dialog.js';
import { TextField } from '../parts/field.js';
import { Notice } from '../parts/notice.js';
import { dayText, instantText } from '../words/dates.js';
import { useLanguage } from '../words/language.js';
import { useWords } from '../words/use-words.js';
import { isInWindows, windowText } from './appointment-text.js';
import { calendarWords } from './calendar-words.js';
import { changesOf, type Draft, draftOf, rebased } from './draft.js';
import { loadState } from './load-state.js';
import type { OpenedAppointment } from './moving.js';
import { OutcomeButtons } from './outcome-buttons.js';
import './move-dialog.css';

/** One appointment with its items and windows; its day, time and place can be changed. */
export function MoveDialog({
  opened,
  mayCare,
  dayOf,
  onMoved,
  onArrange,
  onClose,
}: {
  readonly opened: OpenedAppointment;
  readonly mayCare: boolean;
  /** The load of a day of this view. */
  readonly dayOf: (date: string) => CalendarDay | undefined;
  readonly onMoved: (answer: AppointmentAnswer, before: Appointment) => void;
  readonly onArrange: (patientId: string) => void;
  readonly onClose: () => void;
}) {
  const words = useWords(calendarWords);
  const [appointment, setAppointment] = useState(opened.appointment);
  const { patient, patientId } = appointment;
  return (
    <Dialog
      title={`${words.move} · ${patient.name ?? ''} ${patient.mrn}`}
      closeLabel={words.close}
      onClose={onClose}
    >
      <AppointmentFacts appointment={appointment} onArrange={() => onArrange(patientId)} />
      {mayCare && (
        <div className="move-ends" role="group" aria-label={words.ending}>
          <OutcomeButtons appointment={appointment} onEnded={onClose} />
        </div>
      )}
      {mayCare && (
        <MoveForm
          {...{ appointment, dayOf }}
          date={opened.date ?? appointment.date}
          error={opened.error}
          onNewer={setAppointment}
          onMoved={(answer) => {
            onClose();
            onMoved(answer, appointment);
          }}
        />
      )}
    </Dialog>
  );
}

function AppointmentFacts({
  appointment,
  onArrange,
}: {
  readonly appointment: Appointment;
  readonly onArrange: () => void;
}) {
  const words = useWords(calendarWords);
  const nameOf = useActivityName();
  const { timeZone } = useMe().hospital;
  const { items, bookedBy, bookedAt, moves, reasonText } = appointment;
  return (
    <div className="move-facts">
      <ul>
        {items.map((item) => (
          <li key={item.id}>
            <strong>{nameOf(item.activity)}</strong>{' '}
            <span className="quiet">
              {words.window} {windowText(item)}
            </span>
          </li>
        ))}
      </ul>
      <p className="quiet small">
        {words.bookedBy(bookedBy, instantText(bookedAt, timeZone))}
        {moves > 0 && ` · ${words.movedTimes(moves)}`}
        {reasonText !== null && ` · ${reasonText}`}
        <Button kind="quiet" onClick={onArrange}>
          {words.visits}
        </Button>
      </p>
    </div>
  );
}

function MoveForm({
  appointment,
  date,
  error: refusal,
  dayOf,
  onNewer,
  onMoved,
}: {
  readonly appointment: Appointment;
  readonly date: string;
  readonly error: Error | undefined;
  readonly dayOf: (date: string) => CalendarDay | undefined;
  readonly onNewer: (appointment: Appointment) => void;
  readonly onMoved: (answer: AppointmentAnswer) => void;
}) {
  const words = useWords(calendarWords);
  const [draft, setDraft] = useState<Draft>(() => ({ ...draftOf(appointment), date }));
  const [reason, setReason] = useState('');
  const send = useMutation({
    mutationFn: (move: MoveRequest) =>
      moveAppointment(appointment.id, move, { ifMatch: appointment.etag, idempotencyKey: newKey() }),
    onSuccess: onMoved,
  });
  const [isAnswered, setIsAnswered] = useState(false);
  const error = send.isIdle && !isAnswered ? refusal : send.error;
  const isMendable = isRefused(error, 'changed-meanwhile') || isRefused(error, 'outside-window');
  const put = (change: Partial<Draft>): void => setDraft({ ...draft, ...change });
  /** What was refused is no longer what will be sent. */
  const forgetRefusal = (): void => {
    setReason('');
    setIsAnswered(true);
    send.reset();
  };
  return (
    <ActForm
      submitText={words.save}
      error={isMendable ? null : error}
      isSending={send.isPending}
      onSubmit={() => send.mutate({ ...changesOf(appointment, draft), ...(reason !== '' && { reason }) })}
    >
      {isRefused(error, 'changed-meanwhile') && (
        <Newer
          problem={error.problem}
          onTake={(newest) => {
            const now = { ...appointment, ...newest };
            setDraft(rebased(draft, appointment, now));
            onNewer(now);
            forgetRefusal();
          }}
        />
      )}
      <DayField
        label={words.date}
        value={draft.date}
        error={errorOf(error, 'date')}
        shortcuts={[1, 7, 14]}
        required
        autoFocus
        onValue={(day) => {
          put({ date: day });
          forgetRefusal();
        }}
      />
      {isRefused(error, 'outside-window') ? (
        <Consequence problem={error.problem}>
          <ReasonField step="move" item={appointment.items[0]} value={reason} onValue={setReason} />
        </Consequence>
      ) : (
        <DayWarnings {...{ appointment, dayOf }} date={draft.date} />
      )}
      <DraftFields {...{ draft, put, error }} />
    </ActForm>
  );
}

function DraftFields({
  draft,
  put,
  error,
}: {
  readonly draft: Draft;
  readonly put: (change: Partial<Draft>) => void;
  readonly error: unknown;
}) {
  const words = useWords(calendarWords);
  return (
    <>
      <Choices
        label={words.timeOfDay}
        options={[
          { value: 'open', text: words.anyTime },
          { value: 'morning', text: words.morning },
          { value: 'afternoon', text: words.afternoon },
          { value: 'exact', text: words.exact },
        ]}
        value={draft.when}
        onValue={(when) => put({ when: when as Draft['when'] })}
      />
      {draft.when === 'exact' && (
        <TextField
          label={words.exact}
          type="time"
          required
          value={draft.time}
          error={errorOf(error, 'time')}
          onValue={(time) => put({ time })}
        />
      )}
      <div className="fields-row">
        <TextField
          label={words.place}
          maxLength={100}
          value={draft.place}
          error={errorOf(error, 'place')}
          onValue={(place) => put({ place })}
        />
        <TextField
          label={words.note}
          maxLength={1000}
          value={draft.note}
          error={errorOf(error, 'note')}
          onValue={(note) => put({ note })}
        />
      </div>
    </>
  );
}

/** Another person has changed the appointment: what it is now, and how to continue with what was typed. */
function Newer({
  problem,
  onTake,
}: {
  readonly problem: Problem;
  readonly onTake: (newest: Partial<Appointment>) => void;
}) {
  const words = useWords(calendarWords);
  const language = useLanguage();
  const newest = problem.appointment as Partial<Appointment> | undefined;
  return (
    <Notice tone="late" title={problem.title}>
      {newest?.date !== undefined && (
        <p>{words.newer(newest.changedBy ?? '', dayText(newest.date, language))}</p>
      )}
      {newest && <Button onClick={() => onTake(newest)}>{words.takeNewer}</Button>}
    </Notice>
  );
}

interface OutsideItem {
  readonly itemId: string;
  readonly activity: string;
  readonly consequence: string;
}

/** What the day means for items outside whose window it lies, and the question for the reason. */
function Consequence({ problem, children }: { readonly problem: Problem; readonly children: ReactNode }) {
  const words = useWords(calendarWords);
  const nameOf = useActivityName();
  const ref = useRef<HTMLDivElement>(null);
  useEffect(() => ref.current?.querySelector('select')?.focus(), []);
  const items = (problem.items ?? []) as readonly OutsideItem[];
  return (
    <div className="fields" ref={ref}>
      <Notice tone="late" title={words.chooseWhy}>
        <ul>
          {items.map(({ itemId, activity, consequence }) => (
            <li key={itemId}>
              <strong>{nameOf(activity)}</strong> {consequence}
            </li>
          ))}
        </ul>
      </Notice>
      {children}
    </div>
  );
}

/** What the reader should know of the chosen day before saving. */
function DayWarnings({
  appointment,
  date,
  dayOf,
}: {
  readonly appointment: Appointment;
  readonly date: string;
  readonly dayOf: (date: string) => CalendarDay | undefined;
}) {
  const words = useWords(calendarWords);
  const nameOf = useActivityName();
  const day = dayOf(date);
  const state = day && loadState(day);
  const outside = date === '' ? [] : appointment.items.filter((item) => !isInWindows([item], date));
  if (date === appointment.date) return null;
  return (
    <>
      {state === 'off' && <Notice tone="warning" title={words.offDay} />}
      {(state === 'full' || state === 'over') && <Notice tone="warning" title={words.fullDay} />}
      {outside.length > 0 && (
        <Notice
          tone="warning"
          title={words.outsideOf(outside.map(({ activity }) => nameOf(activity)).join(' · '))}
        >
          <p>{words.reasonNeeded}</p>
        </Notice>
      )}
    </>
  );
}
