import { type Day, NEVER, plusMonths } from './days.js';

export interface Span {
  readonly unit: 'months' | 'weeks';
  readonly count: number;
}
const months = (count: number): Span => ({ unit: 'months', count });
const weeks = (count: number): Span => ({ unit: 'weeks', count });
export const plus = (day: Day, { unit, count }: Span): Day =>
  unit === 'weeks' ? day + 7 * count : plusMonths(day, count);

/** An interval, fixed or a range, until a month counted from the clock; [short, long] where the text has a range. */
export interface Phase {
  readonly every: Span | readonly [Span, Span];
  readonly until: number | readonly [number, number];
}

/** Section 3. */
export const REVIEWS: readonly Phase[] = [
  { every: [months(3), months(6)], until: 24 },
  { every: months(6), until: 60 },
  { every: months(12), until: NEVER },
];
export const CHEST_CT: readonly Phase[] = [
  { every: months(12), until: [36, 60] },
  { every: [months(12), months(24)], until: NEVER },
];
export const NED_MARKERS: readonly Phase[] = [
  { every: months(3), until: 24 },
  { every: months(6), until: 60 },
  { every: months(12), until: NEVER },
];
export const NED_IMAGING: readonly Phase[] = [
  { every: months(3), until: 24 },
  { every: [months(6), months(12)], until: 60 },
  { every: months(12), until: NEVER },
];
export const CONVERSION: readonly Phase[] = [{ every: [weeks(6), weeks(8)], until: NEVER }];

export type Profile = 'intensive' | 'minimal';

/** One date of a rule. */
export interface Slot {
  /** The date on the grid; `due` may have moved forward from it. */
  readonly grid: Day;
  due: Day;
  readonly opens: Day;
  earliest: Day;
  /** Days either side of the due date: the hospital's tolerance. */
  readonly tolerance: number;
  /** The long end of the range; none: the interval is fixed. */
  readonly long?: Span;
  done?: Done;
}

/** The exam that fulfilled a slot. */
export interface Done {
  readonly day: Day;
  readonly activity: string;
}

/** Section 5: 14 days either side up to 3 months, 30 up to 6, 60 from 12. */
function toleranceOf({ unit, count }: Span): number {
  if (unit === 'weeks' || count <= 3) return 14;
  return count < 12 ? 30 : 60;
}

/** The dates of a rule from `clock` on, until two beyond `horizon`, so that what comes next is known for each shown. */
export function gridOf(clock: Day, phases: readonly Phase[], profile: Profile, horizon: Day): Slot[] {
  const slots: Slot[] = [];
  let count = 0;
  for (const { every, until } of phases) {
    const [short, long] = 'unit' in every ? [every, every] : every;
    const chosen = profile === 'intensive' ? short : long;
    const ends = typeof until === 'number' ? until : until[profile === 'intensive' ? 1 : 0];
    while (count + chosen.count <= ends && slots.filter(({ grid }) => grid > horizon).length < 2) {
      // A range is a window: what is done once its short end has passed since the date before counts for the next.
      const opens = plus(clock, { unit: chosen.unit, count: count + short.count });
      const before = count === 0 ? clock : slots.at(-1)!.grid;
      count += chosen.count;
      const grid = plus(clock, { unit: chosen.unit, count });
      const tolerance = toleranceOf(chosen);
      const opensOn = Math.max(opens - tolerance, before + 1);
      slots.push({
        ...{ grid, due: grid, opens: opensOn, earliest: opensOn, tolerance },
        ...(short === long ? {} : { long }),
      });
    }
  }
  return slots;
}

/**
 * Lets an exam fulfil the open slot: the last one that has opened, if it was not done. Says whether it did.
 * The one before is missed from then on; one that is overdue can still be completed. None opens on the day of the end.
 */
export function fulfil(slots: readonly Slot[], done: Done, end: Day): boolean {
  const index = slots.findLastIndex(({ earliest }) => earliest <= done.day && earliest < end);
  const slot = slots[index];
  if (slot === undefined) return false;
  if (slot.done) return false;
  slot.done = done;
  // "No item of a range is due later than the range's long end after the last exam that counted": this one counts.
  const next = slots[index + 1];
  if (next?.long) {
    next.due = Math.min(next.grid, plus(done.day, next.long));
    next.earliest = Math.min(next.opens, next.due);
  }
  return true;
}

/**
 * The first late day of the slot at `index`, before the next one's window is regarded. A range is broken once its long
 * end has passed "since the last one done": `examined` are the days of all that were done, also outside any window.
 */
export function lateFrom(slot: Slot, clock: Day, examined: readonly Day[]): Day {
  if (!slot.long) return slot.due + slot.tolerance + 1;
  const lastDone = Math.max(clock, ...examined.filter((day) => day < slot.earliest));
  return Math.max(slot.due, plus(lastDone, slot.long)) + 1;
}
