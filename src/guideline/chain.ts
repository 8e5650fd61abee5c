import { addDays, type CalendarDate, fromDayNumber } from './calendar.js';
import { byTime, type ClinicalFact, hasValues } from './facts.js';
import type { ChainCase, ChainRule } from './guideline.js';
import { firstDayOn, matches, type PathwayRun, runOn } from './pathway-run.js';
import { dayAt, offsetOf } from './period.js';
import { dayAfter, earlier, later, type PlannedItem, slotKey, toleranceDays } from './slot.js';

/** One counted examination of the chain, done or assumed. */
interface Link {
  readonly date: CalendarDate;
  readonly result: unknown;
  readonly event: ClinicalFact | null;
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
  if (when.last !== undefined && (last === undefined || !when.last.some((result) => result === last.result))) return false;
  if (when.noneSince === undefined) return true;
  const since = fromDayNumber(dayAt(clock.date, offsetOf(when.noneSince)));
  return links.every(({ date }) => date < since);
}

/** When the next one is due after `links`, by the first case that applies. */
function nextStep(rule: ChainRule, clock: ClinicalFact, links: readonly Link[]): Step | null {
  const phase = rule.cases.findIndex((one) => applies(one, clock, links));
  const found = rule.cases[phase];
  if (!found) return null;
  const measuredFrom = found.from === 'clock' ? clock.date : (links.at(-1)?.date ?? clock.date);
  const offset = offsetOf(found.due);
  const due = fromDayNumber(dayAt(measuredFrom, offset));
  const tolerance = toleranceDays(offset.months);
  const stated = found.earliest ? fromDayNumber(dayAt(measuredFrom, offsetOf(found.earliest))) : measuredFrom;
  return {
    due,
    earliest: found.limit ? earlier(stated, due) : addDays(due, -tolerance),
    overdue: found.limit ? dayAfter(due) : addDays(due, tolerance + 1),
    measuredFrom,
    phase,
  };
}

/** Where the chain stands in time: its clock, its end, and the runs on which it may fall due. */
interface Ground {
  readonly rule: ChainRule;
  readonly clock: ClinicalFact;
  readonly end: CalendarDate | null;
  readonly runs: readonly PathwayRun[];
}

/** The step moved to the day of return when it falls due between two runs; null: never due, as far as is known. */
function onPathway(step: Step, { rule, runs, end }: Ground): Step | null {
  const due = firstDayOn(runs, rule.pathways, step.due);
  if (due === null || (end !== null && due >= end)) return null;
  if (due === step.due) return step;
  return { ...step, due, overdue: dayAfter(due), earliest: earlier(step.earliest, due) };
}

/**
 * The chain of one clock: a completed item for every counted examination, then the next one, then what
 * would follow if each came out as `assumed` on its due date, or on `asOf` when that is past.
 */
function chainItems(ground: Ground, recorded: readonly ClinicalFact[], asOf: CalendarDate, until: CalendarDate): PlannedItem[] {
  const { rule, clock } = ground;
  const items: PlannedItem[] = [];
  const links: Link[] = [];
  for (const event of recorded) {
    const step = nextStep(rule, clock, links);
    if (!step) break;
    const returned = onPathway(step, ground);
    const stands = returned !== null && returned.due <= event.date ? returned : step;
    items.push(itemOf(ground, stands, items.length + 1, { done: event, projected: false }));
    links.push({ date: event.date, result: event[rule.counts.field], event });
  }
  for (let projected = false; ; projected = true) {
    const planned = nextStep(rule, clock, links);
    const step = planned && onPathway(planned, ground);
    if (!step || step.due > until) return items;
    items.push(itemOf(ground, step, items.length + 1, { done: null, projected }));
    links.push({ date: later(step.due, asOf), result: rule.assumed, event: null });
  }
}

function itemOf(
  { rule, clock, end, runs }: Ground,
  step: Step,
  sequence: number,
  { done, projected }: { done: ClinicalFact | null; projected: boolean },
): PlannedItem {
  const run = runOn(runs, rule.pathways, step.due);
  const recommendation = rule.cases[step.phase];
  return {
    key: slotKey(rule, clock.date, sequence),
    pathway: run?.pathway.id ?? rule.pathways[0] ?? '',
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
    due: step.due,
    overdue: step.overdue,
    missedOn: done ? null : lostOn(runs, rule.pathways, step.due, end),
    beforeEnrolment: false,
    completedOn: done?.date ?? null,
    completedBy: done?.id ?? null,
    projected,
  };
}

/** The day on which an undone step stops waiting: the end of the last run, when none follows. */
function lostOn(
  runs: readonly PathwayRun[],
  ids: readonly string[],
  due: CalendarDate,
  chainEnd: CalendarDate | null,
): CalendarDate | null {
  const ends = runs.filter(({ pathway, end }) => ids.includes(pathway.id) && (end === null || end > due)).map(({ end }) => end);
  const lastEnd = ends.includes(null) ? null : ends.reduce((a, b) => (a !== null && b !== null && a > b ? a : b), null);
  if (lastEnd === null) return chainEnd;
  return chainEnd === null ? lastEnd : earlier(lastEnd, chainEnd);
}

/** The rule's items over all its clocks; each clock starts the chain anew. */
export function chainRuleItems(
  rule: ChainRule,
  runs: readonly PathwayRun[],
  events: readonly ClinicalFact[],
  asOf: CalendarDate,
  until: CalendarDate,
): PlannedItem[] {
  const inTime = [...events].sort(byTime);
  const clocks = inTime.filter((fact, index) => matches(fact, rule.clock) && !inTime.slice(0, index).some((one) => matches(one, rule.clock) && one.date === fact.date));
  return clocks.flatMap((clock, index) => {
    const end = clocks[index + 1]?.date ?? null;
    const counted = inTime.filter(
      (fact) =>
        fact.type === rule.counts.event &&
        rule.counts.results.some((result) => result === fact[rule.counts.field]) &&
        fact.date > clock.date &&
        (end === null || fact.date <= end),
    );
    return chainItems({ rule, clock, end, runs }, counted, asOf, until);
  });
}
