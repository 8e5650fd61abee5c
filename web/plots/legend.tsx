import type { ReactNode } from 'react';
import type { BarTone } from './bars.js';

export type LegendMark = 'point' | 'hollow' | 'late' | 'limit' | 'moment' | `bar-${BarTone}`;

/** What the marks of a plot mean. */
export function Legend({
  entries,
}: {
  readonly entries: readonly { readonly mark: LegendMark; readonly text: ReactNode }[];
}) {
  return (
    <ul className="plot-legend">
      {entries.map(({ mark, text }) => (
        <li key={mark}>
          <span className={`legend-mark legend-${mark}`} aria-hidden="true" />
          {text}
        </li>
      ))}
    </ul>
  );
}
