import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { ItemOfRow } from '../calls/lists.js';
import { useToday } from '../calls/me.js';
import { activitiesQuery } from '../calls/ward.js';
import { Chip } from '../parts/chip.js';
import { addDays, dayText, NEVER, shortDay } from '../words/dates.js';
import { textOf } from '../words/dictionary.js';
import { useWords } from '../words/use-words.js';
import { useLanguage } from '../words/language.js';
import { itemWords } from './item-words.js';
import { toneOf, type Urgency, urgencyOf } from './urgency.js';

/** The name of an activity in the language of the reader. The function changes only with the names. */
export function useActivityName(): (code: string) => string {
  const language = useLanguage();
  const { data } = useQuery(activitiesQuery);
  return useMemo(() => {
    const names = new Map(data?.items.map(({ code, title }) => [code, title[language]]));
    return (code) => names.get(code) ?? code;
  }, [data, language]);
}

export function useUrgencyText(): (urgency: Urgency) => string {
  const words = useWords(itemWords);
  return (urgency) => {
    switch (urgency.kind) {
      case 'missed':
        return words.missedOn;
      case 'dueToday':
        return words.dueToday;
      case 'overdue':
        return words.overdueBy(urgency.days);
      case 'dueSince':
        return words.dueSince(urgency.days);
      case 'dueIn':
        return words.dueIn(urgency.days);
    }
  };
}

/** How late an item is, in days. */
export function UrgencyChip({ item }: { readonly item: Pick<ItemOfRow, 'status' | 'due' | 'overdue'> }) {
  const urgency = urgencyOf(item, useToday());
  return <Chip tone={toneOf(urgency)}>{useUrgencyText()(urgency)}</Chip>;
}

/** The step that people have brought an item to: `已预约 11-05`. */
export function useStepText(): (item: Pick<ItemOfRow, 'step' | 'stepOn' | 'stepUntil'>) => string {
  const words = useWords(itemWords);
  return ({ step, stepOn, stepUntil }) => {
    const text = textOf(words.step, step ?? 'to_book');
    if (step === 'deferred' || step === 'declined' || step === 'contraindicated')
      return stepUntil === null ? text : `${text} ${words.until(shortDay(stepUntil))}`;
    return stepOn === null ? text : `${text} ${shortDay(stepOn)}`;
  };
}

/** `2026-10-20 – 2026-11-30`, the days on which the item is on time. */
export function WindowText({ item }: { readonly item: Pick<ItemOfRow, 'earliest' | 'overdue'> }) {
  const words = useWords(itemWords);
  return (
    <>
      {item.earliest} – {item.overdue === NEVER ? words.neverLate : addDays(item.overdue, -1)}
    </>
  );
}

export function DueDay({ day }: { readonly day: string }) {
  return <time dateTime={day}>{dayText(day, useLanguage())}</time>;
}
