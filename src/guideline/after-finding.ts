import { addDays, type CalendarDate, fromDayNumber } from './calendar.js';
import type { ClinicalFact } from './facts.js';
import type { AfterFindingRule } from './guideline.js';
import { isOn, isWithin, type PathwayRun, runOn } from './pathway-run.js';
import { dayAt, offsetOf } from './period.js';
import { earlier, type PlannedItem, slotKey, toleranceDays } from './slot.js';

/**
 * One item for each finding that asks for another look, in the order of time. Findings made while that
 * look is still owed ask for the same one.
 */
export function afterFindingItems(
  rule: AfterFindingRule,
  runs: readonly PathwayRun[],
  inTime: readonly ClinicalFact[],
  looks: readonly ClinicalFact[],
  until: CalendarDate,
): PlannedItem[] {
  const items: PlannedItem[] = [];
  let owed: (day: CalendarDate) => boolean = () => false;
  for (const finding of inTime) {
    const run = runOn(runs, rule.pathways, finding.date);
    if (!run || !asks(rule, finding) || owed(finding.date)) continue;
    const key = slotKey(rule, finding.date, 1);
    const due = fromDayNumber(dayAt(finding.date, offsetOf(rule.due)));
    const look = looks.find(
      ({ date, forDue }) => date >= finding.date && (isWithin(run, date) || forDue === due),
    );
    if (due > until || (run.end !== null && due >= run.end)) continue;
    items.push(itemOf(rule, run, { key, due, from: finding.date }, look));
    owed = (day) => isOn(run, day) && (look === undefined || day <= look.date);
  }
  return items;
}

const asks = (rule: AfterFindingRule, { type, activity, outcome }: ClinicalFact): boolean =>
  type === 'exam' &&
  rule.activities.some((one) => one === activity) &&
  rule.outcomes.some((one) => one === outcome);

function itemOf(
  rule: AfterFindingRule,
  run: PathwayRun,
  { key, due, from }: { key: string; due: CalendarDate; from: CalendarDate },
  look: ClinicalFact | undefined,
): PlannedItem {
  const late = addDays(due, toleranceDays(offsetOf(rule.due).months) + 1);
  return {
    key,
    pathway: run.pathway.id,
    rule: rule.id,
    activity: rule.activity,
    covers: [],
    sequence: 1,
    phase: 0,
    section: rule.section,
    evidence: rule.evidence,
    grade: rule.grade,
    measuredFrom: from,
    earliest: earlier(from, due),
    due,
    overdue: late,
    missedOn: look ? null : run.end,
    beforeEnrolment: false,
    completedOn: look?.date ?? null,
    completedBy: look?.id ?? null,
    projected: false,
  };
}
