import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { ReasonField } from '../acts/reason-field.js';
import { book, moveAppointment } from '../calls/appointments.js';
import { type Visit, type Visits, visitsQuery } from '../calls/calendar.js';
import { Failure } from '../calls/failure.js';
import { newKey } from '../calls/http.js';
import { undoStep } from '../calls/items.js';
import { useToday } from '../calls/me.js';
import { patientQuery } from '../calls/patients.js';
import { Busy } from '../parts/busy.js';
import { Button } from '../parts/button.js';
import { Chip, type Tone } from '../parts/chip.js';
import { Dialog } from '../parts/dialog.js';
import { EmptyState } from '../parts/empty-state.js';
import { Notice } from '../parts/notice.js';
import { dayText, daysFrom, distanceText } from '../words/dates.js';
import { useLanguage } from '../words/language.js';
import { useWords } from '../words/use-words.js';
import { calendarWords } from './calendar-words.js';
import './visits-dialog.css';

/** A visit that was booked a moment ago. */
interface Accepted {
  readonly day: string;
  readonly undo: () => Promise<unknown>;
}

/** Which open items of a patient fit into one visit; accepting a visit books it. */
export default function VisitsDialog({
  patientId,
  mayCare,
  onClose,
}: {
  readonly patientId: string;
  readonly mayCare: boolean;
  readonly onClose: () => void;
}) {
  const words = useWords(calendarWords);
  const language = useLanguage();
  const [accepted, setAccepted] = useState<Accepted>();
  const patient = useQuery(patientQuery(patientId)).data;
  const { data, error, refetch } = useQuery(visitsQuery(patientId, language));
  const who = patient === undefined ? '' : `${patient.name ?? ''} ${patient.mrn}`;
  return (
    <Dialog title={words.visitsOf(who)} closeLabel={words.close} wide onClose={onClose}>
      <p className="quiet">{words.visitsHelp}</p>
      <Failure error={error} onRetry={() => void refetch()} />
      {data === undefined && !error && <Busy text={words.loading} />}
      {data?.visits.length === 0 && data.unplanned.length === 0 && <EmptyState title={words.noVisits} />}
      {accepted && <AcceptedNotice accepted={accepted} onUndone={() => setAccepted(undefined)} />}
      <ol className="visits">
        {data?.visits.map((visit) => (
          <VisitEntry
            key={visit.appointmentId ?? visit.date}
            {...{ patientId, visit, mayCare }}
            onAccepted={setAccepted}
          />
        ))}
      </ol>
      {data && <Unplanned items={data.unplanned} />}
    </Dialog>
  );
}

const TONES: Readonly<Record<Visit['items'][number]['placement'], Tone>> = {
  booked: 'done',
  in_window: 'plain',
  late: 'late',
  early: 'warning',
};

function VisitEntry({
  patientId,
  visit,
  mayCare,
  onAccepted,
}: {
  readonly patientId: string;
  readonly visit: Visit;
  readonly mayCare: boolean;
  readonly onAccepted: (accepted: Accepted) => void;
}) {
  const words = useWords(calendarWords);
  const language = useLanguage();
  const today = useToday();
  const accept = useAccept(patientId, visit, onAccepted);
  const [reason, setReason] = useState('');
  const { date, items, reasons, appointmentId } = visit;
  const early = items.find(({ placement }) => placement === 'early');
  const isProposal = items.some(({ placement }) => placement !== 'booked');
  return (
    <li className="visit">
      <p className="visit-head">
        <strong>{dayText(date, language)}</strong>
        <span className="quiet">{distanceText(daysFrom(today, date), language)}</span>
      </p>
      <ul>
        {items.map(({ itemId, title, due, placement }) => (
          <li key={itemId}>
            {title} <Chip tone={TONES[placement]}>{words.placements[placement]}</Chip>{' '}
            <span className="quiet small">{words.dueOn(dayText(due, language))}</span>
          </li>
        ))}
      </ul>
      {reasons.map(({ code, text }) => (
        <p key={code + text} className="quiet small">
          {text}
        </p>
      ))}
      {isProposal && mayCare && (
        <>
          {early && (
            <>
              <p className="small">{words.reasonForEarly}</p>
              <ReasonField step="book" item={{ id: early.itemId }} value={reason} onValue={setReason} />
            </>
          )}
          <Failure error={accept.error} />
          <Button
            kind="main"
            busy={accept.isPending}
            disabled={accept.isSuccess || (early !== undefined && reason === '')}
            onClick={() => accept.mutate(reason)}
          >
            {appointmentId === null ? words.accept : words.addToAppointment}
          </Button>
        </>
      )}
    </li>
  );
}

/** Books the visit, or adds its items to the appointment of that day. */
function useAccept(
  patientId: string,
  { date, items, appointmentId }: Visit,
  onAccepted: (accepted: Accepted) => void,
) {
  const language = useLanguage();
  const queries = useQueryClient();
  const itemIds = items.map(({ itemId }) => itemId);
  const added = items.find(({ placement }) => placement !== 'booked')?.itemId ?? '';
  const readAgain = (): void => {
    for (const queryKey of [['calendar'], ['patient', patientId], ['item'], ['lists']])
      void queries.invalidateQueries({ queryKey });
  };
  return useMutation({
    mutationFn: (reason: string): Promise<unknown> => {
      const idempotencyKey = newKey();
      const why = reason === '' ? {} : { reason };
      return appointmentId === null
        ? book({ patientId, itemIds, date, ...why }, { idempotencyKey })
        : moveAppointment(appointmentId, { itemIds, ...why }, { idempotencyKey });
    },
    onSuccess: () => {
      readAgain();
      onAccepted({ day: dayText(date, language), undo: () => undoStep(added).finally(readAgain) });
    },
  });
}

/** What was just booked, and the way back; the dialog stays open for the other visits. */
function AcceptedNotice({
  accepted: { day, undo },
  onUndone,
}: {
  readonly accepted: Accepted;
  readonly onUndone: () => void;
}) {
  const words = useWords(calendarWords);
  const undoing = useMutation({ mutationFn: undo, onSuccess: onUndone });
  return (
    <Notice tone="done" title={words.accepted(day)}>
      <Failure error={undoing.error} />
      <Button busy={undoing.isPending} onClick={() => undoing.mutate()}>
        {words.undo}
      </Button>
    </Notice>
  );
}

/** Items for which no day is possible, and why. */
function Unplanned({ items }: { readonly items: Visits['unplanned'] }) {
  const words = useWords(calendarWords);
  if (items.length === 0) return null;
  return (
    <section className="visit">
      <h3>{words.unplanned}</h3>
      <ul>
        {items.map(({ itemId, title, reason }) => (
          <li key={itemId}>
            {title} <span className="quiet">{reason.text}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
