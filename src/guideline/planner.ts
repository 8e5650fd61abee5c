import { afterFindingItems } from './after-finding.js';
import { addMonths, type CalendarDate, yearsBetween } from './calendar.js';
import { chainRuleItems } from './chain.js';
import { type ActivityCode, byTime, type ClinicalFact, hasValues, type PatientFacts } from './facts.js';
import type { Choices } from './choices.js';
import type { FlagRule, Guideline, Rule, Text } from './guideline.js';
import { matches, type PathwayRun, pathwayRuns } from './pathway-run.js';
import { recurringItems, type SlotsByPhases } from './recurring.js';
import { earlier, later, type PlannedItem } from './slot.js';

/** Something about the patient that a clinician has to decide or know. */
export interface PlanFlag {
  readonly code: string;
  readonly message: Text;
}

export interface Plan {
  /** All that stands from the first clock to the horizon, past and future, by due date and then activity. */
  readonly items: readonly PlannedItem[];
  readonly flags: readonly PlanFlag[];
  readonly runs: readonly PathwayRun[];
  /** The last day on which the same facts give this same plan; null: they always will. */
  readonly standsUntil: CalendarDate | null;
}

/** How far plans reach when nobody says otherwise: ten years from the newest clock. */
const HORIZON_MONTHS = 120;

export interface PlanningDay {
  /** The hospital's calendar day on which the plan is drawn up. */
  readonly asOf: CalendarDate;
  /** Last due date to plan, included; default: ten years after the newest clock's start. */
  readonly until?: CalendarDate;
}

/**
 * Draws up everything the guideline asks for one patient. Depends on its arguments alone, not on the
 * order of the events. The facts must be free of faults (`faultsOf`).
 */
export function planSurveillance(
  guideline: Guideline,
  patient: PatientFacts,
  choices: Choices,
  day: PlanningDay,
): Plan {
  const runs = pathwayRuns(guideline, patient.events);
  const flags = flagsOf(guideline, patient, runs, choices);
  const [first] = runs;
  if (!first) return { items: [], flags, runs, standsUntil: null };

  const newest = runs.reduce((start, run) => later(start, run.start), first.start);
  const until = day.until ?? addMonths(newest, HORIZON_MONTHS);
  const inTime = [...patient.events].sort(byTime);
  const drawn: SlotsByPhases = new Map();
  const planned = guideline.rules.flatMap((rule) =>
    itemsOf(guideline, rule, runs, inTime, choices, { ...day, until }, drawn),
  );
  const items = markEnrolment(
    guideline,
    coverSameDay(guideline, planned),
    patient.enrolledOn ?? first.start,
  ).sort(byDueDate);
  return { items, flags, runs, standsUntil: lastDayOf(items, day.asOf) };
}

/** What is projected rests on the step before it being done in time: the day after its due date, it moves. */
function lastDayOf(items: readonly PlannedItem[], asOf: CalendarDate): CalendarDate | null {
  const projecting = new Set(items.filter(({ projected }) => projected).map(({ rule }) => rule));
  const next = items.find(
    (item) => projecting.has(item.rule) && item.completedOn === null && item.missedOn === null,
  );
  return next ? later(next.due, asOf) : null;
}

function itemsOf(
  guideline: Guideline,
  rule: Rule,
  runs: readonly PathwayRun[],
  inTime: readonly ClinicalFact[],
  choices: Choices,
  { asOf, until }: Required<PlanningDay>,
  drawn: SlotsByPhases,
): PlannedItem[] {
  switch (rule.kind) {
    case 'recurring': {
      if (rule.liverImaging !== undefined && rule.liverImaging !== choices.liverImaging) return [];
      const exams = examsOf(guideline, rule.activity, inTime);
      return runs
        .filter(({ pathway, clock }) => pathway.id === rule.pathway && hasValues(clock, rule.where))
        .flatMap((run) => recurringItems(rule, run, exams, choices, until, drawn));
    }
    case 'chain':
      return chainRuleItems(rule, runs, inTime, choices, asOf, until);
    case 'after-finding':
      return afterFindingItems(rule, runs, inTime, examsOf(guideline, rule.activity, inTime), choices, until);
  }
}

/** Recorded examinations of this activity, or of one that includes it. */
function examsOf(
  guideline: Guideline,
  activity: ActivityCode,
  inTime: readonly ClinicalFact[],
): ClinicalFact[] {
  return inTime.filter(
    (fact) =>
      fact.type === 'exam' &&
      (fact['activity'] === activity ||
        (guideline.covers[fact['activity'] as ActivityCode] ?? []).includes(activity)),
  );
}

/**
 * Puts an examination into the one due the same day that includes it, unless it would still be open when
 * the including one is done or overtaken.
 */
function coverSameDay(guideline: Guideline, items: readonly PlannedItem[]): PlannedItem[] {
  const covered = new Set<PlannedItem>();
  const covering = items.map((item) => {
    const activities = guideline.covers[item.activity];
    if (!activities) return item;
    const included = items.filter(
      (other) => other.due === item.due && activities.includes(other.activity) && !outlives(other, item),
    );
    for (const other of included) covered.add(other);
    return included.length === 0
      ? item
      : {
          ...item,
          ...narrowest(item, included),
          covers: [...new Set(included.map(({ activity }) => activity))],
        };
  });
  return covering.filter((_, index) => !covered.has(items[index] as PlannedItem));
}

function outlives(other: PlannedItem, item: PlannedItem): boolean {
  if (other.completedOn !== null) return false;
  if (item.completedOn !== null) return true;
  return item.missedOn !== null && (other.missedOn === null || other.missedOn > item.missedOn);
}

/** The window in which one examination is right for all that are open: the latest opening, the first late day. */
function narrowest(
  item: PlannedItem,
  included: readonly PlannedItem[],
): Pick<PlannedItem, 'earliest' | 'overdue'> {
  const all = [item, ...included.filter(({ completedOn }) => completedOn === null)];
  return {
    earliest: all.map(({ earliest }) => earliest).reduce(later),
    overdue: all.map(({ overdue }) => overdue).reduce(earlier),
  };
}

/**
 * A slot from before the hospital answered for the patient is never late. A chain that still runs waits for
 * its examination all the same, and a finding for its answer.
 */
function markEnrolment(
  guideline: Guideline,
  items: readonly PlannedItem[],
  enrolledOn: CalendarDate,
): PlannedItem[] {
  const slots = guideline.rules.filter(({ kind }) => kind === 'recurring').map(({ id }) => id);
  return items.map((item) => {
    if (item.due >= enrolledOn || item.completedOn !== null) return item;
    const waits = !slots.includes(item.rule) && (item.missedOn === null || item.missedOn > enrolledOn);
    return waits ? item : { ...item, beforeEnrolment: true };
  });
}

function byDueDate(a: PlannedItem, b: PlannedItem): number {
  if (a.due !== b.due) return a.due < b.due ? -1 : 1;
  if (a.activity !== b.activity) return a.activity < b.activity ? -1 : 1;
  return a.key < b.key ? -1 : 1;
}

function flagsOf(
  guideline: Guideline,
  patient: PatientFacts,
  runs: readonly PathwayRun[],
  choices: Choices,
): PlanFlag[] {
  return guideline.flags
    .filter((flag) => isRaised(flag, patient, runs, choices))
    .map(({ code, message }) => ({ code, message }));
}

function isRaised(
  { when }: FlagRule,
  patient: PatientFacts,
  runs: readonly PathwayRun[],
  choices: Choices,
): boolean {
  if ('onsetBefore' in when) return yearsBetween(patient.birthDate, patient.diagnosisDate) < when.onsetBefore;
  if ('recorded' in when) return patient.events.some((fact) => matches(fact, when.recorded));
  const running = runs.filter(({ pathway, end }) => pathway.id === when.running && end === null);
  if ('where' in when) return running.some(({ clock }) => hasValues(clock, when.where));
  if ('liverImaging' in when) return running.length > 0 && choices.liverImaging === when.liverImaging;
  return running.length > 0 && !patient.events.some(({ type }) => type === when.neverRecorded);
}
