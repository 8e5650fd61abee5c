import { afterFindingItems } from './after-finding.js';
import { addedItems } from './by-hand.js';
import { addDays, addMonths, type CalendarDate } from './calendar.js';
import { chainRuleItems } from './chain-rule.js';
import type { Choices } from './choices.js';
import { combine, waitingRules } from './combination.js';
import { type ClinicalFact, hasValues, inOrder, type PatientFacts } from './facts.js';
import { flagsOf, type PlanFlag } from './flags.js';
import type { ActivityCode, Guideline, RecurringRule, Rule } from './guideline.js';
import { type PathwayRun, pathwayRuns } from './pathway-run.js';
import { allHold, isOrIncludes, nextTurnOfAge, type PlanningCase } from './planning-case.js';
import { recurringItems, type GridDatesByPhases } from './recurring.js';
import { rollingItems } from './rolling.js';
import { activitiesOf, earlier, later, type PlannedItem } from './planned-item.js';

/**
 * Raised by one whenever the planner computes other dates from the same facts, guideline and choices, or more of a plan is
 * stored. A stored plan with a lower revision is stale.
 */
export const PLANNER_REVISION = 3;

export interface Plan {
  /** All items from the first clock to the horizon, past and future, by due date and then activity. */
  readonly items: readonly PlannedItem[];
  readonly flags: readonly PlanFlag[];
  readonly runs: readonly PathwayRun[];
  /** The last day on which the same facts give this same plan; null: no day changes it. */
  readonly validUntil: CalendarDate | null;
}

/** The default horizon: the later of ten years from the newest clock and three years from the day of planning. */
const HORIZON_MONTHS = 120;
const AHEAD_MONTHS = 36;

/** How long before its due date an item may open, at most, and overtake another. */
const CONTEST_MONTHS = 24;

export interface PlanningDay {
  /** The day of planning, a calendar day of the hospital. */
  readonly asOf: CalendarDate;
  /**
   * Last due date to plan, included; default: the later of ten years after the newest clock's start and three years
   * after `asOf`.
   */
  readonly until?: CalendarDate;
}

/**
 * Plans all items that the guideline requires for one patient. Depends on its arguments alone, not on the order of
 * the events. The facts must be free of problems (`faultsOf`), and so must the guideline (`problemsOf`).
 */
export function planSurveillance(
  guideline: Guideline,
  patient: PatientFacts,
  choices: Choices,
  { asOf, until }: PlanningDay,
): Plan {
  const inTime = inOrder(patient, guideline);
  const runs = pathwayRuns(guideline, inTime);
  // A pathway that began with the birth is planned from the day of planning.
  const newest = runs
    .map(({ clock, start }) => (clock.type === 'birth' ? asOf : start))
    .reduce(later, patient.birthDate);
  const horizon = until ?? later(addMonths(newest, HORIZON_MONTHS), addMonths(asOf, AHEAD_MONTHS));
  const roll = guideline.monthEnd === 'roll';
  const asked: PlanningCase = {
    ...{ guideline, choices, patient, inTime, runs, asOf, roll },
    until: horizon,
    isSpare: () => false,
  };
  const isContested = contestsActivity(asked);
  const given = isContested ? { ...asked, until: addMonths(horizon, CONTEST_MONTHS) } : asked;
  const byHand = choices.added === undefined ? [] : addedItems(given);
  const planned = plannedByRule(given, byHand);
  const all = combine(planned, byHand, patient.enrolledOn ?? runs[0]?.start ?? asOf, given);
  const items = isContested ? all.filter(({ due }) => due <= horizon) : all;
  return { items, flags: flagsOf(given, items), runs, validUntil: lastDayOf(all, given) };
}

/**
 * The items of each rule separately. First every rule is matched against exams of its own activities; then rules that
 * another method may satisfy are matched against exams that completed no item there.
 */
function plannedByRule(
  given: PlanningCase,
  byHand: readonly PlannedItem[],
): (readonly [Rule, readonly PlannedItem[]])[] {
  const { guideline } = given;
  const drawn: GridDatesByPhases = new Map();
  const own = guideline.rules.map((rule) => [rule, itemsOf(rule, given, drawn)] as const);
  const mayTakeOther = guideline.rules.filter((rule) => hasOtherExam(rule, given));
  if (mayTakeOther.length === 0) return own;
  const done = [...own.flatMap(([, items]) => items), ...byHand].filter(
    ({ completedOn }) => completedOn !== null,
  );
  const isSpare = (exam: ClinicalFact): boolean =>
    !done.some(
      ({ completedOn, activity }) => completedOn === exam.date && isOrIncludes(exam, activity, guideline),
    );
  const withSpare = { ...given, isSpare };
  return own.map(
    ([rule, items]) => [rule, mayTakeOther.includes(rule) ? itemsOf(rule, withSpare, drawn) : items] as const,
  );
}

/** Whether an exam with another method that the rule allows was recorded. */
const hasOtherExam = (rule: Rule, { guideline, inTime }: PlanningCase): boolean =>
  rule.kind === 'recurring' &&
  rule.satisfiedBy !== undefined &&
  rule.satisfiedBy.some((other) => inTime.some((fact) => isOrIncludes(fact, other, guideline)));

/**
 * The last day on which the same facts give these items. A projected item assumes that the previous step is done on
 * time: the day after that due date, it moves. An item of a waiting rule takes in the next item on the day on which
 * that opens. A condition on the present age changes on a birthday.
 */
function lastDayOf(items: readonly PlannedItem[], given: PlanningCase): CalendarDate | null {
  const { asOf } = given;
  const projecting = new Set<string>();
  for (const { projected, rule } of items) if (projected) projecting.add(rule);
  const next = items.find(
    (item) => projecting.has(item.rule) && item.completedOn === null && item.missedOn === null,
  );
  const asking = new Set<ActivityCode>();
  const waits = waitingRules(given);
  for (const item of items) if (waits.has(item.rule) && isOpen(item, asOf)) asking.add(item.activity);
  const opening =
    asking.size === 0
      ? []
      : items
          .filter((item) => item.completedOn === null && item.earliest > asOf && asking.has(item.activity))
          .map(({ earliest }) => addDays(earliest, -1));
  const turn = nextTurnOfAge(given);
  const days = [
    ...opening,
    ...(next ? [later(next.due, asOf)] : []),
    ...(turn === null ? [] : [addDays(turn, -1)]),
  ];
  return days.length === 0 ? null : days.reduce(earlier);
}

const isOpen = ({ completedOn, missedOn, beforeEnrolment }: PlannedItem, day: CalendarDate): boolean =>
  completedOn === null && !beforeEnrolment && (missedOn === null || missedOn > day);

function itemsOf(rule: Rule, given: PlanningCase, drawn: GridDatesByPhases): readonly PlannedItem[] {
  if (given.runs.length === 0 || !allHold(rule.given, given)) return [];
  switch (rule.kind) {
    case 'recurring': {
      const items: PlannedItem[] = [];
      for (const run of given.runs)
        if (hasRule(run, rule, given))
          items.push(
            ...(rule.anchor === 'grid'
              ? recurringItems(rule, run, given, drawn)
              : rollingItems(rule, run, given)),
          );
      return items;
    }
    case 'chain':
      return chainRuleItems(rule, given);
    case 'after-finding':
      return afterFindingItems(rule, given);
  }
}

/**
 * Whether two rules may continue to plan one activity: then an item beyond the horizon may overtake one before it.
 */
function contestsActivity(given: PlanningCase): boolean {
  const asking = new Set<ActivityCode>();
  if (given.choices.added !== undefined) return true;
  for (const rule of given.guideline.rules) {
    const goesOn = given.runs.some(
      (run) => (run.end === null || run.end > given.until) && asksOn(run, rule, given),
    );
    if (!goesOn) continue;
    for (const activity of activitiesOf(rule)) {
      if (asking.has(activity)) return true;
      asking.add(activity);
    }
  }
  return false;
}

const asksOn = (run: PathwayRun, rule: Rule, given: PlanningCase): boolean =>
  rule.kind === 'recurring' ? hasRule(run, rule, given) : rule.pathways.includes(run.pathway.id);

const hasRule = ({ pathway, clock }: PathwayRun, rule: RecurringRule, { choices }: PlanningCase): boolean =>
  pathway.id === rule.pathway &&
  (rule.liverImaging === undefined || rule.liverImaging === choices.liverImaging) &&
  hasValues(clock, rule.where);
