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

/** How far ahead a stored plan reaches when it is drawn up, and at least: then it is drawn further. */
const REACH_MONTHS = 48;
const EXTEND_BEFORE_MONTHS = 36;

/** What a plan is computed from, beside the facts. */
export interface PlanBasis {
  readonly guideline: Guideline;
  readonly choices: Choices;
  readonly today: CalendarDate;
}

/** What the hospital and its clinicians have decided for the patient, as of the hospital's today. */
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
 * The same for a stored plan: while a new policy is being applied, plan and reasons still stand by the one by
 * which it was drawn up.
 */
export async function storedPlanBasis(
  patient: Patient,
  decisions: readonly ActiveDecision[],
  tx: HospitalTransaction,
): Promise<PlanBasis> {
  return planBasisFor(patient, decisions, await underVersion(tx, patient.policyVersion));
}

/** The last day that a plan drawn up today reaches. */
export function reachOf(guideline: Guideline, facts: PatientFacts, today: CalendarDate): CalendarDate {
  const newestClock = facts.events
    .filter(({ type }) => guideline.pathways.some(({ clock }) => clock.event === type))
    .reduce((newest, { date }) => later(newest, date), facts.birthDate);
  return later(addMonths(newestClock, 120), addMonths(today, REACH_MONTHS));
}

/** All that a plan is computed from, as plain data: another thread may do it. */
export interface PlanTask extends PlanBasis {
  readonly facts: PatientFacts;
  /** The last day that the plan reaches. */
  readonly until: CalendarDate;
}

/** Computes the plans of tasks, in their order. */
export type DrawPlans = (tasks: readonly PlanTask[]) => Promise<readonly Plan[]>;

/** All that is recorded about a patient and decides about the plan. */
export interface PlanFacts {
  readonly patient: Patient;
  readonly events: readonly ClinicalEvent[];
  readonly decisions: readonly ActiveDecision[];
}

/** A plan as it would be stored, still to be computed. */
export function planTask(planning: PlanBasis, { patient, events, decisions }: PlanFacts): PlanTask {
  const { guideline, today } = planning;
  const facts = withAssignments(factsOf(patient, events), decisions);
  return { ...planning, facts, until: reachOf(guideline, facts, today) };
}

export const planOf = ({ guideline, facts, choices, today, until }: PlanTask): Plan =>
  planSurveillance(guideline, facts, choices, { asOf: today, until });

/** The plan as it would be stored. */
export const drawPlan = (planning: PlanBasis, facts: PlanFacts): Plan => planOf(planTask(planning, facts));

/** Computes plans in this thread, with a turn for other requests between them. */
export const drawHere: DrawPlans = (tasks) => inTurns(tasks, planOf);

/**
 * The stored plan, still to be computed, and as far ahead as one of today: as of today, or of the day before time overtook
 * it. Null: the patient has none.
 */
export function storedTask(
  planning: PlanBasis,
  facts: PlanFacts,
  { patient, hasRows }: { readonly patient: Patient; readonly hasRows: boolean },
): PlanTask | null {
  const { replanOn, erasedAt } = patient;
  // Of a patient without facts no plan was drawn up, not even one from the birth.
  const isPlanned = replanOn !== null || hasRows || facts.events.length + facts.decisions.length > 0;
  if (!isPlanned || erasedAt !== null) return null;
  const today = replanOn === null ? planning.today : earlier(planning.today, addDays(replanOn, -1));
  return { ...planTask(planning, facts), today };
}

/**
 * The first day on which a fresh plan could differ from this one, or another of its items gets a row; null: there is
 * none.
 */
export function nextPlanning(
  { runs, items, validUntil }: Plan,
  { today, until, choices }: PlanTask,
  patientId: string,
): CalendarDate | null {
  const isStored = storedOn(today, patientId);
  const extend = addMonths(until, -EXTEND_BEFORE_MONTHS);
  const isRunning = runs.some(({ end }) => end === null);
  const goesOn = isRunning || (choices.added ?? []).some(({ due }) => due > until);
  const days = [
    ...(goesOn ? [extend] : []),
    ...(isRunning && validUntil !== null ? [dayAfter(validUntil)] : []),
    ...items.filter((item) => !item.beforeEnrolment && !isStored(item)).map(storedFrom),
  ];
  return days.length === 0 ? null : days.reduce(earlier);
}
