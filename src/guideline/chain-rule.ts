import { addDays, type CalendarDate, fromDayNumber } from './calendar.js';
import { type Chain, chainItems, dayOfCounted, type Link, type Step } from './chain.js';
import { soonest, toleranceDays } from './choices.js';
import { type ClinicalFact, hasValues, matches } from './facts.js';
import type { ChainCase, ChainRule, Moment, Moments, Period, PeriodOrMoments } from './guideline.js';
import { countedFrom, isMoments } from './moments.js';
import { allHold, birthdayOf, type PlanningCase } from './planning-case.js';
import type { PathwayRun } from './pathway-run.js';
import { dayAt, longEnd, monthsIn, offsetOf, shortEnd } from './period.js';
import { dayAfter, earlier, later, NEVER, type PlannedItem } from './planned-item.js';

/** One clock of a chain rule, and the facts known on it. */
interface Ground {
  readonly rule: ChainRule;
  readonly clock: ClinicalFact;
  readonly given: PlanningCase;
}

function applies(one: ChainCase, { clock, given }: Ground, link: Link | null): boolean {
  const { when } = one;
  const last = link?.last ?? null;
  if (when.none === true && last !== null) return false;
  if (when.count !== undefined && (link?.counted ?? 0) !== when.count) return false;
  if (!hasValues(clock, when.clock)) return false;
  if (when.last !== undefined && (last === null || !when.last.some((result) => result === last.result)))
    return false;
  if (!allHold(when.given, given) || countedFrom(one) > (link?.counted ?? 0)) return false;
  return when.noneSince === undefined || last === null || last.date < plus(clock.date, when.noneSince, given);
}

const plus = (date: CalendarDate, period: Period, { roll }: PlanningCase): CalendarDate =>
  fromDayNumber(dayAt(date, offsetOf(period), roll));

interface Dated {
  readonly from: CalendarDate;
  readonly day: CalendarDate;
}

function startAt(from: Moment['from'], { clock, given }: Ground, link: Link | null): CalendarDate {
  if (from === 'birth') return given.patient.birthDate;
  const counted = typeof from === 'string' ? null : dayOfCounted(link, from.counted);
  return counted ?? (from === 'last' ? (link?.date ?? clock.date) : clock.date);
}

/** The latest of the moments (of `anyOf` the earliest) and its start; of two on one day the one listed first. */
function latestOf(moments: Moments, ground: Ground, link: Link | null): Dated {
  const dated = ({ from, after }: Moment): Dated => {
    const start = startAt(from, ground, link);
    return { from: start, day: plus(start, after, ground.given) };
  };
  const latest = (a: Dated, b: Dated): Dated => (b.day > a.day ? b : a);
  const earliest = (a: Dated, b: Dated): Dated => (b.day < a.day ? b : a);
  return moments
    .map((one) => ('anyOf' in one ? one.anyOf.map(dated).reduce(earliest) : dated(one)))
    .reduce(latest);
}

/** The first applicable case and its step; undefined: none applies. */
function statedStep(ground: Ground, link: Link | null): { found: ChainCase; stated: Step } | undefined {
  for (const [phase, found] of ground.rule.cases.entries()) {
    if (!applies(found, ground, link)) continue;
    const stated = stepOf(found, phase, ground, link);
    const { untilAge } = found;
    if (untilAge === undefined || stated.due < birthdayOf(ground.given.patient, untilAge))
      return { found, stated };
  }
  return undefined;
}

/** The next step after `link`, by the first applicable case. */
function nextStep(ground: Ground, link: Link | null): Step | null {
  const { clock, given, rule } = ground;
  const last = link?.date ?? clock.date;
  const { found, stated } = statedStep(ground, link) ?? {};
  const interval = given.choices.rules?.[rule.id]?.interval;
  if (interval === undefined) return stated ?? null;
  const due = plus(last, interval, given);
  // A limit of the text applies, unless the chosen interval is sooner.
  const limit = found?.limit === true ? stated : undefined;
  if (limit && limit.due <= due) return limit;
  const late = addDays(due, toleranceDays(monthsIn(interval), given.choices) + 1);
  return {
    due,
    earliest: addDays(due, -toleranceDays(monthsIn(interval), given.choices)),
    overdue: stated?.overdue === NEVER ? NEVER : limit ? earlier(late, limit.overdue) : late,
    ...(stated?.countsFrom !== undefined && { countsFrom: earlier(stated.countsFrom, due) }),
    measuredFrom: last,
    phase: stated?.phase ?? -1,
    nth: 0,
    deviates: stated === undefined || due > stated.due,
  };
}

function stepOf(found: ChainCase, phase: number, ground: Ground, link: Link | null): Step {
  const { choices } = ground.given;
  const measuredFrom = startAt(found.from, ground, link);
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
  const countsFrom = found.countsFrom === undefined ? undefined : day(found.countsFrom);
  const before = limit ? measuredFrom : addDays(opens, -tolerance);
  const implied = countsFrom === undefined ? before : later(before, countsFrom);
  const earliest = found.earliest === undefined ? implied : day(found.earliest);
  const opened = limit || found.earliest === undefined ? asked : later(asked, earliest);
  const due = later(opened, countsFrom ?? opened);
  const isRange = range !== null && typeof range !== 'string';
  const late = isRange ? dayAfter(day(longEnd(range))) : addDays(due, tolerance + 1);
  const { latest } = found;
  const impliedLate = limit ? dayAfter(due) : late;
  const overdue = latest === undefined ? impliedLate : latest === 'never' ? NEVER : dayAfter(day(latest));
  return {
    due,
    earliest: earlier(earliest, due),
    overdue: later(overdue, dayAfter(due)),
    ...(countsFrom !== undefined && { countsFrom }),
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

/** The counted exams in chronological order; of several on one day, an unexpected result takes precedence. */
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
  const countedFromDay = ({ earliest, countsFrom }: Step): CalendarDate =>
    countsFrom ??
    fromDayNumber(dayAt(earliest, { months: -(grace?.months ?? 0), days: -(grace?.days ?? 0) }, given.roll));
  return {
    rule,
    clock: clock.date,
    runs,
    assumed: rule.assumed,
    next: (link) => nextStep(ground, link),
    // An unexpected result counts however early the exam was.
    counts: ({ date, result }, step) => {
      if (step === null || result !== rule.assumed) return true;
      return step.countsFrom === undefined && grace === null ? true : date >= countedFromDay(step);
    },
    // The result of an exam before the step opens is taken into account and moves the step. It does not complete an
    // item years ahead.
    fulfils: ({ date }, step) => date >= countedFromDay(step),
    fits: () => true,
    resultOf: (exam) => (field === undefined ? rule.assumed : exam[field]),
    isOtherMethod: () => false,
  };
}

/** The rule's items over all its clocks; each clock starts a new chain. */
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
