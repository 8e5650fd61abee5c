import { type CalendarDate, fromDayNumber, yearsBetween } from './calendar.js';
import type { Choices } from './choices.js';
import { type ClinicalFact, matches, type PatientFacts } from './facts.js';
import { conditionsOf, presentAgeIn } from './conditions.js';
import type { ActivityCode, Condition, Guideline, Rule } from './guideline.js';
import type { PathwayRun } from './pathway-run.js';
import { dayAt } from './period.js';
import { activityDone } from './recorded-exam.js';

/** The input of the planning of one patient. */
export interface PlanningCase {
  readonly guideline: Guideline;
  readonly choices: Choices;
  readonly patient: PatientFacts;
  /** Birth, diagnosis and all events in chronological order. */
  readonly inTime: readonly ClinicalFact[];
  readonly runs: readonly PathwayRun[];
  readonly asOf: CalendarDate;
  /** Last due date to plan, included. */
  readonly until: CalendarDate;
  /** Whether a day that a month lacks rolls into the next month. */
  readonly roll: boolean;
  /** Whether the exam completed no item of its own activity, so that it may satisfy another activity's date. */
  readonly isSpare: (exam: ClinicalFact) => boolean;
}

/** Whether `condition` holds for the patient. */
export function holds(
  condition: Condition,
  given: Pick<PlanningCase, 'patient' | 'inTime' | 'asOf'>,
): boolean {
  if ('not' in condition) return !holds(condition.not, given);
  const { patient, inTime, asOf } = given;
  const { birthDate, diagnosisDate } = patient;
  if ('onsetBefore' in condition) return yearsBetween(birthDate, diagnosisDate) < condition.onsetBefore;
  if ('ageBelow' in condition) return yearsBetween(birthDate, asOf) < condition.ageBelow;
  if ('ageFrom' in condition) return yearsBetween(birthDate, asOf) >= condition.ageFrom;
  return 'recorded' in condition
    ? inTime.some((fact) => matches(fact, condition.recorded))
    : !inTime.some((fact) => matches(fact, condition.neverRecorded));
}

export const allHold = (conditions: readonly Condition[] | undefined, given: PlanningCase): boolean =>
  conditions?.every((condition) => holds(condition, given)) ?? true;

// Cached: a guideline never changes, and every plan uses them.
const known = new WeakMap<Guideline, readonly number[]>();

/** The present ages in the guideline's conditions. */
function agesIn(guideline: Guideline): readonly number[] {
  const before = known.get(guideline);
  if (before) return before;
  const ages = conditionsOf(guideline).flatMap((condition) => presentAgeIn(condition) ?? []);
  known.set(guideline, ages);
  return ages;
}

/** The first day after the day of planning on which a condition on the present age changes; null: none does. */
export function nextTurnOfAge({ guideline, patient, asOf }: PlanningCase): CalendarDate | null {
  const turns = agesIn(guideline)
    .map((age) => birthdayOf(patient, age))
    .filter((day) => day > asOf);
  return turns.length === 0 ? null : turns.reduce((a, b) => (a < b ? a : b));
}

/** A person born on 29 February turns a year older on 1 March in common years. */
export const birthdayOf = ({ birthDate }: PatientFacts, age: number): CalendarDate =>
  fromDayNumber(dayAt(birthDate, { months: 12 * age, days: 0 }, true));

/** The first day from which the rule plans no items, by age or because it was switched off; null: none. */
export function ruleEnd(rule: Rule, { patient, choices }: PlanningCase): CalendarDate | null {
  const offFrom = choices.rules?.[rule.id]?.offFrom ?? null;
  if (rule.untilAge === undefined) return offFrom;
  const birthday = birthdayOf(patient, rule.untilAge);
  return offFrom !== null && offFrom < birthday ? offFrom : birthday;
}

/** Recorded exams of one of these activities, or of one that includes it, in chronological order. */
export const examsOf = (
  { guideline, inTime }: PlanningCase,
  activities: readonly ActivityCode[],
): ClinicalFact[] =>
  inTime.filter((fact) => activities.some((activity) => isOrIncludes(fact, activity, guideline)));

/** Whether the fact is an exam of this activity, or of one that includes it. */
export function isOrIncludes(fact: ClinicalFact, activity: ActivityCode, guideline: Guideline): boolean {
  const done = activityDone(fact, guideline);
  return done !== null && (done === activity || guideline.covers[done]?.includes(activity) === true);
}
