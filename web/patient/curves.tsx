import { useQuery } from '@tanstack/react-query';
import { Failure } from '../calls/failure.js';
import { type ClinicalEvent, eventsQuery, type EventType, eventTypesQuery } from '../calls/record.js';
import { type Measurement, measurementsQuery } from '../calls/ward.js';
import { BottomAxis, LeftAxis } from '../plots/axes.js';
import { Legend } from '../plots/legend.js';
import { Limit, Line, Moment } from '../plots/marks.js';
import { Plot, type PlotArea } from '../plots/plot.js';
import { PlotTable } from '../plots/plot-table.js';
import { dayScale, valueScale } from '../plots/scales.js';
import { dayText } from '../words/dates.js';
import { useLanguage } from '../words/language.js';
import { useWords } from '../words/use-words.js';
import { isHigh, type MeasuredPoint, pointsOf } from './curve-points.js';
import { titleOf } from '../items/event-facts.js';
import { placeOf, type Span } from './lanes.js';
import { patientWords } from './patient-words.js';

/** Each measured value of the patient over time, with its limit and what happened in between. */
export default function Curves({ patientId, span }: { readonly patientId: string; readonly span: Span }) {
  const words = useWords(patientWords);
  const events = useQuery(eventsQuery(patientId));
  const types = useQuery(eventTypesQuery).data?.items ?? [];
  const measurements = useQuery(measurementsQuery).data?.items ?? [];
  const measured = measurements
    .map((measurement) => ({ measurement, points: pointsOf(events.data?.items ?? [], measurement.code) }))
    .filter(({ points }) => points.length > 0);
  return (
    <section className="curves">
      <h2>{words.values}</h2>
      <Failure error={events.error} onRetry={() => void events.refetch()} />
      {events.data && measured.length === 0 && <p className="quiet">{words.noValues}</p>}
      <div className="curves-plots">
        {measured.map((one) => (
          <Curve key={one.measurement.code} {...one} {...{ span, types }} events={events.data?.items ?? []} />
        ))}
      </div>
    </section>
  );
}

interface CurveProps {
  readonly measurement: Measurement;
  readonly points: readonly MeasuredPoint[];
  readonly events: readonly ClinicalEvent[];
  readonly types: readonly EventType[];
  readonly span: Span;
}

function Curve({ measurement, points, events, types, span }: CurveProps) {
  const words = useWords(patientWords);
  const language = useLanguage();
  const label = `${measurement.title[language]} (${measurement.unit})`;
  const last = points[points.length - 1];
  return (
    <Plot
      label={label}
      summary={words.curve(label, points.length, last ? `${last.day} ${last.written}` : '')}
      legend={
        <Legend
          entries={[
            { mark: 'point', text: words.measured },
            { mark: 'hollow', text: words.belowDetection },
            { mark: 'late', text: words.aboveLimit },
            { mark: 'moment', text: words.treatment },
          ]}
        />
      }
      table={
        <PlotTable
          label={label}
          columns={[words.day, words.value]}
          rows={[...points]
            .reverse()
            .map(({ key, day, written }) => ({ key, cells: [dayText(day, language), written] }))}
        />
      }
    >
      {(area) => <Drawing {...{ area, measurement, points, events, types, span }} />}
    </Plot>
  );
}

function Drawing({
  area,
  measurement,
  points,
  events,
  types,
  span,
}: CurveProps & { readonly area: PlotArea }) {
  const words = useWords(patientWords);
  const language = useLanguage();
  const { limit } = measurement.referenceLimit;
  const shown = points.filter(({ day }) => placeOf(day, span) !== undefined);
  const days = dayScale(span.from, span.to, area.width);
  const values = valueScale(Math.max(limit * 1.6, ...shown.map(({ value }) => value)), area.height);
  const changes = events.filter(
    ({ type, date, voidedAt }) =>
      voidedAt === null &&
      placeOf(date, span) !== undefined &&
      types.some((one) => one.type === type && !one.recordsExams),
  );
  return (
    <>
      <LeftAxis area={area} ticks={values.ticks} />
      <BottomAxis area={area} ticks={days.ticks} />
      <Limit area={area} at={values.positionOf(limit)} text={words.limit(String(limit))} />
      {changes.map((event) => (
        <Moment
          key={event.id}
          area={area}
          at={days.positionOf(event.date)}
          text={titleOf(event, types, language)}
          title={`${event.date} ${titleOf(event, types, language)}`}
        />
      ))}
      <Line
        points={shown.map((point) => ({
          ...{ key: point.key, x: days.positionOf(point.day), y: values.positionOf(point.value) },
          title: `${point.day} ${point.written}`,
          isHollow: point.isBelow,
          isLate: isHigh(point, limit),
        }))}
      />
    </>
  );
}
