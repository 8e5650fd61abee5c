import {
  type CalendarDate,
  type Clock,
  clockOf,
  type DayNumber,
  fromDayNumber,
  toDayNumber,
} from './calendar.js';
import { type ClinicalFact, matches } from './facts.js';
import { type GridDate, gridDatesOf } from './grid.js';
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

/** The grid dates of one plan by their phases: rules of one sentence share them. */
export type GridDatesByPhases = Map<
  RecurringRule['phases'],
  { readonly run: PathwayRun; readonly reach: DayNumber; readonly gridDates: readonly GridDate[] }
>;

/** The date from which the rule counts on this run; null while the event that it counts from is not recorded. */
export function startOf(rule: RecurringRule, run: PathwayRun, { inTime }: PlanningCase): CalendarDate | null {
  const { countedFrom } = rule;
  if (countedFrom === undefined) return run.start;
  const events = inTime.filter((fact) => matches(fact, countedFrom)).map(({ date }) => date);
  return events.findLast((date) => date <= run.start) ?? events.find((date) => isOn(run, date)) ?? null;
}

function gridDatesFor(
  rule: RecurringRule,
  run: PathwayRun,
  start: CalendarDate,
  { given, reach, drawn }: { given: PlanningCase; reach: DayNumber; drawn: GridDatesByPhases },
): readonly GridDate[] {
  const end = run.end === null ? Infinity : toDayNumber(run.end);
  const isShared = rule.countedFrom === undefined && given.choices.rules?.[rule.id] === undefined;
  const before = isShared ? drawn.get(rule.phases) : undefined;
  if (before?.run === run && before.reach === reach) return before.gridDates;
  const gridDates = gridDatesOf(rule, start, given, reach, end).filter(({ due }) => due > run.start);
  if (isShared) drawn.set(rule.phases, { run, reach, gridDates });
  return gridDates;
}

const isOtherMethod = (
  { satisfiedBy }: RecurringRule,
  exam: ClinicalFact,
  { guideline }: PlanningCase,
): boolean => satisfiedBy?.some((other) => isOrIncludes(exam, other, guideline)) ?? false;

/**
 * Whether the exam may belong to the rule's item with this number. Where several activities take turns, it must be
 * the one whose turn it is.
 */
export const fitsSequence = (
  exam: ClinicalFact,
  rule: RecurringRule,
  sequence: number,
  given: PlanningCase,
): boolean =>
  typeof rule.activity === 'string' ||
  isOrIncludes(exam, activityOf(rule, sequence), given.guideline) ||
  isOtherMethod(rule, exam, given);

/**
 * The exams that may satisfy the rule's dates: its own, those that include it, and those of another allowed method
 * that completed no item of their own. `isAssigned`: a person recorded the exam for a date of this rule.
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

/** The recorded exams of one run that may complete items of one rule. */
interface Record {
  readonly rule: RecurringRule;
  readonly run: PathwayRun;
  readonly given: PlanningCase;
  readonly gridDates: readonly GridDate[];
  readonly exams: readonly ClinicalFact[];
}

/** Whether a person recorded the exam for this grid date, identified by its due date at that time. */
const isNamedFor = ({ forDue }: ClinicalFact, { due, gridDue }: GridDate): boolean =>
  forDue !== undefined && (forDue === due || forDue === gridDue);

/**
 * The exam recorded for this grid date, else the first exam of the run within its window. `forDue` is the due date
 * that the person named when recording it; a due date that no grid date has is ignored.
 */
function fulfilmentOf(
  gridDate: GridDate,
  { rule, run, given, gridDates, exams }: Record,
): ClinicalFact | undefined {
  const { due, earliest, sequence } = gridDate;
  // No further grid date opens on the day of the run's end.
  const closes =
    gridDate.closes !== null && run.end !== null && gridDate.closes >= run.end ? null : gridDate.closes;
  const fits = (exam: ClinicalFact): boolean => fitsSequence(exam, rule, sequence, given);
  const named = exams.find(
    (exam) => isNamedFor(exam, gridDate) && fits(exam) && (isWithin(run, exam.date) || isOn(run, due)),
  );
  if (named) return named;
  return exams.find(
    (exam) =>
      isWithin(run, exam.date) &&
      exam.date >= earliest &&
      (closes === null || exam.date < closes) &&
      fits(exam) &&
      (exam.forDue === undefined || !gridDates.some((other) => isNamedFor(exam, other))),
  );
}

/** The last exam before a grid date, whether it completed an item or not; else the start. */
interface LastDone {
  readonly clock: Clock;
  /** The exam that completed the previous item; null: none did. */
  readonly counted: Clock | null;
}

/**
 * The grid date of a range, adjusted to the last exam. It is late after the range's long end since the last exam.
 * Where the exam that completed the previous item was so early that the grid date would exceed the long end, the due
 * date moves forward to the long end.
 */
function gridDateAfter(gridDate: GridDate, { clock, counted }: LastDone): GridDate {
  const { range, gridDue, earliest, overdue } = gridDate;
  if (range === null) return gridDate;
  const late = overdue === NEVER ? NEVER : fromDayNumber(after(clock, range.longEnd) + 1);
  const due = counted ? earlier(gridDue, fromDayNumber(after(counted, range.longest))) : gridDue;
  if (due < gridDue)
    return { ...gridDate, due, earliest: earlier(earliest, due), overdue: later(dayAfter(due), late) };
  return late > overdue ? { ...gridDate, overdue: late } : gridDate;
}

/** Each grid date, adjusted to the exams before it, and the exam that completes it. */
function fulfilled(record: Record, start: CalendarDate): (readonly [GridDate, ClinicalFact | undefined])[] {
  const { gridDates, exams, given } = record;
  let next = 0;
  let clock = clockOf(start, given.roll);
  let counted: Clock | null = null;
  return gridDates.map((drawn) => {
    let gridDate = gridDateAfter(drawn, { clock, counted });
    for (let exam = exams[next]; exam && exam.date < gridDate.earliest; exam = exams[++next]) {
      if (isNamedFor(exam, gridDate)) break;
      clock = clockOf(exam.date, given.roll);
      gridDate = gridDateAfter(drawn, { clock, counted });
    }
    const exam = exams.length === 0 ? undefined : fulfilmentOf(gridDate, record);
    counted = exam ? clockOf(exam.date, given.roll) : null;
    return [gridDate, exam] as const;
  });
}

/** The longest range of the rule in days, rounded up; zero: it has no range. */
function longestRange({ id, phases }: RecurringRule, { choices }: PlanningCase): number {
  const longest = phases.flatMap((phase, index) =>
    'at' in phase || typeof phase.every === 'string'
      ? []
      : [longEnd(phase.every), choices.rules?.[id]?.phases?.[index]?.every ?? shortEnd(phase.every)],
  );
  return Math.max(0, ...longest.map((period) => monthsIn(period) * 31));
}

/**
 * How far the grid is computed: a date that moves forward to before the horizon may lie a range's long end after it.
 */
function reachOf(rule: RecurringRule, last: ClinicalFact | undefined, given: PlanningCase): DayNumber {
  const horizon = toDayNumber(given.until);
  return last ? Math.max(horizon, toDayNumber(last.date) + 2 * longestRange(rule, given)) : horizon;
}

/**
 * The rule's items on one run of its pathway, due up to the horizon. Items due on or after the run's end are left
 * out, unless they were done by then.
 */
export function recurringItems(
  rule: RecurringRule,
  run: PathwayRun,
  given: PlanningCase,
  drawn: GridDatesByPhases,
): PlannedItem[] {
  const start = startOf(rule, run, given);
  if (start === null) return [];
  const mayCount = examsOf(given, [...activitiesOf(rule), ...(rule.satisfiedBy ?? [])]);
  const reach = reachOf(rule, mayCount.at(-1), given);
  const gridDates = gridDatesFor(rule, run, start, { given, reach, drawn });
  const exams = satisfying(rule, given, (exam) =>
    gridDates.some((gridDate) => isNamedFor(exam, gridDate)),
  ).filter(({ date }) => date >= start);
  const record: Record = { rule, run, given, gridDates, exams };
  const items: PlannedItem[] = [];
  for (const [gridDate, exam] of fulfilled(record, start)) {
    if (gridDate.due > given.until) continue;
    if (exam || run.end === null || gridDate.due < run.end) items.push(itemOf(record, start, gridDate, exam));
  }
  return items;
}

function itemOf(
  { rule, run, given }: Record,
  start: CalendarDate,
  gridDate: GridDate,
  exam: ClinicalFact | undefined,
): PlannedItem {
  const { sequence, phase, earliest, due, gridDue, overdue, closes } = gridDate;
  const missedOn = closes !== null && run.end !== null ? earlier(closes, run.end) : (closes ?? run.end);
  const printed = rule.phases[phase];
  const activity = activityOf(rule, sequence);
  return {
    key: `${rule.id}@${run.start}+${gridDate.offset}`,
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
    deviates: gridDate.deviates,
  };
}
