import { useQuery } from '@tanstack/react-query';
import { type ForecastWeek, forecastQuery } from '../calls/calendar.js';
import { Failure } from '../calls/failure.js';
import { Busy } from '../parts/busy.js';
import { Choices } from '../parts/choices.js';
import { EmptyState } from '../parts/empty-state.js';
import { Notice } from '../parts/notice.js';
import { BottomAxis, LeftAxis } from '../plots/axes.js';
import { Bars } from '../plots/bars.js';
import { Legend } from '../plots/legend.js';
import { Line } from '../plots/marks.js';
import { Plot } from '../plots/plot.js';
import { PlotTable } from '../plots/plot-table.js';
import { bandScale, valueScale } from '../plots/scales.js';
import { shortDay } from '../words/dates.js';
import { useWords } from '../words/use-words.js';
import { FORECAST_WEEKS, type ForecastWeeks } from './calendar-address.js';
import { calendarWords } from './calendar-words.js';
import { earliestOf, peakOf, weekParts } from './forecast-bars.js';
import './forecast-view.css';

const HEIGHT = 340;

/** The demand of the coming weeks against what the working days can do. */
export default function ForecastView({
  weeks,
  activity,
  onWeeks,
}: {
  readonly weeks: ForecastWeeks;
  readonly activity: string | undefined;
  readonly onWeeks: (weeks: ForecastWeeks) => void;
}) {
  const words = useWords(calendarWords);
  const { data, error, refetch } = useQuery(forecastQuery(weeks, activity));
  const isEmpty = data?.weeks.every((week) => earliestOf(week) + week.latest === 0) === true;
  return (
    <div className="forecast">
      <div className="not-printed">
        <Choices
          label={words.forecastWeeks}
          options={FORECAST_WEEKS.map((count) => ({ value: String(count), text: words.weeks(count) }))}
          value={String(weeks)}
          onValue={(value) => onWeeks(FORECAST_WEEKS.find((count) => String(count) === value) ?? 13)}
        />
      </div>
      <p className="quiet">{words.forecastHelp}</p>
      <Failure error={error} onRetry={() => void refetch()} />
      {data === undefined && !error && <Busy text={words.loading} />}
      {isEmpty && <EmptyState title={words.forecastNone} />}
      {data && !isEmpty && <DemandPlot weeks={data.weeks} />}
    </div>
  );
}

function DemandPlot({ weeks }: { readonly weeks: readonly ForecastWeek[] }) {
  const words = useWords(calendarWords);
  const label = words.forecastTitle(weeks.length);
  const peak = peakOf(weeks);
  const tight = weeks.filter((week) => weekParts(week).beyond > 0).length;
  const most = Math.max(...weeks.map((week) => Math.max(earliestOf(week), week.booked + week.latest)));
  const titleOf = ({ from, booked, earliest, latest, capacity }: ForecastWeek): string =>
    [
      `${words.weekFrom} ${from}`,
      `${words.bookedItems} ${booked}`,
      `${words.earliest} ${earliest}`,
      `${words.latest} ${latest}`,
      `${words.capacity} ${capacity ?? words.unlimited}`,
    ].join(' · ');
  return (
    <>
      {tight > 0 && <Notice tone="warning" title={words.tightWeeks(tight)} />}
      <Plot
        label={label}
        summary={peak === undefined ? '' : words.forecastSummary(peak.from, earliestOf(peak))}
        height={HEIGHT}
        legend={
          <Legend
            entries={[
              { mark: 'bar-plain', text: words.bookedItems },
              { mark: 'bar-soft', text: words.latest },
              { mark: 'bar-late', text: words.beyond },
              { mark: 'point', text: words.earliestWithBooked },
            ]}
          />
        }
        table={<DemandTable label={label} weeks={weeks} />}
      >
        {(area) => {
          const bands = bandScale(
            weeks.map(({ from }) => from),
            area.width,
            shortDay,
          );
          const values = valueScale(most, area.height);
          return (
            <>
              <LeftAxis area={area} ticks={values.ticks} />
              <Bars
                {...{ area, bands, values }}
                bars={weeks.map((week) => {
                  const { booked, latest, beyond } = weekParts(week);
                  return {
                    key: week.from,
                    title: titleOf(week),
                    parts: [
                      { tone: 'plain', value: booked },
                      { tone: 'soft', value: latest },
                      { tone: 'late', value: beyond },
                    ],
                  };
                })}
              />
              <Line
                points={weeks.map((week) => ({
                  key: week.from,
                  x: bands.positionOf(week.from),
                  y: values.positionOf(earliestOf(week)),
                  title: titleOf(week),
                }))}
              />
              <BottomAxis area={area} ticks={bands.ticks} />
            </>
          );
        }}
      </Plot>
    </>
  );
}

function DemandTable({ label, weeks }: { readonly label: string; readonly weeks: readonly ForecastWeek[] }) {
  const words = useWords(calendarWords);
  return (
    <PlotTable
      label={label}
      columns={[
        words.weekFrom,
        words.workingDays,
        words.bookedItems,
        words.earliest,
        words.latest,
        words.capacity,
      ]}
      rows={weeks.map(({ from, to, workingDays, booked, earliest, latest, capacity }) => ({
        key: from,
        cells: [
          words.weekOf(from, shortDay(to)),
          workingDays,
          booked,
          earliest,
          latest,
          capacity ?? words.unlimited,
        ],
      }))}
    />
  );
}
