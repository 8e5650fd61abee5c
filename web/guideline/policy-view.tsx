import { useQuery } from '@tanstack/react-query';
import { Failure } from '../calls/failure.js';
import { useMe } from '../calls/me.js';
import { policyQuery, rolloutsQuery } from '../calls/policy.js';
import { Busy } from '../parts/busy.js';
import { EmptyState } from '../parts/empty-state.js';
import { Notice } from '../parts/notice.js';
import { instantText } from '../words/dates.js';
import { useWords } from '../words/use-words.js';
import { PolicyForm } from './policy-form.js';
import { policyWords } from './policy-words.js';
import { RolloutCard } from './rollout-card.js';
import './policy-view.css';

const PLANNERS = ['head_nurse', 'clinician', 'hospital_admin'];

/** What the hospital has decided within its guideline, and changes of it: previewed, applied, rolled back. */
export default function PolicyView() {
  const words = useWords(policyWords);
  const { roles, hospital } = useMe();
  const { data, error, refetch } = useQuery(policyQuery);
  const mayPlan = roles.some((role) => PLANNERS.includes(role));
  if (!data)
    return error ? <Failure error={error} onRetry={() => void refetch()} /> : <Busy text={words.loading} />;
  return (
    <div className="guideline-body policy-view">
      <section>
        <p className="quiet">
          {words.inForce(data.version, instantText(data.since, hospital.timeZone))}
          {data.author !== null && ` · ${words.by(data.author, data.reason ?? '')}`}
        </p>
        {!mayPlan && <Notice title={words.readOnly} />}
        {/* Another policy in force begins another form. */}
        <PolicyForm key={data.version} inForce={data} mayPlan={mayPlan} />
      </section>
      {mayPlan && <Rollouts version={data.version} />}
    </div>
  );
}

function Rollouts({ version }: { readonly version: number }) {
  const words = useWords(policyWords);
  const { data, error, refetch } = useQuery(rolloutsQuery);
  return (
    <section className="rollouts" aria-label={words.changes}>
      <h2>{words.changes}</h2>
      <Failure error={error} onRetry={() => void refetch()} />
      {data?.items.length === 0 && <EmptyState title={words.noChanges} />}
      {data?.items.map((rollout) => (
        <RolloutCard key={rollout.id} rollout={rollout} version={version} />
      ))}
    </section>
  );
}
