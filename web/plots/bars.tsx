import { useId } from 'react';
import type { PlotArea } from './plot.js';
import type { BandScale, Scale } from './scales.js';

/** What a part of a bar means; in print the parts differ by their pattern. */
export type BarTone = 'plain' | 'soft' | 'late';

/** A bar of one band; its parts lie on one another, the first at the bottom. */
export interface Bar {
  readonly key: string;
  readonly title: string;
  readonly parts: readonly { readonly tone: BarTone; readonly value: number }[];
}

export function Bars({
  area,
  bars,
  bands,
  values,
}: {
  readonly area: PlotArea;
  readonly bars: readonly Bar[];
  readonly bands: BandScale;
  readonly values: Scale<number>;
}) {
  const hatching = useId();
  return (
    <g className="plot-bars">
      <pattern id={hatching} width="6" height="6" patternUnits="userSpaceOnUse">
        <rect className="plot-hatch-ground" width="6" height="6" />
        <path className="plot-hatch" d="M0 6 L6 0" />
      </pattern>
      {bars.map(({ key, title, parts }) => (
        <g key={key} transform={`translate(${bands.positionOf(key) - bands.bandWidth / 2},0)`}>
          <title>{title}</title>
          {stacked(parts).map(({ tone, from, to }) => (
            <rect
              key={tone}
              className={`plot-bar plot-bar-${tone}`}
              fill={tone === 'late' ? `url(#${hatching})` : undefined}
              width={bands.bandWidth}
              y={values.positionOf(to)}
              height={Math.max(0, values.positionOf(from) - values.positionOf(to))}
            />
          ))}
          {/* Also where a bar is low or missing the mouse finds its figures. */}
          <rect className="plot-bar-ground" width={bands.bandWidth} height={area.height} />
        </g>
      ))}
    </g>
  );
}

function stacked(parts: Bar['parts']): { tone: BarTone; from: number; to: number }[] {
  let below = 0;
  return parts.map(({ tone, value }) => {
    const from = below;
    below += value;
    return { tone, from, to: below };
  });
}
