import { LinePath } from '@visx/shape';
import type { PlotArea } from './plot.js';

const POINT_RADIUS = 4;

/** A value of a line, in pixels of the area. */
export interface Point {
  readonly key: string;
  readonly x: number;
  readonly y: number;
  /** Shown when the mouse rests on the point. */
  readonly title: string;
  /** The true value lies below: it was not measurable. */
  readonly isHollow?: boolean;
  readonly isLate?: boolean;
}

/** Values in the order of the axis, joined by a line. `dashed`: a plan, a limit or another thing that nobody measured. */
export function Line({
  points,
  isDashed = false,
}: {
  readonly points: readonly Point[];
  readonly isDashed?: boolean;
}) {
  return (
    <g className={isDashed ? 'plot-line is-dashed' : 'plot-line'}>
      <LinePath data={[...points]} x={({ x }) => x} y={({ y }) => y} />
      {points.map(({ key, x, y, title, isHollow = false, isLate = false }) => (
        <circle
          key={key}
          className={`plot-point${isHollow ? ' is-hollow' : ''}${isLate ? ' is-late' : ''}`}
          cx={x}
          cy={y}
          r={POINT_RADIUS}
        >
          <title>{title}</title>
        </circle>
      ))}
    </g>
  );
}

/** A value that holds over the whole span, such as the upper limit of a laboratory. */
export function Limit({
  area,
  at,
  text,
}: {
  readonly area: PlotArea;
  readonly at: number;
  readonly text: string;
}) {
  return (
    <g className="plot-limit">
      <line x2={area.width} y1={at} y2={at} />
      <text x={4} y={at - 5}>
        {text}
      </text>
    </g>
  );
}

/** Something that happened at one place of the axis, such as an operation. */
export function Moment({
  area,
  at,
  text,
  title = text,
}: {
  readonly area: PlotArea;
  readonly at: number;
  readonly text: string;
  readonly title?: string;
}) {
  const isAtEnd = at > area.width * 0.8;
  return (
    <g className="plot-moment" transform={`translate(${at},0)`}>
      <title>{title}</title>
      <line y2={area.height} />
      <text x={isAtEnd ? -4 : 4} y={10} textAnchor={isAtEnd ? 'end' : 'start'}>
        {text}
      </text>
    </g>
  );
}
