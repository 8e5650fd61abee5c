import {
  type CalendarDate,
  type Clock,
  clockOf,
  type DayNumber,
  fromDayNumber,
  toDayNumber,
} from './calendar.js';
import { type ClinicalFact, matches } from './facts.js';
import { type Slot, slotsOf } from './grid.js';
import type { RecurringRule } from './guideline.js';
import { isOn, isWithin, type PathwayRun } from './pathway-run.js';
import { after, longEnd, monthsIn, shortEnd } from './period.js';
import { examsOf, isOrIncludes, type PlanningCase } from './planning-case.js';
import {
  activitiesOf,
  activityOf,
  dayAfter,
  earlier,
  later,
  NEVER,
  overdueUntil,
  type PlannedItem,
  NONE,
} from './planned-item.js';

/** The slots of one plan by the phases they were drawn from: rules of one sentence share them. */
export type SlotsByPhases = Map<
  RecurringRule['phases'],
  { readonly run: PathwayRun; readonly reach: DayNumber; readonly slots: readonly Slot[] }
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
  { given, reach, drawn }: { given: PlanningCase; reach: DayNumber; drawn: SlotsByPhases },
): readonly Slot[] {
  const end = run.end === null ? Infinity : toDayNumber(run.end);
  const isShared = rule.countedFrom === undefined && given.choices.rules?.[rule.id] === undefined;
  const before = isShared ? drawn.get(rule.phases) : undefined;
  if (before?.run === run && before.reach === reach) return before.slots;
  const slots = slotsOf(rule, start, given, reach, end).filter(({ due }) => due > run.start);
  if (isShared) drawn.set(rule.phases, { run, reach, slots });
  return slots;
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
 * The examinations that may satisfy the rule's dates: its own, those that include it, and those of another
 * allowed method that fulfilled no date of their own. `isAssigned`: a person recorded it for a date of this rule.
 */
export function satisfying(
  rule: RecurringRule,
  given: PlanningCase,
  isAssigned: (exam: ClinicalFact) => boolean,
): ClinicalFact[] {
  const own = activitiesOf(rule);
  if (rule.satisfiedBy === undefined) return examsOf(given, own);
  const isOwn = (exam: ClinicalFact): boolean =>
    own.some((activity) => isOrIncludes(exam, activity, given.guideline));
  return examsOf(given, [...own, ...rule.satisfiedBy]).filter(
    (exam) => isOwn(exam) || given.isSpare(exam) || isAssigned(exam),
  );
}

/** What was recorded on one run, as far as it may fulfil slots of one rule. */
interface Record {
  readonly rule: RecurringRule;
  readonly run: PathwayRun;
  readonly given: PlanningCase;
  readonly slots: readonly Slot[];
  readonly exams: readonly ClinicalFact[];
}

/** Whether a person recorded the examination for this slot, by the date on which it was due then. */
const isNamedFor = ({ forDue }: ClinicalFact, { due, gridDue }: Slot): boolean =>
  forDue !== undefined && (forDue === due || forDue === gridDue);

/**
 * The examination recorded for this slot, else the first of the run whose date its window holds. `forDue`
 * is the due date that a person named when recording it; one that no slot has says nothing.
 */
function fulfilmentOf(slot: Slot, { rule, run, given, slots, exams }: Record): ClinicalFact | undefined {
  const { due, earliest, sequence } = slot;
  // On the day of the run's end no further slot opens.
  const closes = slot.closes !== null && run.end !== null && slot.closes >= run.end ? null : slot.closes;
  const fits = (exam: ClinicalFact): boolean => fitsSlot(exam, rule, sequence, given);
  const named = exams.find(
    (exam) => isNamedFor(exam, slot) && fits(exam) && (isWithin(run, exam.date) || isOn(run, due)),
  );
  if (named) return named;
  return exams.find(
    (exam) =>
      isWithin(run, exam.date) &&
      exam.date >= earliest &&
      (closes === null || exam.date < closes) &&
      fits(exam) &&
      (exam.forDue === undefined || !slots.some((other) => isNamedFor(exam, other))),
  );
}

/** The last examination of a rule before one of its slots, whether it fulfilled one or not; else the start. */
interface LastDone {
  readonly clock: Clock;
  /** The one that fulfilled the slot before; null: none did. */
  readonly counted: Clock | null;
}

/**
 * The slot of a range after `last`. It is late once the range's long end has passed since the last one done. Where the
 * one that fulfilled the slot before was so early that the grid's date would come after the long end, the date moves
 * forward to it.
 */
function slotAfter(slot: Slot, { clock, counted }: LastDone): Slot {
  const { range, gridDue, earliest, overdue } = slot;
  if (range === null) return slot;
  const late = overdue === NEVER ? NEVER : fromDayNumber(after(clock, range.longEnd) + 1);
  const due = counted ? earlier(gridDue, fromDayNumber(after(counted, range.longest))) : gridDue;
  if (due < gridDue)
    return { ...slot, due, earliest: earlier(earliest, due), overdue: later(dayAfter(due), late) };
  return late > overdue ? { ...slot, overdue: late } : slot;
}

/** Each slot as the examinations before it leave it, and the examination that fulfils it. */
function fulfilled(record: Record, start: CalendarDate): (readonly [Slot, ClinicalFact | undefined])[] {
  const { slots, exams, given } = record;
  let next = 0;
  let clock = clockOf(start, given.roll);
  let counted: Clock | null = null;
  return slots.map((drawn) => {
    let slot = slotAfter(drawn, { clock, counted });
    for (let exam = exams[next]; exam && exam.date < slot.earliest; exam = exams[++next]) {
      if (isNamedFor(exam, slot)) break;
      clock = clockOf(exam.date, given.roll);
      slot = slotAfter(drawn, { clock, counted });
    }
    const exam = exams.length === 0 ? undefined : fulfilmentOf(slot, record);
    counted = exam ? clockOf(exam.date, given.roll) : null;
    return [slot, exam] as const;
  });
}

/** The longest that a range of the rule lasts, in days or a little more; zero: it has no range. */
function longestRange({ id, phases }: RecurringRule, { choices }: PlanningCase): number {
  const longest = phases.flatMap((phase, index) =>
    'at' in phase || typeof phase.every === 'string'
      ? []
      : [longEnd(phase.every), choices.rules?.[id]?.phases?.[index]?.every ?? shortEnd(phase.every)],
  );
  return Math.max(0, ...longest.map((period) => monthsIn(period) * 31));
}

/** How far the grid is drawn: one that moves forward to before the horizon may lie a range's long end behind it. */
function reachOf(rule: RecurringRule, last: ClinicalFact | undefined, given: PlanningCase): DayNumber {
  const horizon = toDayNumber(given.until);
  return last ? Math.max(horizon, toDayNumber(last.date) + 2 * longestRange(rule, given)) : horizon;
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
  const mayCount = examsOf(given, [...activitiesOf(rule), ...(rule.satisfiedBy ?? [])]);
  const reach = reachOf(rule, mayCount.at(-1), given);
  const slots = slotsFor(rule, run, start, { given, reach, drawn });
  const exams = satisfying(rule, given, (exam) => slots.some((slot) => isNamedFor(exam, slot))).filter(
    ({ date }) => date >= start,
  );
  const record: Record = { rule, run, given, slots, exams };
  const items: PlannedItem[] = [];
  for (const [slot, exam] of fulfilled(record, start)) {
    if (slot.due > given.until) continue;
    if (exam || run.end === null || slot.due < run.end) items.push(itemOf(record, start, slot, exam));
  }
  return items;
}

function itemOf(
  { rule, run, given }: Record,
  start: CalendarDate,
  slot: Slot,
  exam: ClinicalFact | undefined,
): PlannedItem {
  const { sequence, phase, earliest, due, gridDue, overdue, closes } = slot;
  const missedOn = closes !== null && run.end !== null ? earlier(closes, run.end) : (closes ?? run.end);
  const printed = rule.phases[phase];
  const activity = activityOf(rule, sequence);
  return {
    key: `${rule.id}@${run.start}+${slot.offset}`,
    pathway: run.pathway.id,
    rule: rule.id,
    activity,
    covers: NONE,
    sequence,
    phase,
    section: rule.section,
    evidence: printed?.evidence ?? null,
    grade: printed?.grade ?? null,
    measuredFrom: start,
    earliest,
    due,
    overdue: closes === null ? overdue : overdueUntil(overdue, closes),
    missedOn: exam ? null : missedOn,
    beforeEnrolment: false,
    completedOn: exam?.date ?? null,
    completedBy: exam?.id ?? null,
    otherMethod: exam !== undefined && !isOrIncludes(exam, activity, given.guideline),
    projected: false,
    movedFrom: due < gridDue ? gridDue : null,
    alsoFor: NONE,
    deviates: slot.deviates,
  };
}
