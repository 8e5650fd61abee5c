import type { CalendarDate } from './calendar.js';
import type { ClinicalFact } from './facts.js';
import type { Recommendation, Rule } from './guideline.js';
import { isWithin, type PathwayRun } from './pathway-run.js';
import { activityOf, dayAfter, later, type PlannedItem, NONE } from './planned-item.js';

/** The state of a chain after one exam, recorded or assumed. */
export interface Link {
  readonly date: CalendarDate;
  /**
   * Whether the exam counts for its step. An exam that is too early does not count, although later dates are measured
   * from it.
   */
  readonly counts: boolean;
  /** How many exams have counted so far, and the last of them. */
  readonly counted: number;
  readonly last: { readonly date: CalendarDate; readonly result: unknown } | null;
  /** The previous exam. */
  readonly before: Link | null;
  /** The step that was open, for rules whose next date depends on the previous phase. */
  readonly step: Step | null;
}

/** When and why the next exam of a chain is due. */
export interface Step {
  readonly due: CalendarDate;
  readonly earliest: CalendarDate;
  readonly overdue: CalendarDate;
  /** An earlier exam with the expected result does not count; absent: the rule decides. */
  readonly countsFrom?: CalendarDate;
  readonly measuredFrom: CalendarDate;
  /** Index of the rule's case or phase; -1 where no case applied and a clinician decided. */
  readonly phase: number;
  /** Index of the single date within the phase. */
  readonly nth: number;
  readonly deviates: boolean;
}

/** One exam of a chain, recorded or assumed. */
export interface Done {
  readonly date: CalendarDate;
  readonly result: unknown;
}

/** One chain of exams on one clock. */
export interface Chain {
  readonly rule: Rule;
  /** The date that distinguishes the items of this chain from those of the rule's other chains. */
  readonly clock: CalendarDate;
  /** The pathway runs on which items may fall due, in chronological order. */
  readonly runs: readonly PathwayRun[];
  /** The next step after `link`, which is null before the first exam; null: no further step. */
  readonly next: (link: Link | null) => Step | null;
  /** Whether the exam counts for `step`. */
  readonly counts: (done: Done, step: Step | null) => boolean;
  /** Whether a counted exam completes `step`; otherwise it only advances the chain. */
  readonly fulfils: (done: Done, step: Step) => boolean;
  /** Whether the exam may belong to the item with this number; any other exam is ignored. */
  readonly fits: (exam: ClinicalFact, sequence: number) => boolean;
  readonly resultOf: (exam: ClinicalFact) => unknown;
  /** Whether the exam used another method than the planned one. */
  readonly isOtherMethod: (exam: ClinicalFact, sequence: number) => boolean;
  /** The result assumed for future steps. */
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

/** The day of the n-th counted exam; null: there are fewer. */
export function dayOfCounted(link: Link | null, nth: number): CalendarDate | null {
  for (let one = link; one !== null; one = one.before) if (one.counts && one.counted === nth) return one.date;
  return null;
}

/** A step on one run: its due date there, and the exam that completed it. */
interface Turn {
  readonly run: PathwayRun;
  readonly due: CalendarDate;
  readonly exam: ClinicalFact | null;
}

/**
 * The runs on which the step is open until `exam`. At the end of a run an open step is missed, and due again on the
 * day on which follow-up resumes; that day also applies when it falls due between two runs.
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
  // An exam outside every run completes the item that was missed last.
  return last ? [...turns, { ...last, exam }] : [];
}

/** Whether the exam completes the step. An exam so early that the next date stays the same does not. */
function answers({ next, assumed }: Chain, previous: Link | null, step: Step, { date }: Done): boolean {
  const following = next(linkAfter(previous, { date, result: assumed }, step, true));
  return following === null || following.due !== step.due || following.phase !== step.phase;
}

/**
 * An item for every step that a recorded exam completed, then the next item, then the projected ones. The projection
 * assumes that each exam has the assumed result and takes place on its due date, or on `asOf` when that is later.
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
    // Outside every run, or where the rule leads no further, there is nothing to project from.
    if (!last || last.completedOn !== null || last.missedOn !== null) break;
    link = linkAfter(link, { date: later(last.due, asOf), result: chain.assumed }, step, true);
    const next = chain.next(link);
    step = next && next.due > last.due ? next : null;
  }
  return items.filter(({ due }) => due <= until);
}

/** The level and grade printed behind one phase or case of a rule. */
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
