import type { ListQuery } from '../calls/lists.js';
import { Button } from '../parts/button.js';
import { EmptyState } from '../parts/empty-state.js';
import { Link } from '../routing/link.js';
import { useWords } from '../words/use-words.js';
import { callModeWords } from './call-mode-words.js';
import { type Offered, tallyOf, type Trail } from './call-trail.js';
import { worklistAddress } from './calls-address.js';
import './call-summary.css';

/** What was done in this session; those who were skipped can be called now. */
export function CallSummary({
  trail,
  query,
  isListOver,
  onSkipped,
  onTakeBack,
}: {
  readonly trail: Trail;
  readonly query: ListQuery;
  readonly isListOver: boolean;
  readonly onSkipped: () => void;
  readonly onTakeBack: (patientId: string, contactId: string) => void;
}) {
  const words = useWords(callModeWords);
  const { called, reached, skipped } = tallyOf(trail);
  const shown = trail.offered.filter(({ result }) => result !== undefined);
  const figures: readonly (readonly [string, string])[] = [
    [words.called, String(called)],
    [words.reached, String(reached)],
    [words.skipped, String(skipped)],
    ...(called > 0 ? [[words.reachedRate, `${Math.round((100 * reached) / called)} %`] as const] : []),
  ];
  return (
    <div className="call-summary">
      <h1>{words.endedTitle}</h1>
      {isListOver && (
        <EmptyState title={words.listEnded}>
          <p>{words.whoIsNotOffered}</p>
        </EmptyState>
      )}
      {shown.length === 0 && !isListOver && <p className="quiet">{words.nothingDone}</p>}
      {shown.length > 0 && (
        <>
          <dl className="call-figures">
            {figures.map(([name, value]) => (
              <div key={name}>
                <dt>{name}</dt>
                <dd>{value}</dd>
              </div>
            ))}
          </dl>
          <Results shown={shown} onTakeBack={onTakeBack} />
        </>
      )}
      <p className="call-summary-acts not-printed">
        {skipped > 0 && (
          <Button kind="main" onClick={onSkipped}>
            {words.callSkipped(skipped)}
          </Button>
        )}
        <Link className="button button-plain" to={worklistAddress(query)}>
          {words.toList}
        </Link>
      </p>
    </div>
  );
}

function Results({
  shown,
  onTakeBack,
}: {
  readonly shown: readonly Offered[];
  readonly onTakeBack: (patientId: string, contactId: string) => void;
}) {
  const words = useWords(callModeWords);
  return (
    <table className="call-results">
      <thead>
        <tr>
          <th scope="col">{words.patient}</th>
          <th scope="col">{words.result}</th>
          <th scope="col" className="not-printed">
            <span className="spoken">{words.takeBack}</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {shown.map(({ patientId, name, mrn, result }) => (
          <tr key={patientId}>
            <th scope="row">
              {name} <span className="quiet">{mrn}</span>
            </th>
            <td>{result?.kind === 'recorded' ? result.text : words.skipped}</td>
            <td className="not-printed">
              {result?.kind === 'recorded' && (
                <Button
                  kind="quiet"
                  aria-label={`${words.takeBack} ${name}`}
                  onClick={() => onTakeBack(patientId, result.contactId)}
                >
                  {words.undo}
                </Button>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
