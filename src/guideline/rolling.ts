import { addDays, type CalendarDate, fromDayNumber } from './calendar.js';
import { type Chain, chainItems, type Link, type Step } from './chain.js';
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
import { isOrIncludes, type PlanningCase } from './planning-case.js';
import { fitsSequence, satisfying, startOf } from './recurring.js';
import { activityOf, dayAfter, earlier, later, NEVER, type PlannedItem } from './planned-item.js';

interface Ground {
  readonly rule: RecurringRule;
  readonly start: CalendarDate;
  readonly given: PlanningCase;
}

/** A rule with rolling dates: each is an interval after the last exam, whenever that was. Only one item is open. */
export function rollingItems(rule: RecurringRule, run: PathwayRun, given: PlanningCase): PlannedItem[] {
  const start = startOf(rule, run, given);
  if (start === null) return [];
  const ground = { rule, start, given };
  const exams = satisfying(rule, given, ({ forDue }) => forDue !== undefined)
    .filter(({ date }) => date > start && isWithin(run, date))
    .filter(({ date }, index, all) => typeof rule.activity !== 'string' || all[index + 1]?.date !== date);
  const chain: Chain = {
    rule,
    clock: run.start,
    runs: [run],
    assumed: undefined,
    next: (link) => nextStep(ground, link),
    // A single date has its window; an interval is measured from any exam.
    counts: ({ date }, step) => step === null || !isListed(rule, step) || date >= step.earliest,
    fulfils: () => true,
    fits: (exam, sequence) => fitsSequence(exam, rule, sequence, given),
    resultOf: () => undefined,
    isOtherMethod: (exam, sequence) => !isOrIncludes(exam, activityOf(rule, sequence), given.guideline),
  };
  return chainItems(chain, exams, given.asOf, given.until);
}

const isListed = ({ phases }: RecurringRule, { phase }: Step): boolean => 'at' in (phases[phase] ?? {});

/** The next date of the chain: single dates one after the other, intervals for as long as their phase lasts. */
function nextStep(ground: Ground, link: Link | null): Step | null {
  const { rule, start, given } = ground;
  const before = link?.step ?? null;
  let from = link?.date ?? start;
  for (let index = before?.phase ?? 0; index < rule.phases.length; index++) {
    const phase = rule.phases[index];
    if (phase === undefined) return null;
    if ('at' in phase) {
      const nth = before?.phase === index ? before.nth + Number(link?.counts) : 0;
      const at = phase.at[nth];
      if (at !== undefined) return listedStep(ground, phase, index, nth, at);
    } else {
      const step = repeatedStep(ground, phase, index, from);
      if (step) return step;
      // A phase without a chosen interval still takes its time.
      const duration = durationOf(rule, index, given.choices);
      if (intervalOf(rule, index, given.choices) === null)
        if (duration === null) return null;
        else from = later(from, plus(start, duration, given));
    }
  }
  return null;
}

const plus = (date: CalendarDate, period: Period, { roll }: PlanningCase): CalendarDate =>
  fromDayNumber(dayAt(date, offsetOf(period), roll));

function listedStep(
  { start, given }: Ground,
  phase: ListedPhase,
  index: number,
  nth: number,
  at: PeriodOrRange,
): Step {
  const chosen = soonest(at, given.choices);
  const step = around(phase, at, chosen, start, plus(start, chosen, given), given);
  return { ...step, phase: index, nth, deviates: false };
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
  const first = phase.from === undefined ? rolled : plus(start, phase.from, given);
  const due = later(rolled, first);
  const duration = durationOf(rule, index, given.choices);
  if (duration !== null && due > plus(start, duration, given)) return null;
  const range = phase.every === 'clinician' ? chosen : phase.every;
  const isFirst = first > rolled;
  const step = isFirst
    ? around(phase, chosen, chosen, start, due, given)
    : around(phase, range, chosen, last, due, given);
  return { ...step, phase: index, nth: 0, deviates: phaseDeviates(rule, index, given.choices) };
}

/** The window around a due date that was counted from `measuredFrom`. */
function around(
  { window, limit, neverLate }: Phase,
  range: PeriodOrRange,
  chosen: Period,
  measuredFrom: CalendarDate,
  due: CalendarDate,
  given: PlanningCase,
): Omit<Step, 'phase' | 'nth' | 'deviates'> {
  const tolerance = toleranceDays(monthsIn(chosen), given.choices);
  const isRange = typeof range !== 'string';
  const opens = isRange ? earlier(due, plus(measuredFrom, shortEnd(range), given)) : due;
  const ends = isRange && !limit ? later(due, plus(measuredFrom, longEnd(range), given)) : due;
  const before = window ? offsetOf(window.before).days : tolerance;
  const within = window ? offsetOf(window.after).days : isRange ? 0 : tolerance;
  return {
    due,
    earliest: limit ? dayAfter(measuredFrom) : later(addDays(opens, -before), dayAfter(measuredFrom)),
    overdue: neverLate ? NEVER : addDays(ends, (limit ? 0 : within) + 1),
    measuredFrom,
  };
}
