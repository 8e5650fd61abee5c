import { useQuery } from '@tanstack/react-query';
import { Failure } from '../calls/failure.js';
import { type Preview, previewQuery, type PreviewRequest } from '../calls/record.js';
import { Busy } from '../parts/busy.js';
import { dayText } from '../words/dates.js';
import { useLanguage } from '../words/language.js';
import { useWords } from '../words/use-words.js';
import { useActivityName } from './item-facts.js';
import { planChangeWords } from './plan-change-words.js';
import { isCompletion, nearestChanges } from './plan-changes.js';
import './plan-diff-preview.css';

const MOST_SHOWN = 12;

/** What a change would do to the plan, before it is saved. `request` is undefined while it is not complete. */
export function PlanDiffPreview({
  patientId,
  request,
  saveError,
}: {
  readonly patientId: string;
  readonly request: PreviewRequest | undefined;
  /** Why it could not be saved; it often repeats why there is no preview. */
  readonly saveError: unknown;
}) {
  const words = useWords(planChangeWords);
  const { data, error, isFetching } = useQuery({
    ...previewQuery(patientId, request ?? {}),
    enabled: request !== undefined,
    retry: false,
  });
  return (
    <section className="plan-change" aria-label={words.preview} aria-live="polite" tabIndex={0}>
      <h3>{words.preview}</h3>
      {request === undefined ? (
        <p className="quiet">{words.previewMissing}</p>
      ) : (
        <>
          <Failure error={saveError ?? error} />
          {data && !isFetching ? (
            <PlanChanges {...data} />
          ) : (
            error === null && <Busy text={words.previewing} />
          )}
        </>
      )}
    </section>
  );
}

type Change = Preview['changes'][number];

/** What changes in a plan, the nearest days first. */
export function PlanChanges({
  changes,
  switchedOff = [],
}: {
  readonly changes: readonly Change[];
  readonly switchedOff?: Preview['switchedOff'];
}) {
  const words = useWords(planChangeWords);
  const nameOf = useActivityName();
  const { shown, rest } = nearestChanges(changes, MOST_SHOWN);
  if (shown.length === 0 && switchedOff.length === 0) return <p>{words.unchanged}</p>;
  const count = (kind: Change['change']): number => changes.filter(({ change }) => change === kind).length;
  return (
    <>
      <p>{words.counts(count('added'), count('moved'), count('cancelled'), count('kept'))}</p>
      {switchedOff.map(({ rule, activities, missing }) => (
        <p key={rule}>{words.wouldBeOff(activities.map(nameOf).join(', '), missing.length)}</p>
      ))}
      <ul>
        {shown.map((change, place) => (
          <ChangeLine key={place} change={change} />
        ))}
      </ul>
      {rest > 0 && <p className="quiet">{words.rest(rest)}</p>}
    </>
  );
}

function ChangeLine({ change: { change, activity, before, after } }: { readonly change: Change }) {
  const isDone = isCompletion({ before, after });
  const words = useWords(planChangeWords);
  const language = useLanguage();
  const name = useActivityName()(activity);
  return (
    <li className={`plan-change-${isDone ? 'completed' : change}`}>
      <span className="plan-change-kind">{isDone ? words.completed : words.changes[change]}</span>
      <span className="plan-change-what">{name}</span>
      <span>
        {before && !isDone && (
          <span className={after ? 'quiet' : 'is-void'}>{dayText(before.due, language)}</span>
        )}
        {before && after && !isDone && ' → '}
        {after && dayText(after.due, language)}
      </span>
    </li>
  );
}
