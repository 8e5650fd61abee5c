import { addDays, type CalendarDate, order } from '../../guideline/calendar.js';
import type { WorkCalendar } from '../../work-calendar/work-calendar.js';
import type { DayRange } from '../../work-calendar/calendar-rows.js';
import type { CapacityLedger } from './capacity-ledger.js';
import { WorkingDays } from './working-days.js';

/** An item of the week that could move: booked on a day, or due on it. */
export interface MovableItem {
  readonly id: string;
  readonly patientId: string;
  readonly activity: string;
  /** The open appointment with it; null: it is not booked. */
  readonly appointmentId: string | null;
  /** The day on which it counts: of the appointment, or the due day. */
  readonly day: CalendarDate;
  readonly earliest: CalendarDate;
  /** The last day in time; null: it is never late. */
  readonly last: CalendarDate | null;
}

export interface Move {
  readonly patientId: string;
  readonly appointmentId: string | null;
  readonly items: readonly MovableItem[];
  readonly from: CalendarDate;
  readonly to: CalendarDate;
}

export interface LevelingContext {
  readonly today: CalendarDate;
  readonly calendar: Pick<WorkCalendar, 'isWorkingDay'>;
  /** Without the items themselves: what other appointments leave. */
  readonly capacity: CapacityLedger;
}

export interface Leveling {
  readonly moves: readonly Move[];
  /** Items that no day of their window can take. */
  readonly left: readonly MovableItem[];
}

/** An item is moved so many days at most. */
const FAR_DAYS = 60;

/**
 * Which patients to move, and to which day, so that no day exceeds its capacity. Items of one appointment move together, and each
 * stays inside the window of every item. Appointments keep their day before items that are not booked, and of these, the item
 * with the fewest possible days. Moves go to the nearest day.
 */
export function level(items: readonly MovableItem[], context: LevelingContext): Leveling {
  const { capacity } = context;
  const days = daysAround(items, context);
  const groups = groupsOf(items).map((group) => {
    const possible = possibleDays(group, context);
    return { group, possible, choices: days.count(possible.from, possible.to) };
  });
  groups.sort(
    (a, b) =>
      Number(isBooked(b.group)) - Number(isBooked(a.group)) ||
      a.choices - b.choices ||
      order(a.group[0]?.id ?? '', b.group[0]?.id ?? ''),
  );
  const moves: Move[] = [];
  const left: MovableItem[] = [];
  for (const { group, possible } of groups) {
    const [first] = group;
    if (first === undefined) continue;
    const day = firstThatFits(group, days.nearest(first.day, possible.from, possible.to), capacity);
    if (day === undefined) {
      left.push(...group);
      for (const item of group) capacity.take(item.day, item.activity);
      continue;
    }
    for (const item of group) capacity.take(day, item.activity);
    const { patientId, appointmentId, day: from } = first;
    if (day !== from) moves.push({ patientId, appointmentId, items: group, from, to: day });
  }
  return { moves: moves.sort((a, b) => order(a.from, b.from) || order(a.patientId, b.patientId)), left };
}

const isBooked = ([first]: readonly MovableItem[]): boolean => (first?.appointmentId ?? null) !== null;

/** The items that are done together: those of one appointment; of a patient without one, those of one day. */
function groupsOf(items: readonly MovableItem[]): MovableItem[][] {
  const groups = new Map<string, MovableItem[]>();
  for (const item of items) {
    const key = item.appointmentId ?? `${item.patientId} ${item.day}`;
    groups.set(key, [...(groups.get(key) ?? []), item]);
  }
  return [...groups.values()];
}

/** Every day to which one of these items can be moved. */
function daysAround(items: readonly MovableItem[], { today, calendar }: LevelingContext): WorkingDays {
  const days = items.map(({ day }) => day).sort(order);
  const [first = today, last = today] = [days[0], days.at(-1)];
  return new WorkingDays(addDays(first, -FAR_DAYS), addDays(last, FAR_DAYS), calendar);
}

/** The days from tomorrow on inside the windows of all items. */
function possibleDays(group: readonly MovableItem[], { today }: LevelingContext): DayRange {
  const present = group[0]?.day ?? today;
  const farthest = addDays(present, -FAR_DAYS);
  const tomorrow = addDays(today, 1);
  const from = group.reduce(
    (latest, { earliest }) => (earliest > latest ? earliest : latest),
    tomorrow > farthest ? tomorrow : farthest,
  );
  const to = group.reduce(
    (first, { last }) => (last !== null && last < first ? last : first),
    addDays(present, FAR_DAYS),
  );
  return { from, to };
}

function firstThatFits(
  group: readonly MovableItem[],
  days: Iterable<CalendarDate>,
  capacity: CapacityLedger,
): CalendarDate | undefined {
  for (const day of days) if (fitsAll(group, day, capacity)) return day;
  return undefined;
}

function fitsAll(group: readonly MovableItem[], day: CalendarDate, capacity: CapacityLedger): boolean {
  const counts = new Map<string, number>();
  for (const { activity } of group) counts.set(activity, (counts.get(activity) ?? 0) + 1);
  return (
    capacity.freeOfAll(day) >= group.length &&
    [...counts].every(([activity, count]) => capacity.freeOf(day, activity) >= count)
  );
}
