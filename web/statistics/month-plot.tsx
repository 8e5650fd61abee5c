import { BottomAxis, LeftAxis } from '../plots/axes.js';
import { Legend } from '../plots/legend.js';
import { Limit, Line, type Point } from '../plots/marks.js';
import { Plot, type PlotArea } from '../plots/plot.js';
import { PlotTable } from '../plots/plot-table.js';
import { bandScale, valueScale } from '../plots/scales.js';
import { useWords } from '../words/use-words.js';
import { type FIGURES, valueOf } from './figures.js';
import type { MonthShare } from './series.js';
import { intervalOf, isSmall } from './shares.js';
import { statisticsWords } from './statistics-words.js';

interface MonthPlotProps {
  readonly label: string;
  readonly figure: (typeof FIGURES)[number];
  readonly series: readonly MonthShare[];
  /** In percent. */
  readonly target: number | undefined;
  readonly height: number;
  /** The same figure of all, drawn behind; its highest value sets the scale. */
  readonly reference?: readonly MonthShare[];
}

/** A figure month by month. Points of few cases are hollow, and a month that is not over hangs on a dashed line. */
export function MonthPlot({ label, figure, series, target, height, reference }: MonthPlotProps) {
  const words = useWords(statisticsWords);
  const written = (value: number | null): string =>
    value === null ? '–' : figure.isQuotient ? String(value) : words.percent(value);
  const values = valuesOf(figure, series);
  const shown = values.filter(({ value }) => value !== null);
  const hasSmall = shown.some(({ share }) => share && isSmall(share));
  const isOpen = shown.some(({ isOver }) => !isOver);
  const most = figure.isQuotient
    ? Math.max(1, ...[...values, ...valuesOf(figure, reference ?? [])].map(({ value }) => value ?? 0))
    : 100;
  return (
    <Plot
      label={label}
      summary={words.plotSummary(
        shown.length,
        written(shown[0]?.value ?? null),
        written(shown[shown.length - 1]?.value ?? null),
      )}
      height={height}
      legend={
        reference === undefined &&
        (hasSmall || isOpen) && (
          <Legend
            entries={[
              ...(hasSmall ? [{ mark: 'hollow' as const, text: words.smallPoint }] : []),
              ...(isOpen ? [{ mark: 'moment' as const, text: words.unfinished }] : []),
            ]}
          />
        )
      }
      table={
        <PlotTable
          label={label}
          columns={[words.month, words.share, words.cases, words.interval]}
          rows={values.map(({ month, share, value }) => {
            const interval = share && !figure.isQuotient ? intervalOf(share) : null;
            return {
              key: month,
              cells: [
                ...[month, written(value), share ? words.ofAll(share.numerator, share.denominator) : '–'],
                interval === null ? '–' : `${interval[0]}–${interval[1]} %`,
              ],
            };
          })}
        />
      }
    >
      {(area) => (
        <Months
          {...{ area, values, most, written, target }}
          reference={reference && valuesOf(figure, reference)}
        />
      )}
    </Plot>
  );
}

type MonthValue = MonthShare & { readonly value: number | null };

const valuesOf = (figure: MonthPlotProps['figure'], series: readonly MonthShare[]): readonly MonthValue[] =>
  series.map((month) => ({ ...month, value: month.share && valueOf(figure, month.share) }));

function Months({
  area,
  values,
  reference,
  most,
  target,
  written,
}: {
  readonly area: PlotArea;
  readonly values: readonly MonthValue[];
  readonly reference: readonly MonthValue[] | undefined;
  readonly most: number;
  readonly target: number | undefined;
  readonly written: (value: number | null) => string;
}) {
  const words = useWords(statisticsWords);
  const bands = bandScale(
    values.map(({ month }) => month),
    area.width,
  );
  const scale = valueScale(most, area.height);
  const pointsOf = (months: readonly MonthValue[]): readonly Point[] =>
    months.flatMap(({ month, share, value }) =>
      share === null || value === null
        ? []
        : [
            {
              ...{ key: month, x: bands.positionOf(month), y: scale.positionOf(value) },
              title: `${month}: ${written(value)} (${words.ofAll(share.numerator, share.denominator)})`,
              isHollow: isSmall(share),
            },
          ],
    );
  const over = pointsOf(values.filter(({ isOver }) => isOver));
  const open = pointsOf(values.filter(({ isOver }) => !isOver));
  return (
    <>
      <LeftAxis area={area} ticks={scale.ticks} />
      <BottomAxis area={area} ticks={bands.ticks} />
      {target !== undefined && (
        <Limit area={area} at={scale.positionOf(target)} text={words.target(target)} />
      )}
      {reference && (
        <g className="month-reference" aria-hidden="true">
          <Line points={pointsOf(reference.filter(({ isOver }) => isOver))} isDashed />
        </g>
      )}
      {open.length > 0 && <Line points={[...over.slice(-1), ...open]} isDashed />}
      <Line points={over} />
    </>
  );
}
