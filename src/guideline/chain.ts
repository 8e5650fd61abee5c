import type { CalendarDate } from './calendar.js';
import type { ClinicalFact } from './facts.js';
import type { Recommendation, Rule } from './guideline.js';
import { isWithin, type PathwayRun } from './pathway-run.js';
import { activityOf, dayAfter, later, type PlannedItem, NONE } from './planned-item.js';

/** Where a chain stands after one examination, done or assumed. */
export interface Link {
  readonly date: CalendarDate;
  /** Whether it answered its step; one done too early does not, though time is measured from it. */
  readonly counts: boolean;
  /** How many have counted so far, and the last of them. */
  readonly counted: number;
  readonly last: { readonly date: CalendarDate; readonly result: unknown } | null;
  /** The examination before this one. */
  readonly before: Link | null;
  /** The step before it, for rules whose next date depends on where they were. */
  readonly step: Step | null;
}

/** When and why the next examination of a chain is due. */
export interface Step {
  readonly due: CalendarDate;
  readonly earliest: CalendarDate;
  readonly overdue: CalendarDate;
  /** One done before it, with the expected result, does not count; absent: the rule says otherwise. */
  readonly countsFrom?: CalendarDate;
  readonly measuredFrom: CalendarDate;
  /** Index of the rule's case or phase; -1 where no case applied and a clinician decided. */
  readonly phase: number;
  /** Index of the single date within the phase. */
  readonly nth: number;
  readonly deviates: boolean;
}

/** One examination of a chain as it was done or is assumed. */
export interface Done {
  readonly date: CalendarDate;
  readonly result: unknown;
}

/** One chain of examinations on one clock. */
export interface Chain {
  readonly rule: Rule;
  /** The date that tells the items of this chain from those of the rule's other ones. */
  readonly clock: CalendarDate;
  /** The stretches of follow-up on which it may fall due, in the order of time. */
  readonly runs: readonly PathwayRun[];
  /** When the next one is due after `link`, which is null before the first; null: nothing more is. */
  readonly next: (link: Link | null) => Step | null;
  /** Whether the examination counts as the one that `step` asks for. */
  readonly counts: (done: Done, step: Step | null) => boolean;
  /** Whether one that counts completes `step`; one that does not only moves the chain on. */
  readonly fulfils: (done: Done, step: Step) => boolean;
  /** Whether the examination is one for the item of this number; any other is as if it were not there. */
  readonly fits: (exam: ClinicalFact, sequence: number) => boolean;
  readonly resultOf: (exam: ClinicalFact) => unknown;
  /** Whether it was done by another method than the planned one. */
  readonly isOtherMethod: (exam: ClinicalFact, sequence: number) => boolean;
  /** The result assumed for steps that lie ahead. */
  readonly assumed: string | undefined;
}

function linkAfter(previous: Link | null, done: Done, step: Step | null, counts: boolean): Link {
  return {
    date: done.date,
    counts,
    counted: (previous?.counted ?? 0) + Number(counts),
    last: counts ? done : (previous?.last ?? null),
    before: previous,
    step,
  };
}

/** The day of the n-th examination that counted; null: there is none so far. */
export function dayOfCounted(link: Link | null, nth: number): CalendarDate | null {
  for (let one = link; one !== null; one = one.before) if (one.counts && one.counted === nth) return one.date;
  return null;
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

/** Whether the examination answers the step: one so early that the next date stays as it was does not. */
function answers({ next, assumed }: Chain, previous: Link | null, step: Step, { date }: Done): boolean {
  const following = next(linkAfter(previous, { date, result: assumed }, step, true));
  return following === null || following.due !== step.due || following.phase !== step.phase;
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
  let link: Link | null = null;
  const add = (step: Step, exam: ClinicalFact | null, projected: boolean): void => {
    for (const turn of turnsOf(step, chain.runs, exam))
      items.push(itemOf(chain, step, turn, items.length + 1, projected));
  };
  for (const exam of recorded) {
    if (!chain.fits(exam, items.length + 1)) continue;
    const step = chain.next(link);
    const done = { date: exam.date, result: chain.resultOf(exam) };
    const counts = chain.counts(done, step);
    if (step && counts && chain.fulfils(done, step) && answers(chain, link, step, done))
      add(step, exam, false);
    link = linkAfter(link, done, step, counts);
  }
  let step = chain.next(link);
  for (let projected = false; step && step.due <= until; projected = true) {
    add(step, null, projected);
    const last = items.at(-1);
    // Off every pathway, or the data of the rule do not lead on: nothing to project from.
    if (!last || last.completedOn !== null || last.missedOn !== null) break;
    link = linkAfter(link, { date: later(last.due, asOf), result: chain.assumed }, step, true);
    const next = chain.next(link);
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
  { rule, clock, isOtherMethod }: Chain,
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
    covers: NONE,
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
    otherMethod: exam !== null && isOtherMethod(exam, sequence),
    projected,
    movedFrom: null,
    alsoFor: NONE,
    deviates: step.deviates,
  };
}
