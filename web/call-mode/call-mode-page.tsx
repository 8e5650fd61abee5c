import { useQueryClient } from '@tanstack/react-query';
import { type ReactNode, type RefObject, Suspense, useEffect, useRef, useState } from 'react';
import { ACT_KEYS, type ActKind, type ActTarget } from '../acts/act.js';
import { actWords } from '../acts/act-name-words.js';
import type { CallCard, CallNumber } from '../calls/call-mode.js';
import { Failure } from '../calls/failure.js';
import type { ListQuery } from '../calls/lists.js';
import { usePresence } from '../calls/presence.js';
import { listWords } from '../items/list-words.js';
import { DayField } from '../items/day-field.js';
import { Busy } from '../parts/busy.js';
import { Button } from '../parts/button.js';
import { Notice } from '../parts/notice.js';
import { TextArea } from '../parts/field.js';
import { onDemand } from '../routing/on-demand.js';
import { goTo, usePlace } from '../routing/place.js';
import { useWords } from '../words/use-words.js';
import { CallCardView } from './call-card.js';
import { ACTS_OF_CALL, useCallCommands } from './call-commands.js';
import { CallFacts } from './call-facts.js';
import { callModeWords } from './call-mode-words.js';
import { type CallSession, useCallSession } from './call-session.js';
import { CallSummary } from './call-summary.js';
import { tallyOf, withResult } from './call-trail.js';
import { callsAddress, readCallsAddress } from './calls-address.js';
import { OutcomeBar } from './outcome-bar.js';
import type { CallOutcome } from './outcomes.js';
import { type Recording, useRecording } from './recording.js';
import './call-mode-page.css';

const ActDialog = onDemand(() => import('../acts/act-dialog.js'));

/** One patient of a list after the other, with everything that a call needs. */
export default function CallModePage() {
  const address = readCallsAddress(usePlace().parameters);
  return <Session key={JSON.stringify(address)} {...address} />;
}

function Session({ query, first }: { readonly query: ListQuery; readonly first: string | undefined }) {
  const words = useWords(callModeWords);
  const session = useCallSession(query, first);
  const recording = useRecording(session);
  const { trail, current, card, error, hasEnded } = session;
  if (hasEnded)
    return (
      <CallSummary
        {...{ trail, query }}
        isListOver={current === undefined}
        onSkipped={session.beginAgain}
        onTakeBack={recording.takeBack}
      />
    );
  return (
    <div className="call-mode">
      <title>{words.title}</title>
      <SessionHead session={session} list={query.list} />
      {error !== null && error !== undefined && (
        <>
          <Failure error={error} onRetry={session.retry} />
          <p className="call-mode-refused">
            {current !== undefined && <Button onClick={session.next}>{words.skip}</Button>}
            {first !== undefined && (
              <Button onClick={() => goTo(callsAddress(query), { replace: true })}>{words.notFirst}</Button>
            )}
          </p>
        </>
      )}
      {!card && !error && <Busy text={words.loading} />}
      {card && <OneCall key={card.patient.id} {...{ card, session, recording }} />}
    </div>
  );
}

function SessionHead({ session, list }: { readonly session: CallSession; readonly list: ListQuery['list'] }) {
  const words = useWords(callModeWords);
  const lists = useWords(listWords);
  const { called, reached, skipped } = tallyOf(session.trail);
  return (
    <div className="call-session">
      <span>{lists[list]}</span>
      <span className="quiet">{words.progress(called, reached, skipped)}</span>
      <Button hint="q" onClick={session.end}>
        {words.finish}
      </Button>
    </div>
  );
}

const NOT_YET_MS = 600;

/** After a patient has appeared, a second press that was meant for the one before must not count for this one. */
function useReady(): boolean {
  const [isReady, setIsReady] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setIsReady(true), NOT_YET_MS);
    return () => clearTimeout(timer);
  }, []);
  return isReady;
}

function OneCall({
  card,
  session,
  recording,
}: {
  readonly card: CallCard;
  readonly session: CallSession;
  readonly recording: Recording;
}) {
  const [chosen, setChosen] = useState<string>();
  const [stay, setStay] = useState(false);
  const [act, setAct] = useState<ActKind>();
  const isReady = useReady();
  const noteRef = useRef<HTMLDivElement>(null);
  const queries = useQueryClient();
  const { id } = card.patient;
  usePresence(id, true);
  const number = card.numbers.find((one) => one.number === chosen) ?? card.numbers[0];
  const result = session.current?.result;
  const hasResult = result?.kind === 'recorded' && result.isOpen !== true;
  const canStay = card.numbers.length > 1;

  const onOutcome = (outcome: CallOutcome): void => {
    if (hasResult || !isReady) return;
    recording.record(outcome, number, stay && canStay && outcome !== 'reached');
  };
  const skip = (): void => {
    if (result?.kind !== 'recorded') session.change((now) => withResult(now, id, { kind: 'skipped' }));
    session.next();
  };
  const readAgain = (): void => {
    session.refresh(id);
    void queries.invalidateQueries({ queryKey: ['calendar'] });
  };
  useCallCommands({
    ...{ onOutcome, onAct: setAct, skip, back: session.back, finish: session.end },
    writeNote: () => noteRef.current?.querySelector('textarea')?.focus(),
    dial: () => {
      if (number) location.assign(`tel:${number.number}`);
    },
    chooseNumber: () => setChosen(after(card.numbers, number)?.number),
    toggleStay: () => setStay(!stay),
  });

  return (
    <>
      <div className="call-body">
        <div className="call-main">
          <ResultBefore {...{ session, recording }} />
          <CallCardView {...{ card, number }} onNumber={(one) => setChosen(one.number)} />
          <CallNotesFields recording={recording} noteRef={noteRef}>
            {canStay && (
              <label className="call-stay">
                <input type="checkbox" checked={stay} onChange={() => setStay(!stay)} />
                <StayText />
              </label>
            )}
          </CallNotesFields>
        </div>
        <div className="call-side">
          <CallActs onAct={setAct} />
          <CallFacts card={card} />
        </div>
      </div>
      <OutcomeBar
        {...{ card, number, hasResult, onOutcome }}
        nextActionOn={recording.notes.nextActionOn}
        isDisabled={!isReady || recording.isSending || hasResult}
        isFirst={session.trail.at === 0}
        onSkip={skip}
        onBack={session.back}
      />
      <Suspense>
        {act && (
          <ActDialog
            kind={act}
            targets={[targetOf(card)]}
            onDone={readAgain}
            onUndone={readAgain}
            onClose={() => setAct(undefined)}
          />
        )}
      </Suspense>
    </>
  );
}

const after = (numbers: readonly CallNumber[], number: CallNumber | undefined): CallNumber | undefined =>
  numbers[(numbers.findIndex((one) => one === number) + 1) % numbers.length];

/** Items with an appointment are not proposed again. */
const targetOf = ({ patient: { id, name, mrn }, items }: CallCard): ActTarget => ({
  ...{ patientId: id, name, mrn, nurseId: null },
  items: items
    .filter(({ step }) => step !== 'booked')
    .map((item) => ({ ...item, inList: item.step === null || item.step === 'not_attended' })),
});

function StayText() {
  return <span>{useWords(callModeWords).stay}</span>;
}

function CallActs({ onAct }: { readonly onAct: (kind: ActKind) => void }) {
  const acts = useWords(actWords);
  return (
    <div className="call-acts">
      {ACTS_OF_CALL.map((kind) => (
        <Button key={kind} hint={ACT_KEYS[kind]} onClick={() => onAct(kind)}>
          {acts[kind]}
        </Button>
      ))}
    </div>
  );
}

function CallNotesFields({
  recording: { notes, setNotes, error },
  noteRef,
  children,
}: {
  readonly recording: Recording;
  readonly noteRef: RefObject<HTMLDivElement | null>;
  readonly children: ReactNode;
}) {
  const words = useWords(callModeWords);
  return (
    <div className="fields call-notes" ref={noteRef}>
      {error !== undefined && <Notice tone="late" title={words.notSaved} />}
      <Failure error={error} />
      <TextArea
        label={words.note}
        help={words.noteHelp}
        maxLength={2000}
        value={notes.note}
        onValue={(note) => setNotes({ ...notes, note })}
      />
      <DayField
        label={words.next}
        value={notes.nextActionOn}
        shortcuts={[1, 3, 7]}
        onValue={(nextActionOn) => setNotes({ ...notes, nextActionOn })}
      />
      {children}
    </div>
  );
}

/** The reader came back to a patient: what was recorded, and how to take it back. */
function ResultBefore({
  session: { current },
  recording,
}: {
  readonly session: CallSession;
  readonly recording: Recording;
}) {
  const words = useWords(callModeWords);
  const result = current?.result;
  if (current === undefined || result === undefined) return null;
  if (result.kind === 'skipped') return <Notice title={words.skippedBefore} />;
  return (
    <Notice tone="done" title={words.recordedBefore(result.text)}>
      <p>
        <Button onClick={() => recording.takeBack(current.patientId, result.contactId)}>
          {words.takeBack}
        </Button>
      </p>
    </Notice>
  );
}
