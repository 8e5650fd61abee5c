import type { Share } from '../calls/statistics.js';
import { useWords } from '../words/use-words.js';
import { changeOf, intervalOf, isSmall, percentOf } from './shares.js';
import { statisticsWords } from './statistics-words.js';

/** A share as a bar with both numbers; of few cases the interval is drawn over it. */
export function GroupShare({
  share,
  earlier,
}: {
  readonly share: Share;
  readonly earlier: Share | undefined;
}) {
  const words = useWords(statisticsWords);
  const percent = percentOf(share);
  if (percent === null) return <span className="quiet">–</span>;
  const interval = isSmall(share) ? intervalOf(share) : null;
  const change = earlier && changeOf(share, earlier);
  return (
    <span className="group-share" title={interval ? words.small(...interval) : undefined}>
      <span className="share-bar" aria-hidden="true">
        <span
          className={interval ? 'share-filled is-small' : 'share-filled'}
          style={{ width: `${percent}%` }}
        />
        {interval && (
          <span
            className="share-interval"
            style={{ left: `${interval[0]}%`, width: `${interval[1] - interval[0]}%` }}
          />
        )}
      </span>
      <span>{words.percent(percent)}</span>
      <span className="quiet small">{words.ofAll(share.numerator, share.denominator)}</span>
      {change !== undefined && change !== null && <span className="small">{words.difference(change)}</span>}
    </span>
  );
}
