import { useQuery } from '@tanstack/react-query';
import { type RefObject, useEffect, useRef } from 'react';
import { actDialogWords } from '../acts/act-words.js';
import { type CallCard, type CallNumber, wardSettingsQuery } from '../calls/call-mode.js';
import { useToday } from '../calls/me.js';
import { Button } from '../parts/button.js';
import { addDays, dayText } from '../words/dates.js';
import { useLanguage } from '../words/language.js';
import { useWords } from '../words/use-words.js';
import { callModeWords } from './call-mode-words.js';
import { CALL_OUTCOMES, type CallOutcome, stepAfter } from './outcomes.js';
import { useOutcomeText } from './recording.js';
import './outcome-bar.css';

/** What became of the call, each by one key or one thumb, and what follows from it. */
export function OutcomeBar({
  card,
  number,
  nextActionOn,
  isDisabled,
  isFirst,
  hasResult,
  onOutcome,
  onSkip,
  onBack,
}: {
  readonly card: CallCard;
  readonly number: CallNumber | undefined;
  readonly nextActionOn: string;
  readonly isDisabled: boolean;
  readonly isFirst: boolean;
  readonly hasResult: boolean;
  readonly onOutcome: (outcome: CallOutcome) => void;
  readonly onSkip: () => void;
  readonly onBack: () => void;
}) {
  const words = useWords(callModeWords);
  const textOf = useOutcomeText();
  return (
    <div className="outcome-bar" ref={useToastsAbove()}>
      <WhatFollows {...{ card, number, nextActionOn }} />
      <div className="outcomes" role="toolbar" aria-label={words.outcome}>
        {CALL_OUTCOMES.map((outcome, place) => (
          <Button
            key={outcome}
            kind={outcome === 'reached' ? 'main' : 'plain'}
            hint={String(place + 1)}
            disabled={isDisabled}
            onClick={() => onOutcome(outcome)}
          >
            <span className="outcome-text">{textOf(outcome)}</span>
          </Button>
        ))}
        <Button kind="quiet" hint="k" disabled={isFirst} onClick={onBack}>
          {words.back}
        </Button>
        <Button kind="quiet" hint="j" onClick={onSkip}>
          {hasResult ? words.forward : words.skip}
        </Button>
      </div>
    </div>
  );
}

/** Messages appear above the bar: they must not cover what is pressed next. */
function useToastsAbove(): RefObject<HTMLDivElement | null> {
  const ref = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const bar = ref.current;
    if (bar === null) return;
    const { style } = document.documentElement;
    const observer = new ResizeObserver(() =>
      style.setProperty('--toast-bottom', `${bar.offsetHeight + 8}px`),
    );
    observer.observe(bar);
    return () => {
      observer.disconnect();
      style.removeProperty('--toast-bottom');
    };
  }, []);
  return ref;
}

/** For how long the patient rests after each outcome, and the step of the ladder that comes then. */
function WhatFollows({
  card,
  number,
  nextActionOn,
}: {
  readonly card: CallCard;
  readonly number: CallNumber | undefined;
  readonly nextActionOn: string;
}) {
  const words = useWords(callModeWords);
  const texts = useWords(actDialogWords);
  const language = useLanguage();
  const today = useToday();
  const rest = useQuery(wardSettingsQuery).data?.contacts.restDays;
  if (rest === undefined) return null;
  const until = (days: number): string =>
    dayText(nextActionOn === '' ? addDays(today, days) : nextActionOn, language);
  const step = stepAfter(card.contact.ladder, number?.channel ?? 'telephone');
  const then =
    step === undefined ? words.afterLadder : words.afterStep(texts.channels[step.channel], step.attempt);
  return (
    <p className="quiet small outcome-follows">
      {words.afterReached(until(rest.reached))} · {words.afterFailed(until(rest.failed))} · {then}
    </p>
  );
}
