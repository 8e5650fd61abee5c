import { useQuery } from '@tanstack/react-query';
import { capacitiesQuery } from '../calls/calendar.js';
import { activitiesQuery } from '../calls/ward.js';
import { Button } from '../parts/button.js';
import { Choices } from '../parts/choices.js';
import { SelectField } from '../parts/field.js';
import { addDays, dayText } from '../words/dates.js';
import { useLanguage } from '../words/language.js';
import { useWords } from '../words/use-words.js';
import type { CalendarAddress } from './calendar-address.js';
import { calendarWords } from './calendar-words.js';
import { mondayOf, type View, VIEWS } from './ranges.js';
import './calendar-bar.css';

interface CalendarBarProps {
  readonly address: CalendarAddress;
  readonly date: string;
  readonly go: (change: Partial<CalendarAddress>) => void;
  readonly onShift: (by: 1 | -1) => void;
  readonly onToday: () => void;
  readonly onLevel: (() => void) | undefined;
  readonly onArrange: (() => void) | undefined;
  readonly onFeeds: (() => void) | undefined;
}

/** Which days are shown and of what, and what can be done with them as a whole. */
export function CalendarBar(props: CalendarBarProps) {
  const { address, date, go, onShift, onToday, onLevel, onArrange, onFeeds } = props;
  const words = useWords(calendarWords);
  const { view } = address;
  return (
    <div className="calendar-bar not-printed">
      <h1>
        <Period view={view} date={date} />
      </h1>
      {view !== 'forecast' && (
        <span className="calendar-steps">
          <Button aria-label={words.earlier} title={words.earlier} onClick={() => onShift(-1)}>
            ‹
          </Button>
          <Button hint="t" onClick={onToday}>
            {words.today}
          </Button>
          <Button aria-label={words.later} title={words.later} onClick={() => onShift(1)}>
            ›
          </Button>
        </span>
      )}
      <span className="calendar-views">
        <Choices
          label={words.view}
          options={VIEWS.map((one) => ({ value: one, text: words.views[one] }))}
          value={view}
          onValue={(chosen) => go({ view: chosen as View })}
        />
      </span>
      <Filters address={address} go={go} />
      <span className="calendar-space" />
      {onLevel && (
        <Button kind="quiet" hint="l" onClick={onLevel}>
          {words.level}
        </Button>
      )}
      {onArrange && (
        <Button kind="quiet" hint="v" onClick={onArrange}>
          {words.arrange}
        </Button>
      )}
      {onFeeds && (
        <Button kind="quiet" onClick={onFeeds}>
          {words.feeds}
        </Button>
      )}
      <Button kind="quiet" onClick={() => window.print()}>
        {words.print}
      </Button>
    </div>
  );
}

function Period({ view, date }: { readonly view: View; readonly date: string }) {
  const words = useWords(calendarWords);
  const language = useLanguage();
  if (view === 'forecast') return words.views.forecast;
  if (view === 'month') return date.slice(0, 7);
  if (view === 'day') return dayText(date, language);
  return words.weekOf(mondayOf(date), addDays(mondayOf(date), 6).slice(5));
}

/** Both filters are part of the address. */
function Filters({
  address: { activity = '', place = '', view },
  go,
}: Pick<CalendarBarProps, 'address' | 'go'>) {
  const words = useWords(calendarWords);
  const language = useLanguage();
  const activities = useQuery(activitiesQuery).data?.items ?? [];
  const capacities = useQuery(capacitiesQuery).data?.capacities ?? [];
  const named = capacities.flatMap((capacity) => capacity.place ?? []);
  const places = [...new Set(place === '' ? named : [place, ...named])];
  return (
    <>
      <SelectField
        label={words.activity}
        options={[
          { value: '', text: words.allActivities },
          ...activities.map(({ code, title }) => ({ value: code, text: title[language] })),
        ]}
        value={activity}
        onValue={(value) => go({ activity: value })}
      />
      {view !== 'forecast' && places.length > 0 && (
        <SelectField
          label={words.place}
          options={[
            { value: '', text: words.allPlaces },
            ...places.map((name) => ({ value: name, text: name })),
          ]}
          value={place}
          onValue={(value) => go({ place: value })}
        />
      )}
    </>
  );
}
