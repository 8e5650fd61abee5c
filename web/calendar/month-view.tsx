import type { KeyboardEvent } from 'react';
import type { CalendarDay, CalendarWeek, WardCalendar } from '../calls/calendar.js';
import { useToday } from '../calls/me.js';
import { useActivityName } from '../items/item-facts.js';
import { Button } from '../parts/button.js';
import { Chip } from '../parts/chip.js';
import { Link } from '../routing/link.js';
import { addDays, dayText, shortDay, weekdayText } from '../words/dates.js';
import { useLanguage } from '../words/language.js';
import { useWords } from '../words/use-words.js';
import { addressOf, type CalendarAddress } from './calendar-address.js';
import { calendarWords } from './calendar-words.js';
import { LoadMark } from './load-mark.js';
import { byActivity } from './load-state.js';
import { isInMonthOf, mondayOf } from './ranges.js';
import './month-view.css';

const LINES_OF_SHARES = 3;

/** The load of each day of a month against what it can take, and of each week together. */
export function MonthView({
  address,
  date,
  calendar,
  onLevel,
}: {
  readonly address: CalendarAddress;
  readonly date: string;
  readonly calendar: WardCalendar;
  readonly onLevel: (week: string) => void;
}) {
  const words = useWords(calendarWords);
  const language = useLanguage();
  const today = useToday();
  const weeks = calendar.weeks.map((week) => ({
    week,
    days: calendar.days.filter((day) => mondayOf(day.date) === week.from),
  }));
  return (
    <table className="month" onKeyDown={moveBetweenDays}>
      <caption className="spoken">{words.loadHelp}</caption>
      <thead>
        <tr>
          {weeks[0]?.days.map((day) => (
            <th key={day.date} scope="col">
              {weekdayText(day.date, language)}
            </th>
          ))}
          <th scope="col" className="month-week">
            {words.week}
          </th>
        </tr>
      </thead>
      <tbody>
        {weeks.map(({ week, days }) => (
          <tr key={week.from}>
            {days.map((day) => (
              <DayCell key={day.date} {...{ address, day }} isOther={!isInMonthOf(day.date, date)} />
            ))}
            <td className="month-week">
              <WeekSum
                week={week}
                canLevel={addDays(week.from, 6) > today && (week.isOver || days.some(({ isOver }) => isOver))}
                onLevel={onLevel}
              />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function DayCell({
  address,
  day,
  isOther,
}: {
  readonly address: CalendarAddress;
  readonly day: CalendarDay;
  readonly isOther: boolean;
}) {
  const words = useWords(calendarWords);
  const language = useLanguage();
  const nameOf = useActivityName();
  const today = useToday();
  const shares = byActivity(day.shares);
  const shown = shares.slice(0, shares.length > LINES_OF_SHARES ? LINES_OF_SHARES - 1 : LINES_OF_SHARES);
  const rest = shares.length - shown.length;
  const isPast = day.date < today;
  const classes = ['month-day', !day.isWorkingDay && 'is-off', isOther && 'is-other', isPast && 'is-past'];
  return (
    <td className={classes.filter(Boolean).join(' ')}>
      <Link
        to={addressOf({ ...address, view: 'day', date: day.date })}
        aria-current={day.date === today ? 'date' : undefined}
        data-day={day.date}
      >
        <span className="month-head">
          <span className="spoken">{dayText(day.date, language)}</span>
          <span className="month-number" aria-hidden="true">
            {day.date.endsWith('-01') ? shortDay(day.date) : Number(day.date.slice(8))}
          </span>
          {day.date === today && <Chip tone="active">{words.today}</Chip>}
          <SpecialDay day={day} />
        </span>
        <LoadMark day={day} isPast={isPast} />
        {shown.map(({ activity, booked, due }) => (
          <span key={activity} className="month-share">
            <span className="month-share-name">{nameOf(activity)}</span> {booked + due}
          </span>
        ))}
        {rest > 0 && <span className="month-share quiet">{words.moreShares(rest)}</span>}
      </Link>
    </td>
  );
}

/** A public holiday, a make-up workday, or a day of the hospital. */
export function SpecialDay({ day: { special, isWorkingDay } }: { readonly day: CalendarDay }) {
  const words = useWords(calendarWords);
  if (special === null) return null;
  return (
    <Chip tone={isWorkingDay ? 'warning' : 'done'} title={special.name}>
      {isWorkingDay ? words.works : words.off} {special.name}
    </Chip>
  );
}

function WeekSum({
  week: { from, booked, due, capacity, isOver },
  canLevel,
  onLevel,
}: {
  readonly week: CalendarWeek;
  /** Whether a day to come, or the whole week, has more than it can take. */
  readonly canLevel: boolean;
  readonly onLevel: (week: string) => void;
}) {
  const words = useWords(calendarWords);
  return (
    <>
      <span className="quiet small">{words.weekOf(shortDay(from), shortDay(addDays(from, 6)))}</span>
      <span>
        {capacity === null ? words.weekCount(booked + due) : words.weekDemand(booked + due, capacity)}{' '}
        {isOver && <Chip tone="late">{words.states.over}</Chip>}
      </span>
      {canLevel && (
        <Button kind="quiet" aria-label={`${words.level} ${from}`} onClick={() => onLevel(from)}>
          {words.level}
        </Button>
      )}
    </>
  );
}

const STEPS: Readonly<Record<string, number>> = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };

/** The arrow keys move between the days; at the edge they are left to the page, which shows another month. */
function moveBetweenDays(event: KeyboardEvent): void {
  const step = STEPS[event.key];
  const day = event.target instanceof HTMLElement ? event.target.dataset.day : undefined;
  if (step === undefined || day === undefined) return;
  const next = event.currentTarget.querySelector<HTMLElement>(`[data-day="${addDays(day, step)}"]`);
  if (next === null) return;
  event.preventDefault();
  next.focus();
}
