import type { CalendarDate } from './calendar.js';
import type { ClinicalFact } from './facts.js';
import type { Recommendation, Rule } from './guideline.js';
import { isWithin, type PathwayRun } from './pathway-run.js';
import { activityOf, dayAfter, later, type PlannedItem } from './slot.js';

/** One examination of a chain, done or assumed. */
export interface Link {
  readonly date: CalendarDate;
  readonly result: unknown;
  /** False for one that was done too early: time is measured from it, but it is to be repeated. */
  readonly counts: boolean;
}

/** When and why the next examination of a chain is due. */
export interface Step {
  readonly due: CalendarDate;
  readonly earliest: CalendarDate;
  readonly overdue: CalendarDate;
  readonly measuredFrom: CalendarDate;
  /** Index of the rule's case or phase. */
  readonly phase: number;
  readonly deviates: boolean;
}

/** One chain of examinations on one clock. */
export interface Chain {
  readonly rule: Rule;
  readonly clock: CalendarDate;
  /** The stretches of follow-up on which it may fall due, in the order of time. */
  readonly runs: readonly PathwayRun[];
  /** When the next one is due after these; null: nothing more is. */
  readonly next: (links: readonly Link[]) => Step | null;
  /** The link that an examination recorded while `step` stood makes. */
  readonly linkOf: (exam: ClinicalFact, step: Step | null) => Link;
  /** The result assumed for steps that lie ahead. */
  readonly assumed: string | undefined;
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

/** Whether the examination answers the step: one so early that the same step would follow does not, nor one that is to be repeated. */
function answers({ next, assumed }: Chain, step: Step, links: readonly Link[], link: Link): boolean {
  if (!link.counts) return false;
  const following = next([...links, { ...link, result: assumed }]);
  return following === null || following.phase !== step.phase || following.due !== step.due;
}

/**
 * An item for every step that a recorded examination answered, then the next one, then what would follow if
 * each came out as assumed on its due date, or on `asOf` when that is past.
 */
export function chainItems(
  chain: Chain,
  recorded: readonly ClinicalFact[],
  asOf: CalendarDate,
  until: CalendarDate,
): PlannedItem[] {
  const items: PlannedItem[] = [];
  const links: Link[] = [];
  const add = (step: Step, exam: ClinicalFact | null, projected: boolean): void => {
    for (const turn of turnsOf(step, chain.runs, exam))
      items.push(itemOf(chain, step, turn, items.length + 1, projected));
  };
  for (const exam of recorded) {
    const step = chain.next(links);
    const link = chain.linkOf(exam, step);
    if (step && answers(chain, step, links, link)) add(step, exam, false);
    links.push(link);
  }
  let step = chain.next(links);
  for (let projected = false; step && step.due <= until; projected = true) {
    add(step, null, projected);
    const last = items.at(-1);
    // Off every pathway, or the data of the rule do not lead on: nothing to project from.
    if (!last || last.completedOn !== null || last.missedOn !== null) break;
    links.push({ date: later(last.due, asOf), result: chain.assumed, counts: true });
    const next = chain.next(links);
    step = next && next.due > last.due ? next : null;
  }
  return items.filter(({ due }) => due <= until);
}

/** The grade printed behind one phase or case of a rule. */
export function printedBehind(rule: Rule, phase: number): Recommendation | undefined {
  if (rule.kind === 'after-finding') return rule;
  return rule.kind === 'chain' ? rule.cases[phase] : rule.phases[phase];
}

function itemOf(
  { rule, clock }: Chain,
  step: Step,
  { run, due, exam }: Turn,
  sequence: number,
  projected: boolean,
): PlannedItem {
  const printed = printedBehind(rule, step.phase);
  return {
    key: `${rule.id}@${clock}#${sequence}`,
    pathway: run.pathway.id,
    rule: rule.id,
    activity: activityOf(rule, sequence),
    covers: [],
    sequence,
    phase: step.phase,
    section: rule.section,
    evidence: printed?.evidence ?? null,
    grade: printed?.grade ?? null,
    measuredFrom: step.measuredFrom,
    earliest: step.earliest,
    due,
    overdue: later(step.overdue, dayAfter(due)),
    missedOn: exam ? null : run.end,
    beforeEnrolment: false,
    completedOn: exam?.date ?? null,
    completedBy: exam?.id ?? null,
    otherMethod: false,
    projected,
    deviates: step.deviates,
  };
}
