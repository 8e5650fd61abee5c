import { useQuery } from '@tanstack/react-query';
import { Failure } from '../calls/failure.js';
import { eventTypesQuery } from '../calls/record.js';
import {
  type ReviewOutcome,
  reviewPreviewQuery,
  type ReviewPreview as PreviewedOutcome,
} from '../calls/results.js';
import { useActivityName } from '../items/item-facts.js';
import { PlanChanges } from '../items/plan-diff-preview.js';
import { Busy } from '../parts/busy.js';
import { dayText } from '../words/dates.js';
import { useLanguage } from '../words/language.js';
import { useWords } from '../words/use-words.js';
import { resultWords } from './result-words.js';

/** What follows from a judgement in plan and history, before it is saved. */
export function ReviewPreview({
  reviewId,
  judgement,
  saveError,
}: {
  readonly reviewId: string;
  /** Null while it is not complete. */
  readonly judgement: ReviewOutcome | null;
  readonly saveError: unknown;
}) {
  const words = useWords(resultWords);
  const { data, error, isFetching } = useQuery(reviewPreviewQuery(reviewId, judgement));
  return (
    <section className="plan-change" aria-label={words.follows} aria-live="polite" tabIndex={0}>
      <h3>{words.follows}</h3>
      {judgement === null ? (
        <p className="quiet">{words.missing}</p>
      ) : (
        <>
          <Failure error={saveError ?? error} />
          {data && !isFetching ? (
            <Following preview={data} />
          ) : (
            error === null && <Busy text={words.previewing} />
          )}
        </>
      )}
    </section>
  );
}

function Following({ preview: { changes, item, event } }: { readonly preview: PreviewedOutcome }) {
  const words = useWords(resultWords);
  const language = useLanguage();
  const nameOf = useActivityName();
  const types = useQuery(eventTypesQuery).data?.items ?? [];
  if (item === null && event === null && changes.length === 0) return <p>{words.nothing}</p>;
  const isAdded =
    item !== null &&
    changes.some(
      ({ change, activity, after }) =>
        change === 'added' && activity === item.activity && after?.due === item.due,
    );
  const itemText = isAdded ? words.itemAdded : words.itemLinked;
  return (
    <>
      {event && (
        <p>
          <strong>
            {words.eventRecorded(
              types.find(({ type }) => type === event.type)?.title[language] ?? event.type,
              dayText(event.date, language),
            )}
          </strong>
        </p>
      )}
      {item && (
        <p>
          <strong>{itemText(nameOf(item.activity), dayText(item.due, language))}</strong>
        </p>
      )}
      {changes.length > 0 && <PlanChanges changes={changes} />}
    </>
  );
}
