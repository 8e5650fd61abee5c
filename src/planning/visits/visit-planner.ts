import { addDays, type CalendarDate, type DayNumber, order, toDayNumber } from '../../guideline/calendar.js';
import type { Message } from '../../guideline/message.js';
import { msg } from '../../platform/messages/dictionary.js';
import type { CapacityLedger } from '../capacity/capacity-ledger.js';
import type {
  BookedVisit,
  PlacedItem,
  Placement,
  PlannableItem,
  UnplannedItem,
  Visit,
  VisitContext,
  VisitPlan,
} from './visit.js';
import { reasonsFor } from './visit-reasons.js';

/** An overdue item is placed within so many days, and an item that is never late within so many after its due day. */
export const SEARCHED_DAYS = 92;
/** An item is placed so many days before its window at most. */
export const EARLY_DAYS = 31;

/** The days on which an item can be done. */
interface Candidate extends PlacedItem {
  readonly days: readonly CalendarDate[];
  readonly dueNumber: DayNumber;
}

/**
 * Proposes the visits of one patient: on a working day with capacity, and never after the window of an item that is not late.
 * Items join an open appointment of the patient inside their window. Of the others, each visit takes as many as any single
 * day can.
 */
export function planVisits(
  items: readonly PlannableItem[],
  booked: readonly BookedVisit[],
  context: VisitContext,
): VisitPlan {
  const unplanned: UnplannedItem[] = [];
  let open: Candidate[] = [];
  const consider = (item: PlannableItem): void => {
    const found = candidateOf(item, context);
    if ('reason' in found) unplanned.push(found);
    else open.push(found);
  };
  for (const item of items) consider(item);

  const visits = joined(open, booked, context);
  open = without(open, visits);
  const recheck = (date: CalendarDate): void => {
    const kept = open;
    open = [];
    for (const candidate of kept) {
      if (!candidate.days.includes(date) || context.capacity.fits(date, candidate.item.activity))
        open.push(candidate);
      else consider(candidate.item);
    }
  };
  for (const { date } of visits) recheck(date);
  while (open.length > 0) {
    const best = bestDay(open, context.capacity);
    for (const { item } of best.items) context.capacity.take(best.date, item.activity);
    visits.push({ ...best, appointmentId: null, reasons: reasonsFor(best, context) });
    open = without(open, [best]);
    recheck(best.date);
  }
  return { visits: visits.sort((a, b) => (a.date < b.date ? -1 : 1)), unplanned };
}

const without = (open: readonly Candidate[], visits: readonly Pick<Visit, 'items'>[]): Candidate[] => {
  const placed = new Set(visits.flatMap((visit) => visit.items.map(({ item }) => item.id)));
  return open.filter(({ item }) => !placed.has(item.id));
};

/** The days that are possible for the item now, or why there is none. */
function candidateOf(item: PlannableItem, context: VisitContext): Candidate | UnplannedItem {
  const { today, calendar, capacity } = context;
  const tomorrow = addDays(today, 1);
  const isFree = (day: CalendarDate): boolean =>
    calendar.isWorkingDay(day) && capacity.fits(day, item.activity);
  const first = latest(tomorrow, item.notBefore);
  const end = item.missedOn === null ? null : addDays(item.missedOn, -1);
  if (item.last !== null && first > item.last && !(today === item.last && item.notBefore === null)) {
    const limit = earliestOf(addDays(first, SEARCHED_DAYS), end);
    const day = firstDay(first, limit, 1, isFree);
    return day ? candidate(item, 'late', [day]) : { item, reason: reasonAgainst(item, context) };
  }
  const from = latest(first, item.earliest);
  const to = earliestOf(item.last ?? addDays(latest(from, item.due), SEARCHED_DAYS), end);
  const days: CalendarDate[] = [];
  for (let day = from; day <= to; day = addDays(day, 1)) if (isFree(day)) days.push(day);
  if (days.length > 0) return candidate(item, 'in_window', days);
  if (today >= item.earliest && today <= to && item.notBefore === null && isFree(today))
    return candidate(item, 'in_window', [today]);
  const before = addDays(item.earliest, -1);
  const early = firstDay(before, latest(first, addDays(item.earliest, -EARLY_DAYS)), -1, isFree);
  return early ? candidate(item, 'early', [early]) : { item, reason: reasonAgainst(item, context) };
}

const candidate = (item: PlannableItem, placement: Placement, days: readonly CalendarDate[]): Candidate => ({
  item,
  placement,
  days,
  dueNumber: toDayNumber(item.due),
});

function reasonAgainst(
  { earliest, due, last, missedOn }: PlannableItem,
  { calendar, today }: VisitContext,
): Message {
  if (last !== null && last < today && missedOn !== null && missedOn <= addDays(today, SEARCHED_DAYS))
    return msg('visit-overtaken', { missedOn });
  const from = latest(today, earliest);
  const to = last !== null && last >= from ? last : addDays(from, SEARCHED_DAYS);
  const works = firstDay(from, to, 1, (day) => calendar.isWorkingDay(day)) !== undefined;
  const window = { earliest, due, last: last ?? '' };
  return works ? msg('visit-no-capacity', window) : msg('visit-no-working-day', window);
}

/** Items on the open appointments of the patient: each on the one nearest to its due day. */
function joined(open: readonly Candidate[], booked: readonly BookedVisit[], context: VisitContext): Visit[] {
  const byAppointment = new Map<BookedVisit, PlacedItem[]>();
  for (const { item, placement, days } of open) {
    const possible = booked
      .filter(({ date }) => days.includes(date) && context.capacity.fits(date, item.activity))
      .sort((a, b) => distance(a.date, item.due) - distance(b.date, item.due));
    const [nearest] = possible;
    if (nearest === undefined) continue;
    context.capacity.take(nearest.date, item.activity);
    byAppointment.set(nearest, [...(byAppointment.get(nearest) ?? []), { item, placement }]);
  }
  return [...byAppointment].map(([{ appointmentId, date }, items]) => ({
    ...{ date, appointmentId, items },
    reasons: reasonsFor({ date, items, isBooked: true }, context),
  }));
}

interface BestDay {
  readonly date: CalendarDate;
  readonly items: readonly PlacedItem[];
}

/**
 * The day with the most items. Of several: the one with more overdue items, then the one nearest to the due days, then the
 * first.
 */
function bestDay(open: readonly Candidate[], capacity: CapacityLedger): BestDay {
  const byDay = new Map<CalendarDate, Candidate[]>();
  for (const candidate of open)
    for (const day of candidate.days) {
      const there = byDay.get(day);
      if (there) there.push(candidate);
      else byDay.set(day, [candidate]);
    }
  let best: (BestDay & { readonly rank: readonly number[] }) | undefined;
  for (const [date, candidates] of byDay) {
    if (best !== undefined && candidates.length < best.items.length) continue;
    const items = fitting(date, candidates, capacity);
    const rank = rankOf(date, items);
    if (best === undefined || isBetter(rank, best.rank)) best = { date, items, rank };
  }
  if (best === undefined) throw new Error('Every open item has a day.');
  return { date: best.date, items: best.items };
}

/** As many of the items as the day can take; those with the earliest last day first. */
function fitting(day: CalendarDate, candidates: readonly Candidate[], capacity: CapacityLedger): Candidate[] {
  const room = new Map<string, number>();
  let left = capacity.freeOfAll(day);
  const take = ({ item: { activity } }: Candidate): boolean => {
    const free = room.get(activity) ?? capacity.freeOf(day, activity);
    if (free <= 0 || left <= 0) return false;
    room.set(activity, free - 1);
    left--;
    return true;
  };
  // The order matters only where some are left out.
  const inAnyOrder = candidates.filter(take);
  if (inAnyOrder.length === candidates.length) return inAnyOrder;
  room.clear();
  left = capacity.freeOfAll(day);
  return candidates.toSorted((a, b) => order(urgency(a), urgency(b))).filter(take);
}

const urgency = ({ item, placement }: Candidate): string =>
  placement === 'late' ? '' : `${item.last ?? '9999-12-31'} ${item.id}`;

function rankOf(day: CalendarDate, items: readonly Candidate[]): readonly number[] {
  const number = toDayNumber(day);
  let [late, away] = [0, 0];
  for (const { placement, dueNumber } of items)
    if (placement === 'late') late++;
    else away += Math.abs(number - dueNumber);
  return [-items.length, -late, away, number];
}

function isBetter(a: readonly number[], b: readonly number[]): boolean {
  const at = a.findIndex((value, index) => value !== b[index]);
  return at >= 0 && (a[at] ?? 0) < (b[at] ?? 0);
}

/** The first day from `from` to `to`, in steps of `step`, for which `holds` is true. */
function firstDay(
  from: CalendarDate,
  to: CalendarDate,
  step: 1 | -1,
  holds: (day: CalendarDate) => boolean,
): CalendarDate | undefined {
  for (let day = from; step > 0 ? day <= to : day >= to; day = addDays(day, step)) if (holds(day)) return day;
  return undefined;
}

const latest = (a: CalendarDate, b: CalendarDate | null): CalendarDate => (b !== null && b > a ? b : a);
const earliestOf = (a: CalendarDate, b: CalendarDate | null): CalendarDate => (b !== null && b < a ? b : a);
const distance = (a: CalendarDate, b: CalendarDate): number => Math.abs(toDayNumber(a) - toDayNumber(b));
