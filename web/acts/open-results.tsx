import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import { useChange } from '../calls/change.js';
import { Failure } from '../calls/failure.js';
import { useMayCare, useMe, useToday } from '../calls/me.js';
import { type ClinicalEvent, eventsQuery, eventTypesQuery } from '../calls/record.js';
import { markSeen, type Review, reviewsQuery } from '../calls/results.js';
import { useCommands } from '../commands/commands.js';
import { factsOf, measuredIn, titleOf } from '../items/event-facts.js';
import { useActivityName } from '../items/item-facts.js';
import { Button } from '../parts/button.js';
import { Chip } from '../parts/chip.js';
import { addDays, dayText } from '../words/dates.js';
import { useLanguage } from '../words/language.js';
import { useWords } from '../words/use-words.js';
import { resultWords } from './result-words.js';
import { ReviewReasons } from './review-reasons.js';
import './open-results.css';

const JudgeDialog = lazy(() => import('./judge-dialog.js'));

const JUDGE_KEY = 'v';
/** Older ones are on the list of unseen results alone: a history that was imported has many. */
const UNSEEN_DAYS = 90;

/** The results of a patient that no person has seen or judged yet. Empty where there are none. */
export function OpenResults({ patientId }: { readonly patientId: string }) {
  const words = useWords(resultWords);
  const language = useLanguage();
  const isClinician = useMe().roles.includes('clinician');
  const mayCare = useMayCare();
  const { data: reviews = [], error, refetch } = useQuery(reviewsQuery(patientId, language));
  const unseen = useUnseen(patientId);
  const [judging, setJudging] = useState<Review>();
  const [first] = reviews;
  useCommands(
    isClinician && first
      ? [
          {
            ...{ id: 'judge', title: words.judge, group: words.title, keys: [JUDGE_KEY] },
            run: () => setJudging(first),
          },
        ]
      : [],
  );
  if (error) return <Failure error={error} onRetry={() => void refetch()} />;
  // While the form is open it stays, also when its review is judged already.
  if (reviews.length + unseen.length === 0 && judging === undefined) return null;
  return (
    <section className="open-results" aria-label={words.title} tabIndex={0}>
      {/* No heading: it stands below headings of several levels. */}
      <p className="quiet small">{words.title}</p>
      <ul>
        {reviews.map((review) => (
          <ToJudge
            key={review.id}
            review={review}
            hasKey={review === first}
            onJudge={isClinician ? () => setJudging(review) : undefined}
          />
        ))}
        {unseen.map((event) => (
          <Unseen key={event.id} event={event} patientId={patientId} maySee={mayCare} />
        ))}
      </ul>
      <Suspense>{judging && <JudgeDialog review={judging} onClose={() => setJudging(undefined)} />}</Suspense>
    </section>
  );
}

/** Results that need no judgement, the newest first. */
function useUnseen(patientId: string): readonly ClinicalEvent[] {
  const types = useQuery(eventTypesQuery).data?.items ?? [];
  const exams = new Set(types.filter(({ recordsExams }) => recordsExams).map(({ type }) => type));
  const events = useQuery(eventsQuery(patientId)).data?.items ?? [];
  const since = addDays(useToday(), -UNSEEN_DAYS);
  return events
    .filter(
      ({ type, date, seenAt, voidedAt, toJudge }) =>
        exams.has(type) && date >= since && seenAt === null && voidedAt === null && toJudge.length === 0,
    )
    .sort((a, b) => (a.date < b.date ? 1 : -1));
}

function ToJudge({
  review,
  hasKey,
  onJudge,
}: {
  readonly review: Review;
  readonly hasKey: boolean;
  readonly onJudge: (() => void) | undefined;
}) {
  const words = useWords(resultWords);
  const name = useActivityName()(review.activity);
  return (
    <li>
      <p className="open-results-head">
        <strong>{name}</strong> <Chip tone="warning">{words.toJudge}</Chip>
        {onJudge ? (
          <Button kind="main" {...(hasKey && { hint: JUDGE_KEY })} onClick={onJudge}>
            {words.judge}
            <span className="spoken">
              {' '}
              {name} {review.event.date}
            </span>
          </Button>
        ) : (
          <span className="quiet small">{words.onlyClinicians}</span>
        )}
      </p>
      <ReviewReasons review={review} />
    </li>
  );
}

function Unseen({
  event,
  patientId,
  maySee,
}: {
  readonly event: ClinicalEvent;
  readonly patientId: string;
  readonly maySee: boolean;
}) {
  const words = useWords(resultWords);
  const language = useLanguage();
  const types = useQuery(eventTypesQuery).data?.items ?? [];
  const seeing = useChange(() => markSeen(event.id), {
    ...{ reads: [['patient', patientId], ['lists']], done: words.markedSeen },
  });
  const title = titleOf(event, types, language);
  const facts = [dayText(event.date, language), ...factsOf(event, types, language), ...measuredIn(event)];
  return (
    <li>
      <p className="open-results-head">
        <strong>{title}</strong> <Chip>{words.unseen}</Chip>
        {maySee && (
          <Button busy={seeing.isPending} onClick={() => seeing.mutate(undefined)}>
            {words.seen}
            <span className="spoken">
              {' '}
              {title} {event.date}
            </span>
          </Button>
        )}
      </p>
      <p className="quiet small">{facts.join(' · ')}</p>
      <Failure error={seeing.error} />
    </li>
  );
}
