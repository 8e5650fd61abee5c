import {
  type CalendarDate,
  type Clock,
  clockOf,
  type DayNumber,
  fromDayNumber,
  toDayNumber,
} from './calendar.js';
import { type Choices, durationOf, intervalOf, phaseDeviates, soonest, toleranceDays } from './choices.js';
import type { ListedPhase, Period, Phase, RecurringRule, RepeatingPhase } from './guideline.js';
import { after, longEnd, monthsIn, NO_TIME, type Offset, offsetOf, plus, shortEnd } from './period.js';
import { NEVER } from './planned-item.js';

/** One date of a rule's grid. */
export interface GridDate {
  readonly sequence: number;
  readonly phase: number;
  /** The time from the clock, in the form used in the item's key. */
  readonly offset: string;
  /** First day on which an exam counts for it. */
  readonly earliest: CalendarDate;
  readonly due: CalendarDate;
  /** The original date, before a range moved `due` forward. */
  readonly gridDue: CalendarDate;
  /** First late day, unless a range moves it. */
  readonly overdue: CalendarDate;
  /** Limits counted from the last exam; null: the date comes from no range of intervals. */
  readonly range: HeldRange | null;
  /** The day on which the next grid date opens; null when there is none. */
  readonly closes: CalendarDate | null;
  readonly deviates: boolean;
}

/** The longest allowed time between two exams. */
export interface HeldRange {
  /** The long end in the text: the day after is late. */
  readonly longEnd: Offset;
  /** The same, or a longer interval that was chosen instead: no date is later than this. */
  readonly longest: Offset;
}

interface GridDay {
  readonly phase: number;
  readonly offset: Offset;
  readonly due: DayNumber;
  readonly opens: DayNumber;
  readonly late: DayNumber;
  readonly range: HeldRange | null;
}

/** The dates of a rule's grid in their order, each counted from the clock in one step. */
class Grid {
  readonly dates: GridDay[] = [];
  private offset = NO_TIME;
  private last: DayNumber;

  constructor(
    readonly clock: Clock,
    private readonly horizon: DayNumber,
  ) {
    this.last = after(clock, NO_TIME);
  }

  /** The offset one interval after the last date. */
  next(step: Offset): Offset {
    return plus(this.offset, step);
  }

  /** The day one interval after the last date. */
  dayAfterLast(step: Offset): DayNumber {
    return after(this.clock, plus(this.offset, step));
  }

  /** Moves on to `offset` without adding a date. */
  pass(offset: Offset): void {
    this.offset = offset;
  }

  /**
   * Adds a date, unless the previous one is as late. No window reaches into the previous one; that of a limit opens
   * half-way between the two dates. Returns false after the horizon: that date only closes the last one.
   */
  add(date: GridDay, limit: boolean): boolean {
    if (date.due <= this.last) return true;
    const first = this.dates.length === 0;
    const halfWay = first ? this.last : Math.floor((this.last + date.due) / 2);
    this.dates.push({ ...date, opens: Math.max(limit ? halfWay : date.opens, this.last + 1) });
    this.offset = date.offset;
    this.last = date.due;
    return date.due <= this.horizon;
  }
}

/**
 * The dates of the rule's grid from `start`, due up to `horizon`, without those that open on or after `end`. A range
 * opens at its short end and is late after its long end, counted from the last exam.
 */
export function gridDatesOf(
  rule: RecurringRule,
  start: CalendarDate,
  { choices, roll }: { readonly choices: Choices; readonly roll: boolean },
  horizon: DayNumber,
  end: DayNumber,
): GridDate[] {
  const grid = new Grid(clockOf(start, roll), horizon);
  for (const [index, phase] of rule.phases.entries()) {
    const goesOn =
      'at' in phase
        ? addListed(grid, phase, index, choices)
        : addRepeating(grid, rule, phase, index, choices);
    if (!goesOn) break;
  }
  const gridDates: GridDate[] = [];
  for (const [index, { phase, offset, due, opens, late, range }] of grid.dates.entries()) {
    if (due > horizon || opens >= end) break;
    const next = grid.dates[index + 1];
    gridDates.push({
      sequence: index + 1,
      phase,
      offset: textOf(offset),
      earliest: fromDayNumber(opens),
      due: fromDayNumber(due),
      gridDue: fromDayNumber(due),
      overdue: fromDayNumber(late),
      range,
      closes: next ? fromDayNumber(next.opens) : null,
      deviates: phaseDeviates(rule, phase, choices),
    });
  }
  return gridDates;
}

function addListed(grid: Grid, phase: ListedPhase, index: number, choices: Choices): boolean {
  return phase.at.every((at) => {
    const chosen = soonest(at, choices);
    const offset = offsetOf(chosen);
    const due = after(grid.clock, offset);
    const isRange = typeof at !== 'string';
    const opens = isRange ? Math.min(due, after(grid.clock, offsetOf(shortEnd(at)))) : due;
    const late = isRange && !phase.limit ? Math.max(due, after(grid.clock, offsetOf(longEnd(at)))) : due;
    const [before, past] = aroundDue(phase, monthsIn(chosen), choices, isRange);
    return grid.add(
      { phase: index, offset, due, opens: opens - before, late: lateOf(phase, late + past + 1), range: null },
      phase.limit === true,
    );
  });
}

function addRepeating(
  grid: Grid,
  rule: RecurringRule,
  phase: RepeatingPhase,
  index: number,
  choices: Choices,
): boolean {
  const { every, from } = phase;
  const chosen = intervalOf(rule, index, choices);
  const duration = durationOf(rule, index, choices);
  if (chosen === null) {
    // The following phases still apply.
    if (duration !== null) grid.pass(offsetOf(duration));
    return true;
  }
  const step = offsetOf(chosen);
  if (same(step, NO_TIME)) return true; // an interval of zero would never advance
  const lastDay = duration === null ? Infinity : after(grid.clock, offsetOf(duration));
  const range = typeof every === 'string' ? null : every;
  const [before, past] = aroundDue(phase, monthsIn(chosen), choices, range !== null);
  const shortest = range && offsetOf(range[0]);
  const held = range && !phase.limit ? heldRange(range[1], chosen) : null;
  for (let first = from; ; first = undefined) {
    const offset = first === undefined ? grid.next(step) : offsetOf(first);
    const due = after(grid.clock, offset);
    if (due > lastDay) return true;
    const opens =
      first !== undefined || !shortest || same(shortest, step)
        ? due
        : Math.min(due, grid.dayAfterLast(shortest));
    const goesOn = grid.add(
      {
        phase: index,
        offset,
        due,
        opens: opens - before,
        late: lateOf(phase, due + past + 1),
        range: first === undefined ? held : null,
      },
      phase.limit === true,
    );
    if (!goesOn) return false;
  }
}

const lateOf = ({ neverLate }: Phase, late: DayNumber): DayNumber => (neverLate ? toDayNumber(NEVER) : late);

const heldRange = (longEnd: Period, chosen: Period): HeldRange => ({
  longEnd: offsetOf(longEnd),
  longest: offsetOf(monthsIn(chosen) > monthsIn(longEnd) ? chosen : longEnd),
});

/**
 * Days before and after the due date: the text's own window, or the hospital's tolerance. A range and a limit have no
 * tolerance after the due date.
 */
function aroundDue(
  { window, limit }: Phase,
  months: number,
  choices: Choices,
  isRange: boolean,
): readonly [number, number] {
  const tolerance = toleranceDays(months, choices);
  const before = window ? offsetOf(window.before).days : tolerance;
  const past = window ? offsetOf(window.after).days : isRange ? 0 : tolerance;
  return [before, limit ? 0 : past];
}

const same = (a: Offset, b: Offset): boolean => a.months === b.months && a.days === b.days;

const textOf = ({ months, days }: Offset): string => {
  if (days === 0) return `P${months}M`;
  return months === 0 ? `P${days}D` : `P${months}M${days}D`;
};
