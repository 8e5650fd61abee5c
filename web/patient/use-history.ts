import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { actDialogWords } from '../acts/act-words.js';
import { consentsQuery, decisionsQuery, eventsQuery, eventTypesQuery } from '../calls/record.js';
import { allContactsQuery, stepsQuery } from '../calls/visits.js';
import { useActivityName } from '../items/item-facts.js';
import { textOf } from '../words/dictionary.js';
import { useLanguage } from '../words/language.js';
import { useWords } from '../words/use-words.js';
import { agreedWords } from './agreed-words.js';
import { titleOf } from '../items/event-facts.js';
import type { Done } from './history.js';
import { historyWords } from './history-words.js';

/** What people did about the items of the patient, page by page. */
export function useSteps(patientId: string) {
  const words = useWords(historyWords);
  const nameOf = useActivityName();
  const steps = useInfiniteQuery(stepsQuery(patientId, useLanguage()));
  const done = (steps.data?.pages ?? []).flatMap(({ items }) =>
    items.map((step): Done => ({
      ...{ key: step.id, at: step.takenAt, who: step.author, isTakenBack: step.undone !== null },
      what: words.done(nameOf(step.activity), step.title),
      about: [
        step.appointment?.date ?? (step.until === null ? step.on : words.until(step.until)),
        step.substitute && words.insteadDone(nameOf(step.substitute)),
        ...[step.reasonText, step.note],
        step.undone && words.takenBack(step.undone.by),
      ]
        .filter(Boolean)
        .join(' · '),
    })),
  );
  return { ...steps, done };
}

/** What was recorded about the course, and what was voided. */
export function useEventsDone(patientId: string): readonly Done[] {
  const words = useWords(historyWords);
  const language = useLanguage();
  const types = useQuery(eventTypesQuery).data?.items ?? [];
  const events = useQuery(eventsQuery(patientId)).data?.items ?? [];
  return events.flatMap((event): Done[] => {
    const title = `${titleOf(event, types, language)} ${event.date}`;
    const { id, recordedAt, recordedBy, voidedAt, voidedBy, voidReason } = event;
    const recorded = {
      ...{ key: id, at: recordedAt, who: recordedBy, what: words.done(words.recorded, title) },
      ...{ about: '', isTakenBack: voidedAt !== null },
    };
    if (voidedAt === null) return [recorded];
    const voided = { key: `${id}-void`, at: voidedAt, who: voidedBy, isTakenBack: false };
    return [recorded, { ...voided, what: words.done(words.voided, title), about: voidReason ?? '' }];
  });
}

/** The attempts to reach the patient. Only for those who may read them. */
export function useContactsDone(patientId: string, mayCare: boolean): readonly Done[] {
  const words = useWords(historyWords);
  const texts = useWords(actDialogWords);
  const contacts = useQuery({ ...allContactsQuery(patientId), enabled: mayCare }).data?.items ?? [];
  return contacts.map(({ id, recordedAt, author, channel, outcome, cause, note, voidedAt }) => ({
    ...{ key: id, at: recordedAt, who: author, isTakenBack: voidedAt !== null, about: note ?? '' },
    what: words.done(
      words.contacted,
      `${texts.channels[channel]} ${cause === null ? texts.outcomes[outcome] : textOf(texts.causes, cause)}`,
    ),
  }));
}

/** Consents and decisions, with those that were revoked. */
export function useAgreedDone(patientId: string): readonly Done[] {
  const words = useWords(historyWords);
  const agreed = useWords(agreedWords);
  const consents = useQuery(consentsQuery(patientId)).data?.items ?? [];
  const decisions = useQuery(decisionsQuery(patientId)).data?.items ?? [];
  return [
    ...consents.map(({ id, recordedAt, author, channel, decision, note }): Done => ({
      ...{ key: id, at: recordedAt, who: author, about: note ?? '', isTakenBack: false },
      what: words.done(decision === 'given' ? words.consented : words.withdrawn, agreed.channels[channel]),
    })),
    ...decisions.flatMap(({ id, kind, author, reason, decidedAt, revokedAt, revokedBy, revokeReason }) => {
      const title = textOf(agreed.kinds, kind);
      const decided: Done = {
        ...{ key: id, at: decidedAt, who: author, about: reason, isTakenBack: revokedAt !== null },
        what: words.done(words.decided, title),
      };
      if (revokedAt === null) return [decided];
      const revoked: Done = {
        ...{ key: `${id}-revoked`, at: revokedAt, who: revokedBy, isTakenBack: false },
        ...{ what: words.done(words.revoked, title), about: revokeReason ?? '' },
      };
      return [decided, revoked];
    }),
  ];
}
