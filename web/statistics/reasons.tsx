import type { Adherence, Figures } from '../calls/statistics.js';
import { useWords } from '../words/use-words.js';
import { statisticsWords } from './statistics-words.js';
import './reasons.css';

/** Where items stay that were not done, the most frequent reason first. */
export function Reasons({ figures: { reasons } }: { readonly figures: Figures }) {
  const words = useWords(statisticsWords);
  if (reasons.length === 0) return null;
  const most = Math.max(...reasons.map(({ count }) => count));
  return (
    <section>
      <h2>{words.reasons}</h2>
      <table className="reasons" aria-label={words.reasons}>
        <thead className="spoken">
          <tr>
            <th scope="col">{words.reason}</th>
            <th scope="col">{words.count}</th>
          </tr>
        </thead>
        <tbody>
          {reasons.map(({ reason, text, count }) => (
            <tr key={reason}>
              <th scope="row">{text}</th>
              <td>
                <span
                  className="reason-bar"
                  aria-hidden="true"
                  style={{ width: `${(160 * count) / most}px` }}
                />{' '}
                {count}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** Figures of studies, apart from those of the hospital. */
export function Published({ published }: { readonly published: Adherence['published'] }) {
  const words = useWords(statisticsWords);
  const [first] = published;
  if (!first) return null;
  return (
    <details className="published">
      <summary>{words.published}</summary>
      <p className="small">{first.note}</p>
      <ul className="small">
        {published.map(({ measure, title, percent, low, high }) => (
          <li key={measure}>{words.publishedLine(title, percent, low, high)}</li>
        ))}
      </ul>
      <p className="quiet small">{first.source}</p>
    </details>
  );
}
