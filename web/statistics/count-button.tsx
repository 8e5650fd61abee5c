import type { Measure } from '../calls/statistics.js';
import { useWords } from '../words/use-words.js';
import { statisticsWords } from './statistics-words.js';
import './count-button.css';

/** A count that opens to the patients behind it. Without a count its name alone. */
export function CountButton({
  measure,
  count,
  group,
  withName = false,
  onOpen,
}: {
  readonly measure: Measure;
  readonly count: number | null;
  /** The group in whose row it is. */
  readonly group?: string;
  readonly withName?: boolean;
  readonly onOpen: () => void;
}) {
  const words = useWords(statisticsWords);
  const name = words.measures[measure] ?? measure;
  return (
    <button
      type="button"
      className="count-button"
      aria-label={words.openList(group === undefined ? name : words.behind(name, group), count)}
      onClick={onOpen}
    >
      {withName ? `${name} ${count ?? ''}`.trim() : count}
    </button>
  );
}
