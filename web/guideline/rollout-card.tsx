import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { Failure } from '../calls/failure.js';
import { useMe } from '../calls/me.js';
import { applyRollout, discardRollout, isRunning, type Rollout } from '../calls/policy.js';
import { Button } from '../parts/button.js';
import { Chip, type Tone } from '../parts/chip.js';
import { useToasts } from '../parts/toasts.js';
import { instantText } from '../words/dates.js';
import { useWords } from '../words/use-words.js';
import { policyWords } from './policy-words.js';
import { RolloutExamplesView } from './rollout-examples.js';
import { UndoDialog } from './undo-dialog.js';
import './rollout-card.css';

const APPLIERS = ['clinician', 'hospital_admin'];

const TONES: Readonly<Record<Rollout['state'], Tone>> = {
  ...{ previewing: 'active', previewed: 'warning', applying: 'active', applied: 'done' },
  ...{ undoing: 'active', undone: 'plain', discarded: 'plain' },
};

const COUNTS = ['moved', 'cancelled', 'added', 'kept'] as const;

/** One change of the policy: how far it is, what it does, and what can be done next. */
export function RolloutCard({
  rollout,
  version,
}: {
  readonly rollout: Rollout;
  /** Of the policy in force. */
  readonly version: number;
}) {
  const words = useWords(policyWords);
  const { timeZone } = useMe().hospital;
  const { state, author, reason, createdAt, patientsDone, patientsTotal } = rollout;
  const isCounted = state !== 'previewing' && state !== 'discarded';
  useReadAgainAtEnd(rollout);
  return (
    <article className="rollout-card">
      <header>
        <Chip tone={TONES[state]}>{words.states[state]}</Chip>
        <span>{words.by(author, reason)}</span>
        <span className="quiet small">{instantText(createdAt, timeZone)}</span>
      </header>
      {isRunning(rollout) && (
        <p>
          <progress max={Math.max(1, patientsTotal)} value={patientsDone} aria-label={words.states[state]} />{' '}
          {words.progress(patientsDone, patientsTotal)} <span className="quiet small">{words.mayLeave}</span>
        </p>
      )}
      {isCounted && (
        <dl className="rollout-counts">
          {COUNTS.map((name) => (
            <div key={name}>
              <dt className="quiet small">{words.counts[name]}</dt>
              <dd>{rollout[name]}</dd>
            </div>
          ))}
        </dl>
      )}
      {state === 'previewed' && rollout.basedOnVersion !== version && (
        <p className="quiet" role="status">
          {words.outdated}
        </p>
      )}
      <RolloutActs rollout={rollout} version={version} />
      {state === 'previewed' && <RolloutExamplesView id={rollout.id} guideline={rollout.policy.guideline} />}
    </article>
  );
}

function RolloutActs({ rollout, version }: { readonly rollout: Rollout; readonly version: number }) {
  const words = useWords(policyWords);
  const { roles } = useMe();
  const queries = useQueryClient();
  const toasts = useToasts();
  const [isUndoing, setIsUndoing] = useState(false);
  const readAgain = (): Promise<void> => queries.invalidateQueries({ queryKey: ['rollouts'] });
  const applying = useMutation({
    mutationFn: applyRollout,
    onSuccess: () => toasts.show({ text: words.applied }),
    onSettled: readAgain,
  });
  const discarding = useMutation({ mutationFn: discardRollout, onSettled: readAgain });
  const { id, state, basedOnVersion, appliedVersion } = rollout;
  const mayApply = roles.some((role) => APPLIERS.includes(role));
  const isCurrent = state === 'previewed' && basedOnVersion === version;
  const canUndo = (state === 'applied' || state === 'applying') && appliedVersion === version;
  return (
    <>
      <div className="rollout-acts">
        {isCurrent && mayApply && (
          <Button kind="main" busy={applying.isPending} onClick={() => applying.mutate(id)}>
            {words.apply}
          </Button>
        )}
        {(state === 'previewed' || state === 'previewing') && (
          <Button busy={discarding.isPending} onClick={() => discarding.mutate(id)}>
            {words.discard}
          </Button>
        )}
        {canUndo && mayApply && (
          <Button kind="risky" onClick={() => setIsUndoing(true)}>
            {words.undo}
          </Button>
        )}
        {isCurrent && <span className="quiet small">{mayApply ? words.applyHelp : words.onlyClinician}</span>}
      </div>
      <Failure error={applying.error ?? discarding.error} />
      {isUndoing && <UndoDialog id={id} onClose={() => setIsUndoing(false)} />}
    </>
  );
}

/** Once plans have followed, what other pages show of them is out of date. */
function useReadAgainAtEnd({ state }: Rollout): void {
  const queries = useQueryClient();
  const before = useRef(state);
  useEffect(() => {
    if (before.current === state) return;
    before.current = state;
    for (const queryKey of [['policy'], ['guidelines'], ['lists'], ['patient']])
      void queries.invalidateQueries({ queryKey });
  }, [state, queries]);
}
