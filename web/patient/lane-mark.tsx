import { useQuery } from '@tanstack/react-query';
import { useEffect, useId, useState } from 'react';
import { reasonQuery } from '../calls/items.js';
import { useToday } from '../calls/me.js';
import { DueDay, UrgencyChip, useActivityName, WindowText } from '../items/item-facts.js';
import { itemWords } from '../items/item-words.js';
import { addDays, dayText } from '../words/dates.js';
import { useLanguage } from '../words/language.js';
import { useWords } from '../words/use-words.js';
import { dayOf, kindOf, placeOf, type ScheduleItem, type Span, windowOf } from './lanes.js';
import { patientWords } from './patient-words.js';

/** The mouse must rest on a date for so long: moving across lanes shows nothing. */
const REST_MS = 120;

/** One item of a lane: its window with the due day, or the day on which it was done. */
export function LaneMark({
  item,
  span,
  isTabbed,
  isOpen,
  isLow,
  onOpen,
  onFocus,
}: {
  readonly item: ScheduleItem;
  readonly span: Span;
  readonly isTabbed: boolean;
  readonly isOpen: boolean;
  readonly isLow: boolean;
  readonly onOpen: (id: string) => void;
  readonly onFocus: (id: string) => void;
}) {
  const label = useLabel(item);
  const id = useId();
  const today = useToday();
  const hover = useHover();
  const isCard = hover.isShown && !isOpen; // the panel says all of it
  const kind = kindOf(item);
  const place = placeOf(dayOf(item), span);
  const window = windowOf(kind === 'late' ? { ...item, overdue: addDays(today, 1) } : item, span);
  const isWindow = kind === 'late' || kind === 'due' || kind === 'ahead';
  const left = isWindow ? (window?.left ?? 0) : (place ?? 0);
  const width = isWindow ? (window?.width ?? 0) : 0;
  const due = isWindow ? placeOf(item.due, span) : undefined;
  return (
    <>
      <button
        type="button"
        data-item={item.id}
        className={`lane-mark lane-mark-${kind}${isOpen ? ' is-open' : ''}${isStepped(item) ? ' is-stepped' : ''}`}
        style={{ left: `${left}%`, width: isWindow ? `max(14px, ${width}%)` : undefined }}
        tabIndex={isTabbed ? 0 : -1}
        aria-label={label}
        aria-expanded={isOpen}
        aria-describedby={isCard ? id : undefined}
        onClick={() => onOpen(item.id)}
        onFocus={() => {
          onFocus(item.id);
          hover.show();
        }}
        onBlur={hover.hide}
        onPointerEnter={hover.rest}
        onPointerLeave={hover.hide}
      >
        {due !== undefined && width > 0 && (
          <span className="lane-due" style={{ left: `${(100 * (due - left)) / width}%` }} />
        )}
      </button>
      {isCard && <MarkCard {...{ id, item, isLow }} place={place ?? left} />}
    </>
  );
}

const isStepped = ({ step }: ScheduleItem): boolean => step !== null;

function useLabel(item: ScheduleItem): string {
  const words = useWords(patientWords);
  const language = useLanguage();
  const name = useActivityName()(item.activity);
  const day = dayText(dayOf(item), language);
  return words.itemOf(name, day, words.marks[kindOf(item)]);
}

/** Shows something while the mouse rests or the focus is there; Escape and leaving hide it. */
function useHover() {
  const [state, setState] = useState<'hidden' | 'resting' | 'shown'>('hidden');
  useEffect(() => {
    if (state !== 'resting') return;
    const timer = setTimeout(() => setState('shown'), REST_MS);
    return () => clearTimeout(timer);
  }, [state]);
  return {
    isShown: state === 'shown',
    rest: () => setState((present) => (present === 'hidden' ? 'resting' : present)),
    show: () => setState('shown'),
    hide: () => setState('hidden'),
  };
}

/** The short form of the explanation: the rule, where it is written, and the arithmetic. */
function MarkCard({
  id,
  item,
  place,
  isLow,
}: {
  readonly id: string;
  readonly item: ScheduleItem;
  readonly place: number;
  readonly isLow: boolean;
}) {
  const words = useWords(patientWords);
  const items = useWords(itemWords);
  const language = useLanguage();
  const name = useActivityName()(item.activity);
  const why = useQuery(reasonQuery(item.id)).data?.[language];
  return (
    <div
      role="tooltip"
      id={id}
      className={`mark-card${place > 60 ? ' is-left' : ''}${isLow ? ' is-above' : ''}`}
      style={{ left: `${place}%` }}
    >
      <p className="mark-card-head">
        <strong>{name}</strong> {item.completedOn === null && <UrgencyChip item={item} />}
      </p>
      <p>
        {items.due} <DueDay day={item.due} />
        {item.completedOn !== null && ` · ${words.doneOn(item.completedOn)}`}
        {item.step === 'booked' && item.stepOn !== null && ` · ${words.bookedOn(item.stepOn)}`}
      </p>
      <p className="quiet">
        {items.window} <WindowText item={item} />
      </p>
      {why && (
        <>
          <p className="mark-card-rule">{why.rule}</p>
          <p>{why.arithmetic}</p>
          <p className="quiet">
            {why.guideline} {why.section} · {why.recommendation}
          </p>
        </>
      )}
    </div>
  );
}
