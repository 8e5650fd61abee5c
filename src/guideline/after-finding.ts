import { type Choices, toleranceDays } from './choices.js';
import { addDays, type CalendarDate, fromDayNumber } from './calendar.js';
import type { ClinicalFact } from './facts.js';
import type { AfterFindingRule } from './guideline.js';
import { isOn, isWithin, type PathwayRun, runOn } from './pathway-run.js';
import { dayAt, offsetOf } from './period.js';
import { earlier, type PlannedItem, slotKey } from './slot.js';

/**
 * One item for each day on which a finding asks for another look. While that is owed, the next finding
 * overtakes it, so that one is live; the look, once done, answers every finding before it.
 */
export function afterFindingItems(
  rule: AfterFindingRule,
  runs: readonly PathwayRun[],
  inTime: readonly ClinicalFact[],
  looks: readonly ClinicalFact[],
  choices: Choices,
  until: CalendarDate,
): PlannedItem[] {
  const days = inTime.filter((fact) => asks(rule, fact)).map(({ date }) => date);
  return [...new Set(days)].flatMap((found, index, all) => {
    const run = runOn(runs, rule.pathways, found);
    const due = fromDayNumber(dayAt(found, offsetOf(rule.due)));
    if (!run || due > until || !isOn(run, due)) return [];
    const look = looks.find(({ date, forDue }) => date >= found && (isWithin(run, date) || forDue === due));
    const next = all[index + 1];
    const overtaken = next !== undefined && isOn(run, next) ? next : run.end;
    return [itemOf(rule, run, { found, due, overtaken }, look, choices)];
  });
}

const asks = (rule: AfterFindingRule, { type, activity, outcome }: ClinicalFact): boolean =>
  type === 'exam' &&
  rule.activities.some((one) => one === activity) &&
  rule.outcomes.some((one) => one === outcome);

function itemOf(
  rule: AfterFindingRule,
  run: PathwayRun,
  { found, due, overtaken }: { found: CalendarDate; due: CalendarDate; overtaken: CalendarDate | null },
  look: ClinicalFact | undefined,
  choices: Choices,
): PlannedItem {
  const late = addDays(due, toleranceDays(offsetOf(rule.due).months, choices) + 1);
  return {
    key: slotKey(rule, found, 1),
    pathway: run.pathway.id,
    rule: rule.id,
    activity: rule.activity,
    covers: [],
    sequence: 1,
    phase: 0,
    section: rule.section,
    evidence: rule.evidence,
    grade: rule.grade,
    measuredFrom: found,
    earliest: earlier(found, due),
    due,
    overdue: late,
    missedOn: look ? null : overtaken,
    beforeEnrolment: false,
    completedOn: look?.date ?? null,
    completedBy: look?.id ?? null,
    projected: false,
  };
}
