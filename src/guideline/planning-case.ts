import { type CalendarDate, fromDayNumber, yearsBetween } from './calendar.js';
import type { Choices } from './choices.js';
import { type ClinicalFact, matches, type PatientFacts } from './facts.js';
import { conditionsOf, presentAgeIn } from './conditions.js';
import type { ActivityCode, Condition, Guideline, Rule } from './guideline.js';
import type { PathwayRun } from './pathway-run.js';
import { dayAt } from './period.js';
import { activityDone } from './recorded-exam.js';

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

// A guideline never changes, and every plan asks.
const known = new WeakMap<Guideline, readonly number[]>();

/** The present ages that the guideline's conditions ask for. */
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

/** Someone born on 29 February turns a year older on 1 March in common years. */
export const birthdayOf = ({ birthDate }: PatientFacts, age: number): CalendarDate =>
  fromDayNumber(dayAt(birthDate, { months: 12 * age, days: 0 }, true));

/** The first day on which nothing of the rule falls due any more, by age or because it was switched off; null: none. */
export function ruleEnd(rule: Rule, { patient, choices }: PlanningCase): CalendarDate | null {
  const offFrom = choices.rules?.[rule.id]?.offFrom ?? null;
  if (rule.untilAge === undefined) return offFrom;
  const birthday = birthdayOf(patient, rule.untilAge);
  return offFrom !== null && offFrom < birthday ? offFrom : birthday;
}

/** Recorded examinations of one of these activities, or of one that includes it, in the order of time. */
export const examsOf = (
  { guideline, inTime }: PlanningCase,
  activities: readonly ActivityCode[],
): ClinicalFact[] =>
  inTime.filter((fact) => activities.some((activity) => isOrIncludes(fact, activity, guideline)));

/** Whether the fact is an examination of this activity, or of one that includes it. */
export function isOrIncludes(fact: ClinicalFact, activity: ActivityCode, guideline: Guideline): boolean {
  const done = activityDone(fact, guideline);
  return done !== null && (done === activity || guideline.covers[done]?.includes(activity) === true);
}
