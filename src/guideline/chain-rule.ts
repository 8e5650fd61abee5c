import { addDays, type CalendarDate, fromDayNumber } from './calendar.js';
import { type Chain, chainItems, type Link, type Step } from './chain.js';
import { soonest, toleranceDays } from './choices.js';
import { type ClinicalFact, hasValues, matches } from './facts.js';
import type { ChainCase, ChainRule, Moment, Period, PeriodOrMoments } from './guideline.js';
import { allHold, type PlanningCase } from './planning-case.js';
import type { PathwayRun } from './pathway-run.js';
import { dayAt, longEnd, monthsIn, offsetOf, shortEnd } from './period.js';
import { dayAfter, earlier, later, NEVER, type PlannedItem } from './slot.js';

/** One clock of a chain rule, and what is known on it. */
interface Ground {
  readonly rule: ChainRule;
  readonly clock: ClinicalFact;
  readonly given: PlanningCase;
}

function applies({ when }: ChainCase, { clock, given }: Ground, link: Link | null): boolean {
  const last = link?.last ?? null;
  if (when.none === true && last !== null) return false;
  if (when.count !== undefined && (link?.counted ?? 0) !== when.count) return false;
  if (!hasValues(clock, when.clock)) return false;
  if (when.last !== undefined && (last === null || !when.last.some((result) => result === last.result)))
    return false;
  if (!allHold(when.given, given)) return false;
  return when.noneSince === undefined || last === null || last.date < plus(clock.date, when.noneSince, given);
}

const plus = (date: CalendarDate, period: Period, { roll }: PlanningCase): CalendarDate =>
  fromDayNumber(dayAt(date, offsetOf(period), roll));

interface Dated {
  readonly from: CalendarDate;
  readonly day: CalendarDate;
}

/** The latest of the moments and what it is counted from; of two on one day the one named first. */
function latestOf(moments: readonly Moment[], { clock, given }: Ground, link: Link | null): Dated {
  const starts = {
    clock: clock.date,
    last: link?.date ?? clock.date,
    birth: given.patient.birthDate,
  };
  return moments
    .map(({ from, after }) => ({ from: starts[from], day: plus(starts[from], after, given) }))
    .reduce((latest, one) => (one.day > latest.day ? one : latest));
}

const isMoments = (due: ChainCase['due']): due is readonly [Moment, ...Moment[]] =>
  typeof due !== 'string' && typeof due[0] !== 'string';

/** When the next one is due after `links`, by the first case that applies. */
function nextStep(ground: Ground, link: Link | null): Step | null {
  const { clock, given, rule } = ground;
  const phase = rule.cases.findIndex((one) => applies(one, ground, link));
  const found = rule.cases[phase];
  const last = link?.date ?? clock.date;
  const stated = found && stepOf(found, phase, found.from === 'clock' ? clock.date : last, ground, link);
  const interval = given.choices.rules?.[rule.id]?.interval;
  if (interval === undefined) return stated ?? null;
  const due = plus(last, interval, given);
  // A limit of the text stands, unless the interval that was decided is sooner.
  const limit = found?.limit === true ? stated : undefined;
  if (limit && limit.due <= due) return limit;
  const late = addDays(due, toleranceDays(monthsIn(interval), given.choices) + 1);
  return {
    due,
    earliest: addDays(due, -toleranceDays(monthsIn(interval), given.choices)),
    overdue: stated?.overdue === NEVER ? NEVER : limit ? earlier(late, limit.overdue) : late,
    measuredFrom: last,
    phase,
    nth: 0,
    deviates: stated === undefined || due > stated.due,
  };
}

function stepOf(
  found: ChainCase,
  phase: number,
  measuredFrom: CalendarDate,
  ground: Ground,
  link: Link | null,
): Step {
  const { choices } = ground.given;
  const dated = (meant: PeriodOrMoments): Dated =>
    typeof meant === 'string'
      ? { from: measuredFrom, day: plus(measuredFrom, meant, ground.given) }
      : latestOf(meant, ground, link);
  const day = (meant: PeriodOrMoments): CalendarDate => dated(meant).day;
  const { due: meant, limit } = found;
  const range = isMoments(meant) ? null : meant;
  const { from, day: asked } = dated(isMoments(meant) ? meant : soonest(meant, choices));
  const tolerance = toleranceDays(range === null ? 0 : monthsIn(soonest(range, choices)), choices);
  const opens = range === null ? asked : day(shortEnd(range));
  const implied = limit ? measuredFrom : addDays(opens, -tolerance);
  const earliest = found.earliest === undefined ? implied : day(found.earliest);
  const due = limit ? asked : later(asked, found.earliest === undefined ? asked : earliest);
  const isRange = range !== null && typeof range !== 'string';
  const late = isRange ? dayAfter(day(longEnd(range))) : addDays(due, tolerance + 1);
  const { latest } = found;
  const stated =
    latest === undefined
      ? limit
        ? dayAfter(due)
        : late
      : latest === 'never'
        ? NEVER
        : dayAfter(day(latest));
  return {
    due,
    earliest: earlier(earliest, due),
    overdue: later(stated, dayAfter(due)),
    measuredFrom: from,
    phase,
    nth: 0,
    deviates: false,
  };
}

/** The rule's runs before `end`, the day on which the next clock starts its own chain. */
function runsBefore(end: CalendarDate | null, rule: ChainRule, runs: readonly PathwayRun[]): PathwayRun[] {
  const its = runs.filter(({ pathway }) => rule.pathways.includes(pathway.id));
  if (end === null) return its;
  return its
    .filter(({ start }) => start < end)
    .map((run) => ({ ...run, end: run.end === null ? end : earlier(run.end, end) }));
}

/** The examinations that count, in the order of time; of several on one day the one that nobody would assume decides. */
function countedBy({ counts, assumed }: ChainRule, inTime: readonly ClinicalFact[]): ClinicalFact[] {
  const { field, results } = counts;
  const resultOf = (fact: ClinicalFact): unknown => (field === undefined ? undefined : fact[field]);
  return inTime
    .filter((fact) => matches(fact, counts) && (results?.some((one) => one === resultOf(fact)) ?? true))
    .sort((a, b) =>
      a.date === b.date ? Number(resultOf(b) === assumed) - Number(resultOf(a) === assumed) : 0,
    )
    .filter(({ date }, index, all) => all[index + 1]?.date !== date);
}

function chainOf(ground: Ground, runs: readonly PathwayRun[]): Chain {
  const { rule, clock, given } = ground;
  const { field } = rule.counts;
  const grace = rule.repeatIfEarlierBy === undefined ? null : offsetOf(rule.repeatIfEarlierBy);
  const earliestCounted = ({ earliest }: Step): CalendarDate =>
    fromDayNumber(dayAt(earliest, { months: -(grace?.months ?? 0), days: -(grace?.days ?? 0) }, given.roll));
  return {
    rule,
    clock: clock.date,
    runs,
    assumed: rule.assumed,
    next: (link) => nextStep(ground, link),
    // What nobody would assume is never too early to be heeded.
    counts: ({ date, result }, step) =>
      grace === null || step === null || result !== rule.assumed || date >= earliestCounted(step),
    // One done before the step opens has its result heeded and moves the step; it completes nothing years ahead.
    fulfils: ({ date }, step) => date >= earliestCounted(step),
    fits: () => true,
    resultOf: (exam) => (field === undefined ? rule.assumed : exam[field]),
    isOtherMethod: () => false,
  };
}

/** The rule's items over all its clocks; each clock starts the chain anew. */
export function chainRuleItems(rule: ChainRule, given: PlanningCase): PlannedItem[] {
  const { inTime, runs, asOf, until } = given;
  const clocks = inTime
    .filter((fact) => matches(fact, rule.clock))
    .filter(({ date }, index, all) => all[index - 1]?.date !== date);
  const counted = countedBy(rule, inTime);
  return clocks.flatMap((clock, index) => {
    const end = clocks[index + 1]?.date ?? null;
    const first = clock.type === 'birth' ? clock.date : dayAfter(clock.date);
    const its = counted.filter(({ date }) => date >= first && (end === null || date <= end));
    return chainItems(chainOf({ rule, clock, given }, runsBefore(end, rule, runs)), its, asOf, until);
  });
}
