import { addDays, type CalendarDate } from '../../guideline/calendar.js';
import { type ItemDates, NEVER, openStatusOn } from '../../guideline/planned-item.js';
import type { ListSettings } from '../settings/list-settings.js';
import type { ItemStep, SurveillanceItem } from '../../schedules/surveillance-item.entity.js';

/** The lists of items. An item is in a list by its dates and its step alone. */
export const ITEM_LISTS = [
  'overdue',
  'due',
  'this_week',
  'to_book',
  'booked',
  'booked_passed',
  'awaiting_result',
  'not_attended',
  'returned',
  'ask_again',
] as const;
export type ItemList = (typeof ITEM_LISTS)[number];

/** What decides in which lists an open item is. */
export type ListedItem = Omit<ItemDates, 'completedOn'> &
  Pick<SurveillanceItem, 'id' | 'state' | 'urgentOn' | 'step' | 'stepOn' | 'stepUntil'>;

/** The step ended by itself: the day has come on which the item is to be booked again. */
export const hasReturned = ({ stepUntil }: Pick<ListedItem, 'stepUntil'>, today: CalendarDate): boolean =>
  stepUntil !== null && stepUntil <= today;

/** The lists in which the item is on `today`. */
export const listsOf = (item: ListedItem, today: CalendarDate, settings: ListSettings): ItemList[] =>
  item.state === 'active'
    ? [...listsByDate(item, today, settings), ...listsByStep(item, today, settings)]
    : [];

/** Of an item without a step, or whose step has ended by itself. */
function listsByDate(item: ListedItem, today: CalendarDate, { bookAheadDays }: ListSettings): ItemList[] {
  if (item.step !== null && !hasReturned(item, today)) return [];
  const status = openStatusOn(today, item);
  if (status === 'overdue' || status === 'due') return [status, 'to_book'];
  if (status !== 'upcoming') return [];
  const isWithin = (days: number): boolean => item.due <= addDays(today, days);
  return [
    ...(isWithin(DAYS_OF_WEEK) ? (['this_week'] as const) : []),
    ...(isWithin(bookAheadDays) ? (['to_book'] as const) : []),
  ];
}

/** `this_week`: what falls due after today, within so many days. */
export const DAYS_OF_WEEK = 7;

/** The items of a list by date fall due within so many days. */
export function daysAhead<Days>(
  list: ItemList,
  settings: { readonly bookAheadDays: Days },
): Days | typeof DAYS_OF_WEEK | 0 {
  if (list === 'this_week') return DAYS_OF_WEEK;
  return list === 'to_book' ? settings.bookAheadDays : 0;
}

function listsByStep(item: ListedItem, today: CalendarDate, { resultWithinDays }: ListSettings): ItemList[] {
  const on = dayOfStep(item);
  switch (item.step) {
    case 'booked':
      return [on < today ? 'booked_passed' : 'booked'];
    case 'attended':
      return on <= addDays(today, -resultWithinDays) ? ['awaiting_result'] : [];
    case 'not_attended':
      return ['not_attended'];
    case 'deferred':
    case 'contraindicated':
      return hasReturned(item, today) ? ['returned'] : [];
    case 'declined':
      return hasReturned(item, today) ? ['ask_again'] : [];
    case null:
      return [];
  }
}

// Each of these steps is recorded with its day.
const dayOfStep = ({ stepOn }: Pick<ListedItem, 'stepOn'>): CalendarDate => stepOn ?? NEVER;

// Earlier than any other day of an item: what has returned stands at the top.
export const RETURNED_FIRST_DAYS = 36_525;

/**
 * The day by which an item takes its place in a list, the earliest first. Changes only with facts about the item, never
 * with time:
 *
 * - `overdue`, `due`, `to_book`: the first late day, yet no later than 62 days after the due date, and for an exam that a
 *   finding asks for a year before the due date (`urgentDay`); `this_week`: the due date; what has returned stands before
 *   all others, by the day of its return;
 * - `booked`, `booked_passed`, `awaiting_result`, `not_attended`: the day of the step;
 * - `returned`, `ask_again`: the day of the return.
 */
export function placeIn(list: ItemList, item: ListedItem): CalendarDate {
  const { due, overdue, urgentOn, stepUntil } = item;
  if (list === 'returned' || list === 'ask_again') return stepUntil ?? due;
  if (!isByDate(list)) return dayOfStep(item);
  if (stepUntil === null && list === 'this_week') return due;
  return stepUntil === null ? (urgentOn ?? overdue) : addDays(stepUntil, -RETURNED_FIRST_DAYS);
}

/** The steps whose items a list holds; none: a list by date. */
export const STEPS_OF_LIST: Readonly<Record<ItemList, readonly ItemStep[]>> = {
  overdue: [],
  due: [],
  this_week: [],
  to_book: [],
  booked: ['booked'],
  booked_passed: ['booked'],
  awaiting_result: ['attended'],
  not_attended: ['not_attended'],
  returned: ['deferred', 'contraindicated'],
  ask_again: ['declined'],
};

/** Whether the item's dates, and not its step, decide about the list. */
export const isByDate = (list: ItemList): boolean => STEPS_OF_LIST[list].length === 0;
