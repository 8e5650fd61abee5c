import type { Appointment } from '../calls/appointments.js';
import { type Command, useCommands } from '../commands/commands.js';
import { useWords } from '../words/use-words.js';
import { calendarWords } from './calendar-words.js';
import { type View, VIEWS } from './ranges.js';

const VIEW_KEYS: Readonly<Record<View, string>> = { month: 'm', week: 'w', day: 'd', forecast: 'f' };

interface CalendarPage {
  /** The appointments in the order of the page. */
  readonly order: readonly Appointment[];
  readonly cursor: string | undefined;
  readonly setCursor: (id: string) => void;
  readonly open: (appointment: Appointment) => void;
  readonly show: (view: View) => void;
  readonly shift: (by: 1 | -1) => void;
  readonly showToday: () => void;
  readonly arrange: () => void;
  readonly level: (() => void) | undefined;
  readonly subscribe: (() => void) | undefined;
}

/** Everything in the calendar that a key can do. */
export function useCalendarCommands(page: CalendarPage): void {
  useCommands([...useMoves(page), ...useViews(page)]);
}

function useMoves({ order, cursor, setCursor, open }: CalendarPage): Command[] {
  const words = useWords(calendarWords);
  const place = order.findIndex(({ id }) => id === cursor);
  const moveTo = (wanted: number): void => {
    const next = order[Math.min(Math.max(wanted, 0), order.length - 1)];
    if (next === undefined) return;
    setCursor(next.id);
    document.getElementById(`card-${next.id}`)?.focus();
  };
  const openCursor = (): void => {
    const found = order[place];
    if (found !== undefined) open(found);
  };
  const command = (id: string, title: string, keys: readonly string[], run: () => void): Command => ({
    ...{ id, title, group: words.moving, keys, run, isKeyOnly: true },
  });
  return [
    command('next-card', words.nextCard, ['j'], () => moveTo(place + 1)),
    command('previous-card', words.previousCard, ['k'], () => moveTo(place - 1)),
    command('open-card', words.openCard, ['enter'], openCursor),
  ];
}

function useViews({ show, shift, showToday, arrange, level, subscribe }: CalendarPage): Command[] {
  const words = useWords(calendarWords);
  const command = (id: string, title: string, keys: readonly string[], run: () => void): Command => ({
    ...{ id, title, group: words.title, keys, run },
  });
  return [
    ...VIEWS.map((view) => command(`view-${view}`, words.views[view], [VIEW_KEYS[view]], () => show(view))),
    command('today', words.today, ['t'], showToday),
    command('earlier', words.earlier, ['p', 'arrowleft'], () => shift(-1)),
    command('later', words.later, ['n', 'arrowright'], () => shift(1)),
    command('arrange', words.arrange, ['v'], arrange),
    ...(level ? [command('level', words.level, ['l'], level)] : []),
    ...(subscribe ? [command('feeds', words.feeds, ['s'], subscribe)] : []),
    command('print', words.print, ['i'], () => window.print()),
  ];
}
