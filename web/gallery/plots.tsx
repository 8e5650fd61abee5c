import { BottomAxis, LeftAxis } from '../plots/axes.js';
import { Bars } from '../plots/bars.js';
import { Legend } from '../plots/legend.js';
import { Limit, Line, Moment } from '../plots/marks.js';
import { Plot } from '../plots/plot.js';
import { PlotTable } from '../plots/plot-table.js';
import { bandScale, dayScale, valueScale } from '../plots/scales.js';
import { useWords } from '../words/use-words.js';
import { galleryWords } from './gallery-words.js';

const LIMIT = 5;
const VALUES = [
  { day: '2025-01-20', value: 4.1 },
  { day: '2025-05-06', value: 0.5, isHollow: true },
  { day: '2025-09-02', value: 2.2 },
  { day: '2025-12-11', value: 3.6 },
  { day: '2026-03-10', value: 7.4, isLate: true },
];
const WEEKS = [12, 18, 15, 22, 9, 14].map((booked, place) => ({
  week: `2026-W${place + 10}`,
  booked,
  toBook: 20 - booked > 0 ? 20 - booked : 0,
  beyond: Math.max(0, booked - 20),
}));

/** A line with a limit and a moment, and bars of several parts. */
export function Plots() {
  return (
    <>
      <Values />
      <Load />
    </>
  );
}

function Values() {
  const words = useWords(galleryWords);
  return (
    <Plot
      label={words.values}
      summary={words.valuesSummary}
      legend={
        <Legend
          entries={[
            { mark: 'point', text: words.value },
            { mark: 'hollow', text: words.hollow },
            { mark: 'late', text: words.overLimit },
          ]}
        />
      }
      table={
        <PlotTable
          label={words.values}
          columns={[words.day, words.value]}
          rows={VALUES.map(({ day, value }) => ({ key: day, cells: [day, value] }))}
        />
      }
    >
      {(area) => {
        const days = dayScale('2025-01-01', '2026-06-01', area.width);
        const values = valueScale(8, area.height);
        return (
          <>
            <LeftAxis area={area} ticks={values.ticks} />
            <BottomAxis area={area} ticks={days.ticks} />
            <Limit area={area} at={values.positionOf(LIMIT)} text={words.limit} />
            <Moment area={area} at={days.positionOf('2025-02-11')} text={words.operation} />
            <Line
              points={VALUES.map(({ day, value, ...mark }) => ({
                ...{
                  key: day,
                  x: days.positionOf(day),
                  y: values.positionOf(value),
                  title: `${day} ${value}`,
                },
                ...mark,
              }))}
            />
          </>
        );
      }}
    </Plot>
  );
}

function Load() {
  const words = useWords(galleryWords);
  return (
    <Plot
      label={words.load}
      summary={words.loadSummary}
      legend={
        <Legend
          entries={[
            { mark: 'bar-plain', text: words.booked },
            { mark: 'bar-soft', text: words.toBook },
            { mark: 'bar-late', text: words.beyond },
          ]}
        />
      }
      table={
        <PlotTable
          label={words.load}
          columns={[words.week, words.booked, words.toBook, words.beyond]}
          rows={WEEKS.map(({ week, ...figures }) => ({
            key: week,
            cells: [week, ...Object.values(figures)],
          }))}
        />
      }
    >
      {(area) => {
        const bands = bandScale(
          WEEKS.map(({ week }) => week),
          area.width,
        );
        const values = valueScale(24, area.height);
        return (
          <>
            <LeftAxis area={area} ticks={values.ticks} />
            <BottomAxis area={area} ticks={bands.ticks} />
            <Bars
              {...{ area, bands, values }}
              bars={WEEKS.map(({ week, booked, toBook, beyond }) => ({
                key: week,
                title: `${week} · ${words.booked} ${booked} · ${words.toBook} ${toBook}`,
                parts: [
                  { tone: 'plain', value: booked - beyond },
                  { tone: 'soft', value: toBook },
                  { tone: 'late', value: beyond },
                ],
              }))}
            />
          </>
        );
      }}
    </Plot>
  );
}
