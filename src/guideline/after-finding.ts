import { addDays, type CalendarDate, fromDayNumber } from './calendar.js';
import { toleranceDays } from './choices.js';
import { type ClinicalFact, matches } from './facts.js';
import type { AfterFindingRule } from './guideline.js';
import { isOn, isWithin, type PathwayRun, runOn } from './pathway-run.js';
import { dayAt, monthsIn, offsetOf } from './period.js';
import { examsOf, type PlanningCase } from './planning-case.js';
import { activityOf, earlier, NEVER, type PlannedItem, NONE } from './planned-item.js';

/**
 * One item for each day with a finding that requires a further exam. Until that exam is done, the next finding
 * overtakes the item, so that one item is live. An exam answers every finding before it.
 */
export function afterFindingItems(rule: AfterFindingRule, given: PlanningCase): PlannedItem[] {
  const { runs, until } = given;
  return findingDays(rule, given).flatMap((found, index, all) => {
    const run = runOn(runs, rule.pathways, found);
    const due = fromDayNumber(dayAt(found, offsetOf(rule.due), given.roll));
    if (!run || due > until || !isOn(run, due)) return [];
    const exams = examsOf(given, [activityOf(rule, index + 1)]);
    const exam = exams.find(({ date, forDue }) => date >= found && (isWithin(run, date) || forDue === due));
    const next = all[index + 1];
    const overtaken = next !== undefined && isOn(run, next) ? next : run.end;
    return [itemOf(rule, run, { found, due, overtaken, sequence: index + 1 }, exam, given)];
  });
}

const findingDays = (rule: AfterFindingRule, { inTime }: PlanningCase): CalendarDate[] => [
  ...new Set(inTime.filter((fact) => matches(fact, rule.after)).map(({ date }) => date)),
];

interface Owed {
  readonly found: CalendarDate;
  readonly due: CalendarDate;
  readonly overtaken: CalendarDate | null;
  readonly sequence: number;
}

function itemOf(
  rule: AfterFindingRule,
  run: PathwayRun,
  { found, due, overtaken, sequence }: Owed,
  exam: ClinicalFact | undefined,
  { choices }: PlanningCase,
): PlannedItem {
  return {
    key: `${rule.id}@${found}#1`,
    pathway: run.pathway.id,
    rule: rule.id,
    activity: activityOf(rule, sequence),
    covers: NONE,
    sequence: 1,
    phase: 0,
    section: rule.section,
    evidence: rule.evidence,
    grade: rule.grade,
    measuredFrom: found,
    earliest: earlier(found, due),
    due,
    overdue: rule.neverLate ? NEVER : addDays(due, toleranceDays(monthsIn(rule.due), choices) + 1),
    missedOn: exam ? null : overtaken,
    beforeEnrolment: false,
    completedOn: exam?.date ?? null,
    completedBy: exam?.id ?? null,
    otherMethod: false,
    projected: false,
    movedFrom: null,
    alsoFor: NONE,
    deviates: false,
    answersFinding: true,
  };
}
