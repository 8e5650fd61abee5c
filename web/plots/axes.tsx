import type { PlotArea } from './plot.js';
import type { Tick } from './scales.js';

/** Days or keys, below the area. */
export function BottomAxis({ area, ticks }: { readonly area: PlotArea; readonly ticks: readonly Tick[] }) {
  return (
    <g className="plot-axis" transform={`translate(0,${area.height})`}>
      <line x2={area.width} />
      {ticks.map(({ at, text }) => (
        <g key={text} transform={`translate(${at},0)`}>
          <line y2={4} />
          <text y={18} textAnchor="middle">
            {text}
          </text>
        </g>
      ))}
    </g>
  );
}

/** Figures at the left of the area, with a thin line across it for each. */
export function LeftAxis({
  area,
  ticks,
  unit,
}: {
  readonly area: PlotArea;
  readonly ticks: readonly Tick[];
  readonly unit?: string;
}) {
  return (
    <g className="plot-axis">
      {ticks.map(({ at, text }) => (
        <g key={text} transform={`translate(0,${at})`}>
          <line className="plot-grid" x2={area.width} />
          <text x={-8} dy="0.32em" textAnchor="end">
            {text}
          </text>
        </g>
      ))}
      {unit !== undefined && (
        <text x={area.width} y={-2} textAnchor="end">
          {unit}
        </text>
      )}
    </g>
  );
}
