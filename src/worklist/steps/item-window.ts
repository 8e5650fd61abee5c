import { periodText } from '../../guideline/arithmetic.js';
import { addDays, addMonths, type CalendarDate, toDayNumber } from '../../guideline/calendar.js';
import type { Period, Text } from '../../guideline/guideline.js';
import type { Message } from '../../guideline/message.js';
import { NEVER } from '../../guideline/planned-item.js';
import { msg } from '../../platform/messages/dictionary.js';
import type { ItemRow } from '../../schedules/planned-row.js';

/** The days on which an item should be done. */
export interface ItemWindow {
  readonly earliest: CalendarDate;
  readonly due: CalendarDate;
  /** The last day that is not late, included; null: it is never late. */
  readonly last: CalendarDate | null;
}

export type Windowed = Pick<ItemRow, 'earliest' | 'due' | 'overdue' | 'measuredFrom'>;

export const windowOf = ({ earliest, due, overdue }: Omit<Windowed, 'measuredFrom'>): ItemWindow => ({
  earliest,
  due,
  last: overdue === NEVER ? null : addDays(overdue, -1),
});

/** Whether the day lies outside the item's window. */
export const isOutside = (
  { earliest, overdue }: Omit<Windowed, 'measuredFrom'>,
  day: CalendarDate,
): boolean => day < earliest || day >= overdue;

/** Whether a person has to say why the item is done on that day: it lies outside the window, and the item is not late already. */
export const needsReason = (item: Windowed, day: CalendarDate, today: CalendarDate): boolean =>
  isOutside(item, day) && today < item.overdue;

/**
 * What it means that the item is done on `day`, outside its window: how long after the last one that is, and how long the
 * plan allows. `lastDoneOn` is the day of the newest examination of the activity; null: none is recorded. Null for a day
 * inside the window.
 */
export function consequenceOf(
  item: Windowed,
  day: CalendarDate,
  lastDoneOn: CalendarDate | null,
): Message | null {
  if (!isOutside(item, day)) return null;
  const isSinceLast = lastDoneOn !== null && lastDoneOn >= item.measuredFrom && lastDoneOn < day;
  const from = isSinceLast ? lastDoneOn : item.measuredFrom;
  const taken = spanText(from, day);
  if (day < item.earliest) {
    const at = { taken, from, earliest: item.earliest, least: spanText(from, item.earliest) };
    return isSinceLast ? msg('early-after-last', at) : msg('early-after-start', at);
  }
  const last = addDays(item.overdue, -1);
  const at = { taken, from, last, allowed: spanText(from, last) };
  return isSinceLast ? msg('late-after-last', at) : msg('late-after-start', at);
}

/** The time from one day to a later one, in months and days. */
const spanText = (from: CalendarDate, to: CalendarDate): Text => {
  const period = spanOf(from, to);
  return { zh: periodText(period, 'zh'), en: periodText(period, 'en') };
};

export function spanOf(from: CalendarDate, to: CalendarDate): Period {
  const years = Number(to.slice(0, 4)) - Number(from.slice(0, 4));
  let months = Math.max(0, years * 12 + Number(to.slice(5, 7)) - Number(from.slice(5, 7)));
  if (months > 0 && addMonths(from, months) > to) months--;
  const days = toDayNumber(to) - toDayNumber(addMonths(from, months));
  if (days === 0 && months > 0) return `P${months}M` as Period;
  return months === 0 ? `P${days}D` : `P${months}M${days}D`;
}
