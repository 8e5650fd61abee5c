import { Suspense } from 'react';
import { useQuery } from '@tanstack/react-query';
import { policyQuery } from '../calls/policy.js';
import { Failure } from '../calls/failure.js';
import { Busy } from '../parts/busy.js';
import { onDemand } from '../routing/on-demand.js';
import { goTo, usePlace } from '../routing/place.js';
import { Tabs } from '../routing/tabs.js';
import { useWords } from '../words/use-words.js';
import {
  type GuidelineAddress,
  guidelineAddressOf,
  readGuidelineAddress,
  TABS,
} from './guideline-address.js';
import { guidelineWords } from './guideline-words.js';
import { RulesView } from './rules-view.js';
import './guideline-page.css';

const CompareView = onDemand(() => import('./compare-view.js'));
const FileView = onDemand(() => import('./file-view.js'));
const PolicyView = onDemand(() => import('./policy-view.js'));

/** What is due when, by which text, and how a hospital changes it. */
export default function GuidelinePage() {
  const words = useWords(guidelineWords);
  const address = readGuidelineAddress(usePlace().parameters);
  const policy = useQuery(policyQuery);
  const go = (change: Partial<GuidelineAddress>): void =>
    goTo(guidelineAddressOf({ ...address, ...change }), { replace: true });
  const inForce = policy.data?.policy.guideline;
  return (
    <div className="guideline-page">
      <title>{`${words.tabs[address.tab]} · ${words.title}`}</title>
      <header className="guideline-head">
        <h1>{words.title}</h1>
        <Tabs
          label={words.title}
          tabs={TABS.map((tab) => ({
            to: guidelineAddressOf({ ...address, tab }),
            text: words.tabs[tab],
            isCurrent: tab === address.tab,
          }))}
        />
      </header>
      <Failure error={policy.error} onRetry={() => void policy.refetch()} />
      {inForce === undefined ? (
        policy.isPending && <Busy text={words.loading} />
      ) : (
        <Suspense fallback={<Busy text={words.loading} />}>
          {address.tab === 'rules' && <RulesView {...{ address, inForce, go }} />}
          {address.tab === 'compare' && <CompareView {...{ address, inForce, go }} />}
          {address.tab === 'file' && <FileView inForce={inForce} />}
          {address.tab === 'policy' && <PolicyView />}
        </Suspense>
      )}
    </div>
  );
}
