import type { Figures } from '../calls/statistics.js';
import { useWords } from '../words/use-words.js';
import { CountButton } from './count-button.js';
import { NOT_COUNTED, OUTCOMES } from './figures.js';
import type { OpenBehind } from './behind.js';
import { statisticsWords } from './statistics-words.js';
import './outcomes.css';

/** What became of all items that fell due, also of those that no share counts. */
export function Outcomes({ figures, open }: { readonly figures: Figures; readonly open: OpenBehind }) {
  const words = useWords(statisticsWords);
  const { items, due } = figures;
  const present = OUTCOMES.filter((outcome) => items[outcome] > 0);
  const notCounted = NOT_COUNTED.reduce((sum, outcome) => sum + items[outcome], 0);
  return (
    <section className="outcomes">
      <h2>
        {words.whatBecame} <span className="quiet small">{words.dueCount(due)}</span>
      </h2>
      <div className="outcome-bar" aria-hidden="true">
        {present.map((outcome) => (
          <span key={outcome} className={`outcome-${outcome}`} style={{ flexGrow: items[outcome] }} />
        ))}
      </div>
      <ul className="outcome-list">
        {present.map((outcome) => (
          <li key={outcome}>
            <span className={`outcome-mark outcome-${outcome}`} aria-hidden="true" />
            {words.outcomes[outcome]}
            <CountButton measure={outcome} count={items[outcome]} onOpen={() => open(outcome)} />
          </li>
        ))}
      </ul>
      <p className="quiet small">
        {notCounted > 0 && words.notCounted(notCounted)} {words.alsoNotCounted}
      </p>
    </section>
  );
}
