import { type Choices, toleranceDays } from './choices.js';
import { addDays, type CalendarDate, fromDayNumber } from './calendar.js';
import { type ClinicalFact, hasValues } from './facts.js';
import type { ChainCase, ChainRule } from './guideline.js';
import { isWithin, matches, type PathwayRun } from './pathway-run.js';
import { dayAt, offsetOf } from './period.js';
import { dayAfter, earlier, later, type PlannedItem, slotKey } from './slot.js';

/** One counted examination of the chain, done or assumed. */
interface Link {
  readonly date: CalendarDate;
  readonly result: unknown;
}

interface Step {
  readonly due: CalendarDate;
  readonly earliest: CalendarDate;
  readonly overdue: CalendarDate;
  readonly measuredFrom: CalendarDate;
  readonly phase: number;
}

function applies({ when }: ChainCase, clock: ClinicalFact, links: readonly Link[]): boolean {
  if (when.none === true && links.length > 0) return false;
  if (!hasValues(clock, when.clock)) return false;
  const last = links.at(-1);
  if (when.last !== undefined && (last === undefined || !when.last.some((result) => result === last.result)))
    return false;
  if (when.noneSince === undefined) return true;
  const since = fromDayNumber(dayAt(clock.date, offsetOf(when.noneSince)));
  return links.every(({ date }) => date < since);
}

/** When the next one is due after `links`, by the first case that applies. */
function nextStep({ rule, clock, choices }: Ground, links: readonly Link[]): Step | null {
  const phase = rule.cases.findIndex((one) => applies(one, clock, links));
  const found = rule.cases[phase];
  if (!found) return null;
  const measuredFrom = found.from === 'clock' ? clock.date : (links.at(-1)?.date ?? clock.date);
  const offset = offsetOf(found.due);
  const due = fromDayNumber(dayAt(measuredFrom, offset));
  const tolerance = toleranceDays(offset.months, choices);
  const stated = found.earliest ? fromDayNumber(dayAt(measuredFrom, offsetOf(found.earliest))) : measuredFrom;
  return {
    due,
    earliest: found.limit ? earlier(stated, due) : addDays(due, -tolerance),
    overdue: found.limit ? dayAfter(due) : addDays(due, tolerance + 1),
    measuredFrom,
    phase,
  };
}

/** Where one clock's chain stands in time: the runs on which it may fall due, cut where the next clock starts it anew. */
interface Ground {
  readonly rule: ChainRule;
  readonly clock: ClinicalFact;
  readonly runs: readonly PathwayRun[];
  readonly choices: Choices;
}

/** One run's turn at a step: the day it is due there and the examination that answered it. */
interface Turn {
  readonly run: PathwayRun;
  readonly due: CalendarDate;
  readonly exam: ClinicalFact | null;
}

/**
 * The runs on which the step stands until `exam`. Undone at a run's end it is missed there, and due again
 * on the day follow-up goes on; the same day when it falls due between two runs.
 */
function turnsOf(step: Step, runs: readonly PathwayRun[], exam: ClinicalFact | null): Turn[] {
  const turns: Turn[] = [];
  let from = step.due;
  for (const run of runs) {
    const due = later(from, run.start);
    if (exam && isWithin(run, exam.date)) return [...turns, { run, due, exam }];
    if (exam && exam.date < run.start) break;
    if (run.end !== null && due >= run.end) continue;
    turns.push({ run, due, exam: null });
    if (run.end === null) return turns;
    from = run.end;
  }
  const last = turns.pop();
  // Done while on no pathway, it answers the turn that was missed last.
  return last ? [...turns, { ...last, exam }] : [];
}

/** Whether an examination on `date` answers the step: one so early that the same step would follow does not. */
function answers(step: Step, date: CalendarDate, ground: Ground, links: readonly Link[]): boolean {
  const next = nextStep(ground, [...links, { date, result: ground.rule.assumed }]);
  return next === null || next.phase !== step.phase || next.due !== step.due;
}

/**
 * The chain of one clock: an item for every step that a counted examination answered, then the next one,
 * then what would follow if each came out as `assumed` on its due date, or on `asOf` when that is past.
 */
function chainItems(
  ground: Ground,
  recorded: readonly ClinicalFact[],
  asOf: CalendarDate,
  until: CalendarDate,
): PlannedItem[] {
  const { rule, runs } = ground;
  const items: PlannedItem[] = [];
  const links: Link[] = [];
  const add = (step: Step, exam: ClinicalFact | null, projected: boolean): void => {
    for (const turn of turnsOf(step, runs, exam))
      items.push(itemOf(ground, step, turn, items.length + 1, projected));
  };
  for (const exam of recorded) {
    const step = nextStep(ground, links);
    if (step && answers(step, exam.date, ground, links)) add(step, exam, false);
    links.push({ date: exam.date, result: exam[rule.counts.field] });
  }
  let step = nextStep(ground, links);
  for (let projected = false; step && step.due <= until; projected = true) {
    add(step, null, projected);
    const last = items.at(-1);
    // Off every pathway, or the data of the rule do not lead on: nothing to project from.
    if (!last || last.completedOn !== null || last.missedOn !== null) break;
    links.push({ date: later(last.due, asOf), result: rule.assumed });
    const next = nextStep(ground, links);
    step = next && next.due > last.due ? next : null;
  }
  return items.filter(({ due }) => due <= until);
}

function itemOf(
  { rule, clock }: Ground,
  step: Step,
  { run, due, exam }: Turn,
  sequence: number,
  projected: boolean,
): PlannedItem {
  const recommendation = rule.cases[step.phase];
  return {
    key: slotKey(rule, clock.date, sequence),
    pathway: run.pathway.id,
    rule: rule.id,
    activity: rule.activity,
    covers: [],
    sequence,
    phase: step.phase,
    section: rule.section,
    evidence: recommendation?.evidence ?? null,
    grade: recommendation?.grade ?? null,
    measuredFrom: step.measuredFrom,
    earliest: step.earliest,
    due,
    overdue: later(step.overdue, dayAfter(due)),
    missedOn: exam ? null : run.end,
    beforeEnrolment: false,
    completedOn: exam?.date ?? null,
    completedBy: exam?.id ?? null,
    projected,
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

/** The rule's items over all its clocks; each clock starts the chain anew. */
export function chainRuleItems(
  rule: ChainRule,
  runs: readonly PathwayRun[],
  inTime: readonly ClinicalFact[],
  choices: Choices,
  asOf: CalendarDate,
  until: CalendarDate,
): PlannedItem[] {
  const clocks = inTime
    .filter((fact) => matches(fact, rule.clock))
    .filter(({ date }, index, all) => all[index - 1]?.date !== date);
  const resultOf = (fact: ClinicalFact): unknown => fact[rule.counts.field];
  const counted = inTime
    .filter(
      (fact) =>
        fact.type === rule.counts.event && rule.counts.results.some((result) => result === resultOf(fact)),
    )
    // Several results on one day are one examination, and the one that nobody would assume decides.
    .sort((a, b) =>
      a.date === b.date ? Number(resultOf(b) === rule.assumed) - Number(resultOf(a) === rule.assumed) : 0,
    )
    .filter(({ date }, index, all) => all[index + 1]?.date !== date);
  return clocks.flatMap((clock, index) => {
    const end = clocks[index + 1]?.date ?? null;
    const its = counted.filter(({ date }) => date > clock.date && (end === null || date <= end));
    return chainItems({ rule, clock, runs: runsBefore(end, rule, runs), choices }, its, asOf, until);
  });
}
