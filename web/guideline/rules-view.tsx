import { useQuery } from '@tanstack/react-query';
import { Failure } from '../calls/failure.js';
import { guidelineQuery, guidelinesQuery, nameOf } from '../calls/guidelines.js';
import { Busy } from '../parts/busy.js';
import { useWords } from '../words/use-words.js';
import type { GuidelineAddress } from './guideline-address.js';
import { GuidelineList } from './guideline-list.js';
import { guidelineWords } from './guideline-words.js';
import { GuidelineText } from './guideline-text.js';
import './rules-view.css';

/** One guideline, rule by rule, beside the list of all. */
export function RulesView({
  address,
  inForce,
  go,
}: {
  readonly address: GuidelineAddress;
  readonly inForce: string;
  readonly go: (change: Partial<GuidelineAddress>) => void;
}) {
  const words = useWords(guidelineWords);
  const { data: list, error: listError, refetch } = useQuery(guidelinesQuery);
  const chosen = address.guideline ?? inForce;
  const { data: guideline, error, refetch: again } = useQuery(guidelineQuery(chosen));
  const earlier = (list?.items ?? []).filter(
    (one) => one.id === guideline?.id && one.version !== guideline.version,
  );
  const before = earlier.find((one) => nameOf(one) === address.before);
  return (
    <div className="rules-view">
      <Failure error={listError} onRetry={() => void refetch()} />
      {list && <GuidelineList guidelines={list.items} {...{ chosen, inForce }} />}
      <Failure error={error} onRetry={() => void again()} />
      {guideline ? (
        <GuidelineText
          key={chosen}
          {...{ guideline, earlier }}
          isInForce={chosen === inForce}
          before={before && nameOf(before)}
          onBefore={(version) => go({ before: version })}
        />
      ) : (
        error === null && <Busy text={words.loading} />
      )}
    </div>
  );
}
