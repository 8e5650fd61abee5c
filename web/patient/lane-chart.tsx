import { useQuery } from '@tanstack/react-query';
import { type KeyboardEvent, useMemo, useRef, useState } from 'react';
import { useToday } from '../calls/me.js';
import type { Schedule } from '../calls/patients.js';
import { eventsQuery, eventTypesQuery } from '../calls/record.js';
import { useActivityName } from '../items/item-facts.js';
import { useWidth } from '../plots/width.js';
import { dayScale, type Tick } from '../plots/scales.js';
import { dayText } from '../words/dates.js';
import { useLanguage } from '../words/language.js';
import { useWords } from '../words/use-words.js';
import { factsOf, titleOf } from '../items/event-facts.js';
import { LaneMark } from './lane-mark.js';
import {
  kindOf,
  type Lane,
  lanesOf,
  neighbourOf,
  placeOf,
  rowsOfLabels,
  type Span,
  windowOf,
} from './lanes.js';
import { patientWords } from './patient-words.js';
import './lane-chart.css';

const ARROWS = ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown'];

/** One lane for each activity. Each date is a button: the mouse or the focus explains it, a click opens it. */
export function LaneChart({
  patientId,
  schedule,
  span,
  openId,
  onOpen,
}: {
  readonly patientId: string;
  readonly schedule: Schedule;
  readonly span: Span;
  readonly openId: string | undefined;
  readonly onOpen: (id: string) => void;
}) {
  const words = useWords(patientWords);
  const [ref, width] = useWidth<HTMLDivElement>();
  const lanes = useMemo(() => shownIn(lanesOf(schedule.items), span), [schedule.items, span]);
  const changes = useChanges(patientId, span);
  const chart = useRef<HTMLDivElement>(null);
  const [focused, setFocused] = useState<string>();
  const inOrder = lanes.flatMap(({ items }) => items);
  const tabbed = inOrder.find(({ id }) => id === (focused ?? openId))?.id ?? firstOpen(lanes);
  const move = (event: KeyboardEvent): void => {
    if (!ARROWS.includes(event.key)) return;
    const next = neighbourOf(lanes, tabbed, event.key);
    event.preventDefault();
    event.stopPropagation();
    if (next) chart.current?.querySelector<HTMLElement>(`[data-item="${next.id}"]`)?.focus();
  };
  const ticks = width > 0 ? dayScale(span.from, span.to, width).ticks : [];
  return (
    <div className="lanes" role="group" aria-label={words.lanesLabel} ref={chart} onKeyDown={move}>
      <EventLane changes={changes} />
      <div className="lane-ground" aria-hidden="true">
        <div className="lane-track" ref={ref}>
          <Ground {...{ ticks, span, changes }} />
        </div>
      </div>
      {lanes.map((lane, place) => (
        <LaneRow
          key={lane.activity}
          {...{ lane, span, tabbed, openId, onOpen }}
          isLow={place > lanes.length / 2}
          onFocus={setFocused}
        />
      ))}
      <div className="lane lane-axis" aria-hidden="true">
        <span className="lane-name" />
        <div className="lane-track">
          {ticks.map(({ at, text }) => (
            <span key={text} className="lane-tick" style={{ left: at }}>
              {text}
            </span>
          ))}
        </div>
      </div>
      <p className="spoken">{words.lanesHelp}</p>
      <LaneLegend items={inOrder} />
    </div>
  );
}

const shownIn = (lanes: readonly Lane[], span: Span): readonly Lane[] =>
  lanes
    .map(({ activity, items }) => ({
      activity,
      items: items.filter((item) =>
        item.completedOn === null
          ? windowOf(item, span) !== undefined
          : placeOf(item.completedOn, span) !== undefined,
      ),
    }))
    .filter(({ items }) => items.length > 0);

/** Where the keyboard enters: the first date that a person has to act on. */
function firstOpen(lanes: readonly Lane[]): string | undefined {
  const items = lanes.flatMap((lane) => lane.items);
  const byStatus = (status: string) => items.find((item) => item.status === status);
  return (byStatus('overdue') ?? byStatus('due') ?? byStatus('upcoming') ?? items[0])?.id;
}

function LaneRow({
  lane,
  span,
  tabbed,
  openId,
  isLow,
  onOpen,
  onFocus,
}: {
  readonly lane: Lane;
  readonly span: Span;
  readonly tabbed: string | undefined;
  readonly openId: string | undefined;
  /** In the lower half: what is shown about a date opens upwards. */
  readonly isLow: boolean;
  readonly onOpen: (id: string) => void;
  readonly onFocus: (id: string) => void;
}) {
  const name = useActivityName()(lane.activity);
  return (
    <div className="lane" role="group" aria-label={name}>
      <span className="lane-name">{name}</span>
      <div className="lane-track">
        {lane.items.map((item) => (
          <LaneMark
            key={item.id}
            {...{ item, span, isLow, onOpen, onFocus }}
            isTabbed={item.id === tabbed}
            isOpen={item.id === openId}
          />
        ))}
      </div>
    </div>
  );
}

/** What the forms of the marks mean, of those that are drawn. */
function LaneLegend({ items }: { readonly items: Lane['items'] }) {
  const words = useWords(patientWords);
  const kinds = [...new Set(items.map(kindOf))];
  return (
    <ul className="lane-legend">
      {kinds.map((kind) => (
        <li key={kind}>
          <span className={`lane-mark lane-mark-${kind}`} aria-hidden="true" />
          {words.marks[kind]}
        </li>
      ))}
    </ul>
  );
}

/** Lines of the calendar, of what changed the plan, and today. */
function Ground({
  ticks,
  span,
  changes,
}: {
  readonly ticks: readonly Tick[];
  readonly span: Span;
  readonly changes: Changes;
}) {
  const words = useWords(patientWords);
  const today = placeOf(useToday(), span);
  return (
    <>
      {ticks.map(({ at, text }) => (
        <span key={text} className="lane-line" style={{ left: at }} />
      ))}
      {changes.shown.map(({ event, place }) => (
        <span key={event.id} className="lane-change" style={{ left: `${place}%` }} />
      ))}
      {today !== undefined && (
        <span className="lane-today" style={{ left: `${today}%` }}>
          <span>{words.today}</span>
        </span>
      )}
    </>
  );
}

type Changes = ReturnType<typeof useChanges>;

/** The events that changed the plan, with their places in the span. */
function useChanges(patientId: string, span: Span) {
  const types = useQuery(eventTypesQuery).data?.items ?? [];
  const events = useQuery(eventsQuery(patientId)).data?.items ?? [];
  const shown = events
    .filter(
      ({ type, voidedAt }) =>
        voidedAt === null && types.some((one) => one.type === type && !one.recordsExams),
    )
    .flatMap((event) => {
      const place = placeOf(event.date, span);
      return place === undefined ? [] : [{ event, place }];
    })
    .sort((a, b) => a.place - b.place);
  return { types, shown };
}

/** As much room as a label takes, in percent of the span. */
const LABEL_ROOM = 16;

/** What changed the plan: each event with a line through all lanes. */
function EventLane({ changes }: { readonly changes: Changes }) {
  const words = useWords(patientWords);
  const language = useLanguage();
  const { shown, types } = changes;
  if (shown.length === 0) return null;
  const rows = rowsOfLabels(
    shown.map(({ place }) => place),
    LABEL_ROOM,
  );
  return (
    <div className="lane lane-events" role="group" aria-label={words.eventsLane}>
      <span className="lane-name">{words.eventsLane}</span>
      <ul className="lane-track" style={{ height: (Math.max(...rows) + 1) * 20 + 4 }}>
        {shown.map(({ event, place }, index) => (
          <li
            key={event.id}
            className={place > 100 - LABEL_ROOM ? 'lane-event is-late' : 'lane-event'}
            style={{ left: `${place}%`, top: (rows[index] ?? 0) * 20 }}
            title={`${dayText(event.date, language)} ${factsOf(event, types, language).join(' · ')}`}
          >
            <span>
              {titleOf(event, types, language)} {event.date}
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}
