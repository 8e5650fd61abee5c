import { type CalendarDate, type Clock, clockOf, fromDayNumber, toDayNumber } from './calendar.js';
import { answersFinding } from './after-finding.js';
import { type ClinicalFact, matches } from './facts.js';
import { type Slot, slotsOf } from './grid.js';
import type { RecurringRule } from './guideline.js';
import { isOn, isWithin, type PathwayRun } from './pathway-run.js';
import { after } from './period.js';
import { examsOf, isOrIncludes, type PlanningCase } from './planning-case.js';
import { activitiesOf, activityOf, earlier, type PlannedItem } from './slot.js';

/** The slots of one plan by the phases they were drawn from: rules of one sentence share them. */
export type SlotsByPhases = Map<
  RecurringRule['phases'],
  { readonly run: PathwayRun; readonly slots: readonly Slot[] }
>;

/** The date from which the rule counts on this run; null while the event that it counts from is not recorded. */
export function startOf(rule: RecurringRule, run: PathwayRun, { inTime }: PlanningCase): CalendarDate | null {
  const { countedFrom } = rule;
  if (countedFrom === undefined) return run.start;
  const events = inTime.filter((fact) => matches(fact, countedFrom)).map(({ date }) => date);
  return events.findLast((date) => date <= run.start) ?? events.find((date) => isOn(run, date)) ?? null;
}

function slotsFor(
  rule: RecurringRule,
  run: PathwayRun,
  start: CalendarDate,
  given: PlanningCase,
  drawn: SlotsByPhases,
): readonly Slot[] {
  const horizon = toDayNumber(given.until);
  const end = run.end === null ? Infinity : toDayNumber(run.end);
  const isShared = rule.countedFrom === undefined && given.choices.rules?.[rule.id] === undefined;
  const before = isShared ? drawn.get(rule.phases) : undefined;
  if (before?.run === run) return before.slots;
  const slots = slotsOf(rule, start, given, horizon, end).filter(({ due }) => due > run.start);
  if (isShared) drawn.set(rule.phases, { run, slots });
  return slots;
}

/** First late day: past the range's long end since the last one done, or past a fixed date's tolerance. */
function lateFrom({ lateAfterLast, overdue }: Slot, lastDone: Clock): CalendarDate {
  if (lateAfterLast === null) return overdue;
  const late = fromDayNumber(after(lastDone, lateAfterLast) + 1);
  return late > overdue ? late : overdue;
}

const isOtherMethod = (
  { satisfiedBy }: RecurringRule,
  exam: ClinicalFact,
  { guideline }: PlanningCase,
): boolean => satisfiedBy?.some((other) => isOrIncludes(exam, other, guideline)) ?? false;

/** Whether the examination is one for this slot of the rule: where several take turns, only the one whose turn it is. */
export const fitsSlot = (
  exam: ClinicalFact,
  rule: RecurringRule,
  sequence: number,
  given: PlanningCase,
): boolean =>
  typeof rule.activity === 'string' ||
  isOrIncludes(exam, activityOf(rule, sequence), given.guideline) ||
  isOtherMethod(rule, exam, given);

/**
 * The examinations that can satisfy the rule's dates: its own, those that include it, and those of another
 * allowed method. One that answers a finding came in addition and replaces none, unless a person says so.
 */
export function satisfying(rule: RecurringRule, given: PlanningCase): ClinicalFact[] {
  if (rule.satisfiedBy === undefined) return examsOf(given, activitiesOf(rule));
  return examsOf(given, [...activitiesOf(rule), ...rule.satisfiedBy]).filter(
    (exam) => isOwn(rule, exam, given) || exam.forDue !== undefined || !answersFinding(exam, given),
  );
}

const isOwn = (rule: RecurringRule, exam: ClinicalFact, { guideline }: PlanningCase): boolean =>
  activitiesOf(rule).some((activity) => isOrIncludes(exam, activity, guideline));

/** What was recorded on one run, as far as it may fulfil slots of one rule. */
interface Record {
  readonly rule: RecurringRule;
  readonly run: PathwayRun;
  readonly given: PlanningCase;
  readonly slots: readonly Slot[];
  readonly exams: readonly ClinicalFact[];
}

/**
 * The examination recorded for this slot, else the first of the run whose date its window holds. `forDue`
 * is the due date that a person named when recording it; one that no slot has says nothing.
 */
function fulfilmentOf(slot: Slot, { rule, run, given, slots, exams }: Record): ClinicalFact | undefined {
  const { due, earliest, closes, sequence } = slot;
  const fits = (exam: ClinicalFact): boolean => fitsSlot(exam, rule, sequence, given);
  const named = exams.find(
    (exam) => exam.forDue === due && fits(exam) && (isWithin(run, exam.date) || isOn(run, due)),
  );
  if (named) return named;
  return exams.find(
    (exam) =>
      isWithin(run, exam.date) &&
      exam.date >= earliest &&
      (closes === null || exam.date < closes) &&
      fits(exam) &&
      (exam.forDue === undefined || !slots.some((other) => other.due === exam.forDue)),
  );
}

/**
 * The rule's slots on one run of its pathway, due up to the horizon. What falls due on or after the run's
 * end is left out, unless it was done by then.
 */
export function recurringItems(
  rule: RecurringRule,
  run: PathwayRun,
  given: PlanningCase,
  drawn: SlotsByPhases,
): PlannedItem[] {
  const start = startOf(rule, run, given);
  if (start === null) return [];
  const exams = satisfying(rule, given).filter(({ date }) => date >= start);
  const slots = slotsFor(rule, run, start, given, drawn);
  const record: Record = { rule, run, given, slots, exams };
  const items: PlannedItem[] = [];
  let lastDone = clockOf(start, given.roll);
  let judged = 0;
  for (const slot of slots) {
    for (let exam = exams[judged]; exam && exam.date < slot.earliest; exam = exams[++judged])
      lastDone = clockOf(exam.date, given.roll);
    const exam = exams.length === 0 ? undefined : fulfilmentOf(slot, record);
    if (exam || run.end === null || slot.due < run.end)
      items.push(itemOf(record, start, slot, exam, lateFrom(slot, lastDone)));
  }
  return items;
}

function itemOf(
  { rule, run, given }: Record,
  start: CalendarDate,
  slot: Slot,
  exam: ClinicalFact | undefined,
  late: CalendarDate,
): PlannedItem {
  const { sequence, phase, earliest, due, closes } = slot;
  const missedOn = closes !== null && run.end !== null ? earlier(closes, run.end) : (closes ?? run.end);
  const printed = rule.phases[phase];
  const activity = activityOf(rule, sequence);
  return {
    key: `${rule.id}@${run.start}+${slot.offset}`,
    pathway: run.pathway.id,
    rule: rule.id,
    activity,
    covers: [],
    sequence,
    phase,
    section: rule.section,
    evidence: printed?.evidence ?? null,
    grade: printed?.grade ?? null,
    measuredFrom: start,
    earliest,
    due,
    overdue: closes === null ? late : earlier(late, closes),
    missedOn: exam ? null : missedOn,
    beforeEnrolment: false,
    completedOn: exam?.date ?? null,
    completedBy: exam?.id ?? null,
    otherMethod: exam !== undefined && !isOrIncludes(exam, activity, given.guideline),
    projected: false,
    deviates: slot.deviates,
  };
}
