import type { HospitalTransaction } from '../tenancy/hospital-scope.js';
import { underVersion } from '../tenancy/policy-versions.js';
import { addDays, addMonths, type CalendarDate } from '../guideline/calendar.js';
import type { Choices } from '../guideline/choices.js';
import type { PatientFacts } from '../guideline/facts.js';
import type { Guideline } from '../guideline/guideline.js';
import { type Plan, planSurveillance } from '../guideline/planner.js';
import { dayAfter, earlier, later } from '../guideline/planned-item.js';
import type { ClinicalEvent } from '../patients/clinical-event.entity.js';
import type { Patient } from '../patients/patient.entity.js';
import { factsOf } from '../patients/recorded-events.js';
import { inTurns } from '../platform/turns.js';
import { choicesOf, type ActiveDecision, withAssignments } from './choices-of.js';
import { storedFrom, storedOn } from './stored-window.js';

/** A stored plan is computed this far ahead, and is computed again when less than `EXTEND_BEFORE_MONTHS` are left. */
const REACH_MONTHS = 48;
const EXTEND_BEFORE_MONTHS = 36;

/** The guideline, choices and day that a plan is computed by. The other input is the patient's facts. */
export interface PlanBasis {
  readonly guideline: Guideline;
  readonly choices: Choices;
  readonly today: CalendarDate;
}

/** The basis of the patient's plan: the hospital's policy, these decisions, and the hospital's today. */
export function planBasisFor(
  patient: Patient,
  decisions: readonly ActiveDecision[],
  { hospital, today }: Pick<HospitalTransaction, 'hospital' | 'today'>,
): PlanBasis {
  const { policy, guideline } = hospital;
  if (!guideline) throw new Error(`Hospital ${hospital.id} has no guideline ${policy.guideline}.`);
  return { guideline, choices: choicesOf(policy, patient, decisions), today };
}

/**
 * The basis by which the patient's stored plan was computed. It is an older version of the policy until a rollout
 * reaches the patient.
 */
export async function storedPlanBasis(
  patient: Patient,
  decisions: readonly ActiveDecision[],
  tx: HospitalTransaction,
): Promise<PlanBasis> {
  return planBasisFor(patient, decisions, await underVersion(tx, patient.policyVersion));
}

/** The last day of a plan that is computed on `today`. */
export function reachOf(guideline: Guideline, facts: PatientFacts, today: CalendarDate): CalendarDate {
  const newestClock = facts.events
    .filter(({ type }) => guideline.pathways.some(({ clock }) => clock.event === type))
    .reduce((newest, { date }) => later(newest, date), facts.birthDate);
  return later(addMonths(newestClock, 120), addMonths(today, REACH_MONTHS));
}

/** The complete input of one plan, as plain data: another thread can compute it. */
export interface PlanTask extends PlanBasis {
  readonly facts: PatientFacts;
  /** The last day of the plan. */
  readonly until: CalendarDate;
}

/** Computes the plans of these tasks, in the same order. */
export type ComputePlans = (tasks: readonly PlanTask[]) => Promise<readonly Plan[]>;

/** The recorded facts that determine a patient's plan. */
export interface PlanFacts {
  readonly patient: Patient;
  readonly events: readonly ClinicalEvent[];
  readonly decisions: readonly ActiveDecision[];
}

/** The task to compute the plan of these facts. */
export function planTask(basis: PlanBasis, { patient, events, decisions }: PlanFacts): PlanTask {
  const { guideline, today } = basis;
  const facts = withAssignments(factsOf(patient, events), decisions);
  return { ...basis, facts, until: reachOf(guideline, facts, today) };
}

export const planOf = ({ guideline, facts, choices, today, until }: PlanTask): Plan =>
  planSurveillance(guideline, facts, choices, { asOf: today, until });

/** The plan of these facts. */
export const computePlan = (basis: PlanBasis, facts: PlanFacts): Plan => planOf(planTask(basis, facts));

/** Computes plans in this thread. Other requests are served between two plans. */
export const computeInThisThread: ComputePlans = (tasks) => inTurns(tasks, planOf);

/**
 * The task to compute the patient's stored plan again, because items far ahead have no row. It reaches as far ahead
 * as a plan of today. Its day is today, or the day before the plan became outdated. Null if the patient has no plan.
 */
export function storedTask(
  basis: PlanBasis,
  facts: PlanFacts,
  { patient, hasRows }: { readonly patient: Patient; readonly hasRows: boolean },
): PlanTask | null {
  const { replanOn, erasedAt } = patient;
  // A patient without facts has no plan, not even under a guideline with a pathway from birth.
  const isPlanned = replanOn !== null || hasRows || facts.events.length + facts.decisions.length > 0;
  if (!isPlanned || erasedAt !== null) return null;
  const today = replanOn === null ? basis.today : earlier(basis.today, addDays(replanOn, -1));
  return { ...planTask(basis, facts), today };
}

/**
 * The first day on which a new plan could differ from this one, or on which another item of it gets a row. Null if
 * there is no such day.
 */
export function nextPlanning(
  { runs, items, validUntil }: Plan,
  { today, until, choices }: PlanTask,
  patientId: string,
): CalendarDate | null {
  const isStored = storedOn(today, patientId);
  const extend = addMonths(until, -EXTEND_BEFORE_MONTHS);
  const isRunning = runs.some(({ end }) => end === null);
  const mustExtend = isRunning || (choices.added ?? []).some(({ due }) => due > until);
  const days = [
    ...(mustExtend ? [extend] : []),
    ...(isRunning && validUntil !== null ? [dayAfter(validUntil)] : []),
    ...items.filter((item) => !item.beforeEnrolment && !isStored(item)).map(storedFrom),
  ];
  return days.length === 0 ? null : days.reduce(earlier);
}
