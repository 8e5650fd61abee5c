import { useMutation } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { actDialogWords } from '../acts/act-words.js';
import type { CallCard, CallNumber } from '../calls/call-mode.js';
import { newKey } from '../calls/http.js';
import { type Attempt, recordContact, voidContact } from '../calls/patients.js';
import { hasChangedNothing } from '../calls/problem.js';
import { useToasts } from '../parts/toasts.js';
import { dayText } from '../words/dates.js';
import { useLanguage } from '../words/language.js';
import { useWords } from '../words/use-words.js';
import { callModeWords } from './call-mode-words.js';
import type { CallSession } from './call-session.js';
import { withResult } from './call-trail.js';
import { attemptOf, type CallNotes, type CallOutcome, isReached } from './outcomes.js';

const NO_NOTES: CallNotes = { note: '', nextActionOn: '' };

export interface Recording {
  readonly notes: CallNotes;
  readonly setNotes: (notes: CallNotes) => void;
  /** Why the attempt of the patient who is shown was not recorded. */
  readonly error: unknown;
  readonly isSending: boolean;
  /** `stay`: with the same patient, for another number. */
  readonly record: (outcome: CallOutcome, number: CallNumber | undefined, stay: boolean) => void;
  readonly takeBack: (patientId: string, contactId: string) => void;
}

/**
 * Records calls. The next patient is shown at once; a call that the server did not take comes back with its note. What is
 * typed stays in the memory of the page, also while it is locked.
 */
export function useRecording(session: CallSession): Recording {
  const textOf = useOutcomeText();
  const showRecorded = useRecordedToast();
  const takeBack = useTakeBack(session);
  const send = useSending();
  const [notes, putNotes] = useNotes();
  const [failed, setFailed] = useState<{ readonly patientId: string; readonly error: unknown }>();
  const [sending, setSending] = useState<readonly string[]>([]);
  const { current, card, change } = session;
  const id = current?.patientId ?? '';

  const recordNow = async (
    called: CallCard,
    outcome: CallOutcome,
    number: CallNumber | undefined,
    isOpen: boolean,
  ): Promise<void> => {
    const patientId = called.patient.id;
    const typed = notes(patientId);
    const { id: contactId, state } = await send(patientId, attemptOf(outcome, number, typed));
    const text = textOf(outcome);
    const result = { kind: 'recorded', contactId, text, isReached: isReached(outcome), isOpen } as const;
    change((now) => withResult(now, patientId, result));
    putNotes(patientId, NO_NOTES);
    showRecorded(called, text, state, () => {
      putNotes(patientId, typed);
      takeBack(patientId, contactId);
    });
  };
  const record: Recording['record'] = (outcome, number, stay) => {
    if (!card || sending.includes(id)) return;
    setFailed(undefined);
    setSending((all) => [...all, id]);
    const recorded = recordNow(card, outcome, number, stay);
    if (!stay) session.next();
    recorded
      .then(() => {
        if (stay) session.refresh(id); // without the number that was dialled
      })
      .catch((error: unknown) => {
        setFailed({ patientId: id, error });
        session.returnTo(id);
      })
      .finally(() => setSending((all) => all.filter((one) => one !== id)));
  };
  return {
    notes: notes(id),
    setNotes: (put) => putNotes(id, put),
    error: failed?.patientId === id ? failed.error : undefined,
    isSending: sending.includes(id),
    ...{ record, takeBack },
  };
}

/** What was typed about each patient of the session. */
function useNotes(): readonly [
  (patientId: string) => CallNotes,
  (patientId: string, notes: CallNotes) => void,
] {
  const [notes, setNotes] = useState<ReadonlyMap<string, CallNotes>>(new Map());
  return [
    (patientId) => notes.get(patientId) ?? NO_NOTES,
    (patientId, put) => setNotes((all) => new Map(all).set(patientId, put)),
  ];
}

/** Sends an attempt. Sent again after a lost answer, the same one is recorded once. */
function useSending() {
  const keys = useRef(new Map<string, string>());
  const { mutateAsync } = useMutation({
    mutationFn: ({ patientId, attempt, idempotencyKey }: AttemptToSend) =>
      recordContact(patientId, attempt, { idempotencyKey }),
  });
  return async (patientId: string, attempt: Attempt): ReturnType<typeof recordContact> => {
    const content = JSON.stringify([patientId, attempt]);
    const idempotencyKey = keys.current.get(content) ?? newKey();
    keys.current.set(content, idempotencyKey);
    try {
      const recorded = await mutateAsync({ patientId, attempt, idempotencyKey });
      keys.current.delete(content);
      return recorded;
    } catch (error) {
      if (hasChangedNothing(error)) keys.current.delete(content);
      throw error;
    }
  };
}

interface AttemptToSend {
  readonly patientId: string;
  readonly attempt: Attempt;
  readonly idempotencyKey: string;
}

/** Voids an attempt and shows its patient again. */
function useTakeBack({ change, returnTo, refresh }: CallSession): Recording['takeBack'] {
  const words = useWords(callModeWords);
  const toasts = useToasts();
  const { mutate } = useMutation({
    mutationFn: ({ patientId, contactId }: { readonly patientId: string; readonly contactId: string }) =>
      voidContact(patientId, contactId, words.undoReason),
    onSuccess: (_, { patientId }) => {
      change((now) => withResult(now, patientId, undefined));
      returnTo(patientId);
      refresh(patientId);
      toasts.show({ text: words.undone });
    },
    onError: ({ message }) => toasts.show({ text: message, tone: 'late' }),
  });
  return (patientId, contactId) => mutate({ patientId, contactId });
}

/** The outcomes in words: those of the contact ledger, and the one that is special to calls. */
export function useOutcomeText(): (outcome: CallOutcome) => string {
  const words = useWords(callModeWords);
  const texts = useWords(actDialogWords);
  return (outcome) =>
    outcome === 'reached'
      ? texts.outcomes.reached
      : outcome === 'unaware'
        ? words.unaware
        : texts.causes[outcome];
}

/** Says what was recorded and what follows from it. */
function useRecordedToast() {
  const words = useWords(callModeWords);
  const texts = useWords(actDialogWords);
  const language = useLanguage();
  const toasts = useToasts();
  return (
    { patient }: CallCard,
    text: string,
    { restsUntil, nextStep, lossProposal, sinceReached }: CallCard['contact'],
    undo: () => void,
  ): void => {
    const follows = [
      restsUntil !== null && words.restsUntil(dayText(restsUntil, language)),
      nextStep !== null &&
        sinceReached > 0 &&
        words.nextStep(texts.channels[nextStep.channel], nextStep.attempt),
      lossProposal !== null && words.lossProposed,
    ].filter((one) => one !== false);
    toasts.show({
      text: [`${patient.name} ${text}`, ...follows].join(' · '),
      action: { text: words.undo, hint: 'z', run: undo },
    });
  };
}
