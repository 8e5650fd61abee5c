import { useQuery } from '@tanstack/react-query';
import { Failure } from '../calls/failure.js';
import { reasonQuery } from '../calls/items.js';
import { Busy } from '../parts/busy.js';
import { dayText } from '../words/dates.js';
import { useWords } from '../words/use-words.js';
import { useLanguage } from '../words/language.js';
import { itemWords } from './item-words.js';
import './explanation.css';

/** Why an item is due on its day: the sentence of the guideline, the arithmetic, and what would change it. */
export function Explanation({ itemId }: { readonly itemId: string }) {
  const words = useWords(itemWords);
  const language = useLanguage();
  const { data, error, refetch } = useQuery(reasonQuery(itemId));
  if (error) return <Failure error={error} onRetry={() => void refetch()} />;
  if (data === undefined) return <Busy text={words.loading} />;
  const why = data[language];
  const clock = why.clock && `${why.clock.event} ${dayText(why.clock.date, language)}`;
  const facts: readonly (readonly [string, string | null])[] = [
    [words.source, `${why.guideline} ${why.section} · ${why.recommendation}`],
    [words.clock, clock],
    [words.arithmetic, why.arithmetic],
    [words.range, why.range],
    [words.windowFrom, why.window],
    [words.decision, why.decision],
    [words.covers, why.covers],
    [words.assumption, why.assumption],
    [words.interpretation, why.interpretation],
    [words.caution, why.caution],
  ];
  return (
    <div className="explanation">
      <p className="explanation-rule">{why.rule}</p>
      <dl>
        {facts.map(([name, text]) =>
          text === null ? null : (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{text}</dd>
            </div>
          ),
        )}
      </dl>
      {why.wouldChange.length > 0 && (
        <>
          <p className="quiet small">{words.wouldChange}</p>
          <ul>
            {why.wouldChange.map((one) => (
              <li key={one}>{one}</li>
            ))}
          </ul>
        </>
      )}
    </div>
  );
}
