import { type CalendarDate, fromDayNumber, yearsBetween } from './calendar.js';
import type { Choices } from './choices.js';
import { type ClinicalFact, matches, type PatientFacts } from './facts.js';
import type { ActivityCode, Condition, Guideline, Rule } from './guideline.js';
import type { PathwayRun } from './pathway-run.js';
import { dayAt } from './period.js';

/** All that the planning of one patient draws on. */
export interface PlanningCase {
  readonly guideline: Guideline;
  readonly choices: Choices;
  readonly patient: PatientFacts;
  /** Birth, diagnosis and all events in the order of time. */
  readonly inTime: readonly ClinicalFact[];
  readonly runs: readonly PathwayRun[];
  readonly asOf: CalendarDate;
  /** Last due date to plan, included. */
  readonly until: CalendarDate;
  /** Whether a month that is too short rolls into the next. */
  readonly roll: boolean;
  /** Whether the examination fulfilled no date of its own activity, so that it may satisfy another method's date. */
  readonly isSpare: (exam: ClinicalFact) => boolean;
}

/** Whether `condition` holds of the patient. */
export function holds(condition: Condition, patient: PatientFacts, inTime: readonly ClinicalFact[]): boolean {
  if ('onsetBefore' in condition)
    return yearsBetween(patient.birthDate, patient.diagnosisDate) < condition.onsetBefore;
  return 'recorded' in condition
    ? inTime.some((fact) => matches(fact, condition.recorded))
    : !inTime.some((fact) => matches(fact, condition.neverRecorded));
}

export const allHold = (
  conditions: readonly Condition[] | undefined,
  { patient, inTime }: PlanningCase,
): boolean => conditions?.every((condition) => holds(condition, patient, inTime)) ?? true;

/** The first day on which nothing of the rule falls due any more, by age or because it was switched off; null: none. */
export function ruleEnd(rule: Rule, { patient, choices }: PlanningCase): CalendarDate | null {
  const offFrom = choices.rules?.[rule.id]?.offFrom ?? null;
  if (rule.untilAge === undefined) return offFrom;
  // Someone born on 29 February turns a year older on 1 March in common years.
  const birthday = fromDayNumber(dayAt(patient.birthDate, { months: 12 * rule.untilAge, days: 0 }, true));
  return offFrom !== null && offFrom < birthday ? offFrom : birthday;
}

/** Recorded examinations of one of these activities, or of one that includes it, in the order of time. */
export const examsOf = (
  { guideline, inTime }: PlanningCase,
  activities: readonly ActivityCode[],
): ClinicalFact[] =>
  inTime.filter((fact) => activities.some((activity) => isOrIncludes(fact, activity, guideline)));

/** Whether the fact is an examination of this activity, or of one that includes it. */
export function isOrIncludes(fact: ClinicalFact, activity: ActivityCode, { covers }: Guideline): boolean {
  const done = activityDone(fact);
  return done !== null && (done === activity || covers[done]?.includes(activity) === true);
}

/** The activity that the fact records as done; an incomplete colonoscopy is none. */
function activityDone({ type, activity, finding }: ClinicalFact): ActivityCode | null {
  if (type === 'colonoscopy') return finding === 'incomplete' ? null : 'colonoscopy';
  return type === 'exam' && typeof activity === 'string' ? activity : null;
}
