import type { Adherence, Figures, Share } from '../calls/statistics.js';
import { Chip } from '../parts/chip.js';
import { useWords } from '../words/use-words.js';
import { CountButton } from './count-button.js';
import { countOf, FIGURES, targetOf, valueOf } from './figures.js';
import type { OpenBehind } from './behind.js';
import { changeOf, intervalOf, isClear, isSmall, percentOf } from './shares.js';
import { statisticsWords } from './statistics-words.js';
import './figure-cards.css';

type Figure = (typeof FIGURES)[number];

/** Each figure with its two numbers, its definition, and the counts behind it that open to patients. */
export function FigureCards({
  figures,
  gauge,
  before,
  open,
}: {
  readonly figures: Figures;
  readonly gauge: Adherence['gauge'];
  readonly before: Figures | undefined;
  readonly open: OpenBehind;
}) {
  return (
    <ul className="figure-cards">
      {FIGURES.map((figure) => {
        const share = figure.of(figures);
        if (share === null) return null;
        return (
          <li key={figure.name}>
            <FigureCard
              {...{ figure, share, figures, open }}
              target={targetOf(gauge, figure.name)}
              earlier={before && figure.of(before)}
            />
          </li>
        );
      })}
    </ul>
  );
}

function FigureCard({
  figure,
  share,
  target,
  earlier,
  figures,
  open,
}: {
  readonly figure: Figure;
  readonly share: Share;
  readonly target: number | undefined;
  readonly earlier: Share | null | undefined;
  readonly figures: Figures;
  readonly open: OpenBehind;
}) {
  const words = useWords(statisticsWords);
  const value = valueOf(figure, share);
  const interval = figure.isQuotient || !isSmall(share) ? null : intervalOf(share);
  const counts = figure.opens
    .map((measure) => ({ measure, count: countOf(figures, measure) }))
    .filter(({ measure, count }) => figures.patients[measure] !== undefined && count !== 0);
  return (
    <section className="figure-card">
      <h2>{words.figures[figure.name]}</h2>
      <p>
        <strong className="figure-value">
          {value === null ? '–' : figure.isQuotient ? value : words.percent(value)}
        </strong>{' '}
        <span className="quiet">
          {value === null ? words.noCases : words.ofAll(share.numerator, share.denominator)}
        </span>
      </p>
      {target !== undefined && <Target target={target} share={share} />}
      {interval && <p className="quiet small">{words.small(...interval)}</p>}
      {earlier && <Change {...{ figure, share, earlier }} />}
      {counts.length > 0 && (
        <p className="figure-counts not-printed">
          {counts.map(({ measure, count }) => (
            <CountButton key={measure} {...{ measure, count }} withName onOpen={() => open(measure)} />
          ))}
        </p>
      )}
      <details>
        <summary>{words.definition}</summary>
        <p className="small">{words.definitions[figure.name]}</p>
      </details>
    </section>
  );
}

/** Whether the figure reaches its target. Compares without rounding. */
function Target({ target, share }: { readonly target: number; readonly share: Share }) {
  const words = useWords(statisticsWords);
  const percent = percentOf(share);
  if (percent === null) return null;
  const isReached = 100 * share.numerator >= target * share.denominator;
  return (
    <p>
      <span className="quiet small">{words.target(target)}</span>{' '}
      {isReached ? (
        <Chip tone="done">{words.reached}</Chip>
      ) : (
        <Chip tone="warning">{words.below(Math.max(0.1, Math.round(10 * (target - percent)) / 10))}</Chip>
      )}
    </p>
  );
}

/** The difference to the compared period, and whether it may be chance. */
function Change({
  figure,
  share,
  earlier,
}: {
  readonly figure: Figure;
  readonly share: Share;
  readonly earlier: Share;
}) {
  const words = useWords(statisticsWords);
  const [now, then] = [valueOf(figure, share), valueOf(figure, earlier)];
  if (now === null || then === null) return null;
  const cases = words.ofAll(earlier.numerator, earlier.denominator);
  if (figure.isQuotient)
    return (
      <p className="small">{words.change(words.difference(Math.round(10 * (now - then)) / 10), cases)}</p>
    );
  return (
    <p className="small">
      {words.change(words.points(changeOf(share, earlier) ?? 0), `${words.percent(then)}, ${cases}`)}
      {changeOf(share, earlier) !== 0 && !isClear(share, earlier) && (
        <span className="quiet"> · {words.unclear}</span>
      )}
    </p>
  );
}
