import { addDays, type CalendarDate, fromDayNumber } from './calendar.js';
import { chainItems, type Link, type Step } from './chain.js';
import { durationOf, intervalOf, phaseDeviates, soonest, toleranceDays } from './choices.js';
import type {
  ListedPhase,
  Period,
  PeriodOrRange,
  Phase,
  RecurringRule,
  RepeatingPhase,
} from './guideline.js';
import { isWithin, type PathwayRun } from './pathway-run.js';
import { dayAt, longEnd, monthsIn, offsetOf, shortEnd } from './period.js';
import type { PlanningCase } from './planning-case.js';
import { satisfying, startOf } from './recurring.js';
import { dayAfter, earlier, later, type PlannedItem } from './slot.js';

interface Ground {
  readonly rule: RecurringRule;
  readonly start: CalendarDate;
  readonly given: PlanningCase;
}

/** A rule whose dates roll: each an interval after the last one done, whenever that was. Only one is open. */
export function rollingItems(rule: RecurringRule, run: PathwayRun, given: PlanningCase): PlannedItem[] {
  const start = startOf(rule, run, given);
  if (start === null) return [];
  const ground = { rule, start, given };
  const exams = satisfying(rule, given)
    .filter(({ date }) => date > start && isWithin(run, date))
    .filter(({ date }, index, all) => all[index + 1]?.date !== date);
  const chain = {
    rule,
    clock: start,
    runs: [run],
    assumed: undefined,
    next: (links: readonly Link[]) => nextStep(ground, links),
    linkOf: ({ date }: { readonly date: CalendarDate }) => ({ date, result: undefined, counts: true }),
  };
  return chainItems(chain, exams, given.asOf, given.until);
}

/** The first phase that still has a date for the next one. Phases of single dates use up as many as were done. */
function nextStep(ground: Ground, links: readonly Link[]): Step | null {
  let listed = 0;
  for (const [index, phase] of ground.rule.phases.entries()) {
    if ('at' in phase) {
      const at = phase.at[links.length - listed];
      if (at !== undefined) return listedStep(ground, phase, index, at);
      listed += phase.at.length;
    } else {
      const step = repeatedStep(ground, phase, index, links.at(-1)?.date ?? ground.start);
      if (step) return step;
    }
  }
  return null;
}

const plus = (date: CalendarDate, period: Period, { roll }: PlanningCase): CalendarDate =>
  fromDayNumber(dayAt(date, offsetOf(period), roll));

function listedStep({ start, given }: Ground, phase: ListedPhase, index: number, at: PeriodOrRange): Step {
  const chosen = soonest(at, given.choices);
  return around(phase, index, at, chosen, start, plus(start, chosen, given), given, false);
}

function repeatedStep(
  { rule, start, given }: Ground,
  phase: RepeatingPhase,
  index: number,
  last: CalendarDate,
): Step | null {
  const chosen = intervalOf(rule, index, given.choices);
  if (chosen === null) return null;
  const rolled = plus(last, chosen, given);
  const due = phase.from === undefined ? rolled : later(rolled, plus(start, phase.from, given));
  const duration = durationOf(rule, index, given.choices);
  if (duration !== null && due > plus(start, duration, given)) return null;
  const range = phase.every === 'clinician' ? chosen : phase.every;
  return around(phase, index, range, chosen, last, due, given, phaseDeviates(rule, index, given.choices));
}

/** The window around a due date that was counted from `measuredFrom`. */
function around(
  { window, limit }: Phase,
  index: number,
  range: PeriodOrRange,
  chosen: Period,
  measuredFrom: CalendarDate,
  due: CalendarDate,
  given: PlanningCase,
  deviates: boolean,
): Step {
  const tolerance = toleranceDays(monthsIn(chosen), given.choices);
  const isRange = typeof range !== 'string';
  const opens = isRange ? earlier(due, plus(measuredFrom, shortEnd(range), given)) : due;
  const ends = isRange ? later(due, plus(measuredFrom, longEnd(range), given)) : due;
  const before = window ? offsetOf(window.before).days : tolerance;
  const past = limit || (isRange && !window) ? 0 : window ? offsetOf(window.after).days : tolerance;
  return {
    due,
    earliest: limit ? dayAfter(measuredFrom) : later(addDays(opens, -before), dayAfter(measuredFrom)),
    overdue: addDays(ends, past + 1),
    measuredFrom,
    phase: index,
    deviates,
  };
}
