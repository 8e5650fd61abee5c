import { useQuery } from '@tanstack/react-query';
import { Suspense, useState } from 'react';
import { Failure } from '../calls/failure.js';
import { useMe } from '../calls/me.js';
import { scheduleQuery } from '../calls/patients.js';
import { type Decision, decisionsQuery, planGuidelineQuery } from '../calls/record.js';
import { useActivityName } from '../items/item-facts.js';
import { Button } from '../parts/button.js';
import { Chip } from '../parts/chip.js';
import { onDemand } from '../routing/on-demand.js';
import { instantText } from '../words/dates.js';
import { textOf } from '../words/dictionary.js';
import { useLanguage } from '../words/language.js';
import { useWords } from '../words/use-words.js';
import { agreedWords } from './agreed-words.js';
import { decisionFacts, ruleTitle } from './decision-facts.js';

const DecisionDialog = onDemand(() => import('./decision-dialog.js'));
const RevokeDialog = onDemand(() => import('./revoke-dialog.js'));

const DECIDES = 'clinician';

/** What clinicians decided for this patient where the guideline leaves a choice, and why. */
export function DecisionSection({
  patientId,
  mayCare,
}: {
  readonly patientId: string;
  readonly mayCare: boolean;
}) {
  const words = useWords(agreedWords);
  const { data, error, refetch } = useQuery(decisionsQuery(patientId));
  const mayDecide = mayCare && useMe().roles.some((role) => role === DECIDES);
  const [isDeciding, setIsDeciding] = useState(false);
  const [revoked, setRevoked] = useState<Decision>();
  const [isAll, setIsAll] = useState(false);
  const active = data?.items.filter(({ revokedAt }) => revokedAt === null) ?? [];
  const old = (data?.items.length ?? 0) - active.length;
  const shown = isAll ? (data?.items ?? []) : active;
  return (
    <section>
      <div className="section-head">
        <h2>{words.decisions}</h2>
        {mayDecide && <Button onClick={() => setIsDeciding(true)}>{words.decide}</Button>}
      </div>
      <Failure error={error} onRetry={() => void refetch()} />
      {data && active.length === 0 && <p className="quiet">{words.noDecisions}</p>}
      <ul className="record-list">
        {shown.map((decision) => (
          <DecisionLine
            key={decision.id}
            {...{ patientId, decision }}
            onRevoke={mayDecide ? () => setRevoked(decision) : undefined}
          />
        ))}
      </ul>
      {old > 0 && !isAll && (
        <Button kind="quiet" onClick={() => setIsAll(true)}>
          {words.showRevoked(old)}
        </Button>
      )}
      <Suspense>
        {isDeciding && <DecisionDialog patientId={patientId} onClose={() => setIsDeciding(false)} />}
        {revoked && (
          <RevokeDialog patientId={patientId} decision={revoked} onClose={() => setRevoked(undefined)} />
        )}
      </Suspense>
    </section>
  );
}

function DecisionLine({
  patientId,
  decision,
  onRevoke,
}: {
  readonly patientId: string;
  readonly decision: Decision;
  readonly onRevoke: (() => void) | undefined;
}) {
  const words = useWords(agreedWords);
  const language = useLanguage();
  const nameOf = useActivityName();
  const { timeZone } = useMe().hospital;
  const schedule = useQuery(scheduleQuery(patientId, language)).data;
  const guideline = useQuery(planGuidelineQuery(schedule?.guideline)).data;
  const rule = (id: string): string => ruleTitle(id, guideline, language);
  const { kind, author, reason, decidedAt, revokedAt, revokedBy, revokeReason, deviation } = decision;
  const title = textOf(words.kinds, kind);
  return (
    <li className={revokedAt === null ? undefined : 'is-void'}>
      <span className="record-day">{instantText(decidedAt, timeZone).slice(0, 10)}</span>
      <span className="record-what">
        <strong>{title}</strong> {decisionFacts(decision, words, { rule, activity: nameOf }).join(' · ')}
      </span>
      {deviation && <Chip tone="warning">{words.deviation}</Chip>}
      <span className="record-by quiet">
        {author} · {reason}
        {revokedAt !== null && ` · ${words.revoked(revokedBy ?? '', revokeReason ?? '')}`}
      </span>
      {onRevoke && revokedAt === null && (
        <Button kind="quiet" aria-label={words.revokeOf(title)} onClick={onRevoke}>
          {words.revoke}
        </Button>
      )}
    </li>
  );
}
