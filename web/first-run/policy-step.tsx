import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Failure } from '../calls/failure.js';
import {
  applyPolicy,
  discardPolicy,
  finishFirstRun,
  guidelinesQuery,
  type Policy,
  policyInForceQuery,
  previewPolicy,
} from '../calls/first-run.js';
import { listsQuery } from '../calls/lists.js';
import { meQuery, useMe } from '../calls/me.js';
import { Busy } from '../parts/busy.js';
import { Button } from '../parts/button.js';
import { Choices } from '../parts/choices.js';
import { Notice } from '../parts/notice.js';
import { goTo } from '../routing/place.js';
import { useLanguage } from '../words/language.js';
import { useWords } from '../words/use-words.js';
import { newestOf } from './newest-guidelines.js';
import { firstListWithRows } from './first-list.js';
import { firstRunWords } from './first-run-words.js';
import { PolicyEffect } from './policy-effect.js';

type Chosen = Partial<Pick<Policy, 'guideline' | 'profile' | 'liverImaging'>>;

/** The guideline and the choices that it leaves to the hospital; then the first worklist. */
export function PolicyStep() {
  const words = useWords(firstRunWords);
  const { data: inForce, error } = useQuery(policyInForceQuery);
  const [chosen, setChosen] = useState<Chosen>({});
  const [rollout, setRollout] = useState<string>();
  const me = useMe();
  const previewing = useMutation({ mutationFn: previewPolicy, onSuccess: ({ id }) => setRollout(id) });
  const applying = useMutation({ mutationFn: applyPolicy });
  const discarding = useMutation({ mutationFn: discardPolicy, onSuccess: () => setRollout(undefined) });
  const finishing = useFinish();
  if (!inForce) return error ? <Failure error={error} /> : <Busy text="…" />;
  const { policy } = inForce;
  const isChanged = Object.keys(chosen).length > 0;
  const failure = previewing.error ?? applying.error ?? discarding.error ?? finishing.error;
  return (
    <div className="fields">
      <p className="quiet">{words.policyIntro}</p>
      {me.hospital.isSetUp && <Notice tone="done" title={words.done} />}
      {rollout === undefined ? (
        <>
          <PolicyChoices policy={policy} chosen={chosen} onChosen={setChosen} />
          <div className="first-run-actions">
            {isChanged ? (
              <Button
                kind="main"
                busy={previewing.isPending}
                onClick={() => previewing.mutate({ policy: chosen, author: me.name, reason: words.reason })}
              >
                {words.preview}
              </Button>
            ) : (
              <Button kind="main" busy={finishing.isPending} onClick={() => finishing.mutate()}>
                {words.keep}
              </Button>
            )}
          </div>
        </>
      ) : (
        <PolicyEffect
          rolloutId={rollout}
          isApplying={applying.isPending || finishing.isPending}
          onApply={() => applying.mutate(rollout, { onSuccess: () => finishing.mutate() })}
          onDiscard={() => discarding.mutate(rollout)}
        />
      )}
      <Failure error={failure} />
    </div>
  );
}

/** Ends the first run, and opens the first list that has rows. */
function useFinish() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async () => {
      await finishFirstRun();
      await queries.invalidateQueries({ queryKey: meQuery.queryKey });
      return queries.query({ ...listsQuery, staleTime: 0 });
    },
    onSuccess: ({ lists }) => goTo(`/worklist?list=${firstListWithRows(lists)}`),
  });
}

function PolicyChoices({
  policy,
  chosen,
  onChosen,
}: {
  readonly policy: Policy;
  readonly chosen: Chosen;
  readonly onChosen: (chosen: Chosen) => void;
}) {
  const words = useWords(firstRunWords);
  const language = useLanguage();
  const { data } = useQuery(guidelinesQuery);
  /** What is chosen as it is in force needs no rollout. */
  const choose = <Field extends keyof Chosen>(field: Field, value: Chosen[Field]): void => {
    const others = Object.fromEntries(Object.entries(chosen).filter(([name]) => name !== field));
    onChosen(value === policy[field] ? others : { ...others, [field]: value });
  };
  const guidelines = newestOf(data?.items ?? [], policy.guideline ?? '').map(({ id, version, title }) => ({
    value: `${id}@${version}`,
    text: `${title[language]} (${version})`,
  }));
  return (
    <>
      {guidelines.length > 0 && (
        <Choices
          label={words.guideline}
          options={guidelines}
          value={chosen.guideline ?? policy.guideline ?? ''}
          onValue={(guideline) => choose('guideline', guideline)}
        />
      )}
      <Choices
        label={words.profile}
        options={(['intensive', 'minimal'] as const).map((value) => ({ value, text: words.profiles[value] }))}
        value={chosen.profile ?? policy.profile ?? ''}
        onValue={(profile) => choose('profile', profile as Chosen['profile'])}
      />
      <Choices
        label={words.liverImaging}
        options={(['ct', 'mri'] as const).map((value) => ({ value, text: words.imaging[value] }))}
        value={chosen.liverImaging ?? policy.liverImaging ?? ''}
        onValue={(imaging) => choose('liverImaging', imaging as Chosen['liverImaging'])}
      />
    </>
  );
}
