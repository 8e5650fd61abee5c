import { type ReactNode, useState } from 'react';
import { Button } from '../parts/button.js';
import { useWords } from '../words/use-words.js';
import { plotWords } from './plot-words.js';
import { useWidth } from './width.js';
import './plots.css';

/** Room for the figures at the left, for half a label at the right, and for the days below. */
const MARGIN = { top: 12, right: 32, bottom: 24, left: 44 };

/** The part of a plot in which values lie. Its origin is at the top left. */
export interface PlotArea {
  readonly width: number;
  readonly height: number;
}

/**
 * A drawing with its name, and the same values as a table: for readers who do not see the drawing, and for those who
 * want the figures. `children` draws into the area.
 */
export function Plot({
  label,
  summary,
  height = 200,
  legend,
  table,
  children,
}: {
  readonly label: string;
  /** What the drawing shows, in one sentence, for those who do not see it. */
  readonly summary: string;
  readonly height?: number;
  readonly legend?: ReactNode;
  readonly table: ReactNode;
  readonly children: (area: PlotArea) => ReactNode;
}) {
  const words = useWords(plotWords);
  const [ref, width] = useWidth<HTMLDivElement>();
  const [isTable, setIsTable] = useState(false);
  const area = {
    width: Math.max(0, width - MARGIN.left - MARGIN.right),
    height: height - MARGIN.top - MARGIN.bottom,
  };
  return (
    <figure className="plot">
      <figcaption className="plot-head">
        <span className="plot-label">{label}</span>
        {legend}
        <Button
          kind="quiet"
          className="not-printed"
          aria-pressed={isTable}
          onClick={() => setIsTable(!isTable)}
        >
          {words.asTable}
        </Button>
      </figcaption>
      <div ref={ref} className="plot-drawing" hidden={isTable}>
        {area.width > 0 && (
          <svg role="img" aria-label={`${label}. ${summary}`} width={width} height={height}>
            <g transform={`translate(${MARGIN.left},${MARGIN.top})`}>{children(area)}</g>
          </svg>
        )}
      </div>
      {isTable && (
        <div className="plot-table" tabIndex={0} role="group" aria-label={label}>
          {table}
        </div>
      )}
    </figure>
  );
}
