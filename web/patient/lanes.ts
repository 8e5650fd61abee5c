import type { Schedule } from '../calls/patients.js';
import { addDays, daysFrom, NEVER } from '../words/dates.js';

export type ScheduleItem = Schedule['items'][number];

/** How an item is drawn. */
export type MarkKind = 'done' | 'late' | 'due' | 'ahead' | 'missed' | 'before';

/** The days that are drawn, both included. */
export interface Span {
  readonly from: string;
  readonly to: string;
}

export interface Lane {
  readonly activity: string;
  readonly items: readonly ScheduleItem[];
}

/** How much is drawn: days before and after today. */
const AROUND = { near: [400, 430], wide: [900, 1100] } as const;
export type Reach = keyof typeof AROUND | 'all';
export const REACHES: readonly Reach[] = ['near', 'wide', 'all'];

/** So many days around a first and a last day, so that a mark there is seen whole. */
const MARGIN_DAYS = 30;

const KINDS: Readonly<Record<ScheduleItem['status'], MarkKind>> = {
  completed: 'done',
  overdue: 'late',
  due: 'due',
  upcoming: 'ahead',
  missed: 'missed',
  before_enrolment: 'before',
};
export const kindOf = ({ status }: Pick<ScheduleItem, 'status'>): MarkKind => KINDS[status];

export const isOpen = (item: Pick<ScheduleItem, 'status'>): boolean =>
  ['late', 'due', 'ahead'].includes(kindOf(item));

/** The day at which an item is drawn. */
export const dayOf = ({ completedOn, due }: Pick<ScheduleItem, 'completedOn' | 'due'>): string =>
  completedOn ?? due;

/** One lane for each activity, in the order in which the plan first asks for it; in a lane the items by their day. */
export function lanesOf(items: readonly ScheduleItem[]): readonly Lane[] {
  const lanes = new Map<string, ScheduleItem[]>();
  for (const item of items) lanes.set(item.activity, [...(lanes.get(item.activity) ?? []), item]);
  return [...lanes].map(([activity, own]) => ({
    activity,
    items: own.sort((a, b) => (dayOf(a) < dayOf(b) ? -1 : 1)),
  }));
}

/** The days that are drawn. It begins no earlier and ends no later than there is something to draw. */
export function spanOf(reach: Reach, days: readonly string[], today: string): Span {
  const [first, last] = [today, ...days].reduce<readonly [string, string]>(
    ([low, high], day) => [day < low ? day : low, day > high ? day : high],
    [today, today],
  );
  const whole = { from: addDays(first, -MARGIN_DAYS), to: addDays(last, MARGIN_DAYS) };
  if (reach === 'all') return whole;
  const [before, after] = AROUND[reach];
  const [from, to] = [addDays(today, -before), addDays(today, after)];
  return { from: from > whole.from ? from : whole.from, to: to < whole.to ? to : whole.to };
}

/** Where a day lies in the span, from 0 to 100; undefined: outside. */
export function placeOf(day: string, { from, to }: Span): number | undefined {
  if (day < from || day > to) return undefined;
  return (100 * daysFrom(from, day)) / Math.max(1, daysFrom(from, to));
}

/** The part of the span that a window takes, as far as it is drawn. */
export function windowOf(
  { earliest, due, overdue }: Pick<ScheduleItem, 'earliest' | 'due' | 'overdue'>,
  span: Span,
): { readonly left: number; readonly width: number } | undefined {
  const last = overdue === NEVER ? due : addDays(overdue, -1);
  if (last < span.from || earliest > span.to) return undefined;
  const left = placeOf(earliest < span.from ? span.from : earliest, span) ?? 0;
  const right = placeOf(last > span.to ? span.to : last, span) ?? 100;
  return { left, width: right - left };
}

/** Rows for labels that would lie on one another: the row of each place, the first from the top. */
export function rowsOfLabels(places: readonly number[], room: number): readonly number[] {
  const ends: number[] = [];
  return places.map((place) => {
    const free = ends.findIndex((end) => end <= place);
    const row = free === -1 ? ends.length : free;
    ends[row] = place + room;
    return row;
  });
}

/** The item to which an arrow key moves: along the lane, or to the nearest day of the next lane. */
export function neighbourOf(
  lanes: readonly Lane[],
  id: string | undefined,
  key: string,
): ScheduleItem | undefined {
  const laneIndex = lanes.findIndex(({ items }) => items.some((item) => item.id === id));
  const lane = lanes[laneIndex];
  const place = lane?.items.findIndex((item) => item.id === id) ?? -1;
  const item = lane?.items[place];
  if (!lane || !item) return lanes[0]?.items[0];
  if (key === 'ArrowLeft') return lane.items[place - 1];
  if (key === 'ArrowRight') return lane.items[place + 1];
  const next = lanes[laneIndex + (key === 'ArrowDown' ? 1 : -1)];
  return next && nearestTo(next.items, dayOf(item));
}

const nearestTo = (items: readonly ScheduleItem[], day: string): ScheduleItem | undefined => {
  const distance = (item: ScheduleItem): number => Math.abs(daysFrom(day, dayOf(item)));
  return [...items].sort((a, b) => distance(a) - distance(b))[0];
};
