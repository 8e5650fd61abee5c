import { useQuery } from '@tanstack/react-query';
import { Failure } from '../calls/failure.js';
import { rolloutQuery } from '../calls/first-run.js';
import { Button } from '../parts/button.js';
import { useWords } from '../words/use-words.js';
import { firstRunWords } from './first-run-words.js';

const COUNTED = ['kept', 'moved', 'cancelled', 'added'] as const;

/** What another policy would change in the plans that exist, before it is in force. */
export function PolicyEffect({
  rolloutId,
  isApplying,
  onApply,
  onDiscard,
}: {
  readonly rolloutId: string;
  readonly isApplying: boolean;
  readonly onApply: () => void;
  readonly onDiscard: () => void;
}) {
  const words = useWords(firstRunWords);
  const { data: rollout, error } = useQuery(rolloutQuery(rolloutId));
  if (!rollout) return <Failure error={error} />;
  const { state, patientsDone, patientsTotal } = rollout;
  if (state === 'previewing') {
    const text = words.previewing(patientsDone, patientsTotal);
    return (
      <p role="status" className="run-progress">
        <progress aria-label={text} value={patientsDone} max={Math.max(patientsTotal, 1)} /> {text}
      </p>
    );
  }
  return (
    <>
      <h2>{words.effect}</h2>
      <dl className="result-counts">
        {COUNTED.map((count) => (
          <div key={count}>
            <dd>{rollout[count]}</dd>
            <dt>{words.counts[count]}</dt>
          </div>
        ))}
      </dl>
      <div className="first-run-actions">
        <Button kind="main" busy={isApplying} onClick={onApply}>
          {words.apply}
        </Button>
        <Button disabled={isApplying} onClick={onDiscard}>
          {words.discard}
        </Button>
      </div>
    </>
  );
}
