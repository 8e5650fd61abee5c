import { setImmediate } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { HospitalScope, type HospitalTransaction } from '../../tenancy/hospital-scope.js';
import { invalid } from '../../platform/domain-error.js';
import { comparePlans, type ItemChange } from '../../guideline/comparison.js';
import type { CalendarDate } from '../../guideline/calendar.js';
import type { Choices } from '../../guideline/choices.js';
import type { PatientFacts } from '../../guideline/facts.js';
import type { Guideline } from '../../guideline/guideline.js';
import { type Plan, planSurveillance } from '../../guideline/planner.js';
import { versionedId } from '../../guideline/published/index.js';
import { refuseMerged } from '../../patients/merged-records.js';
import { PatientsService } from '../../patients/patients.service.js';
import { factsOf } from '../../patients/recorded-events.js';
import { type ActiveDecision, withAssignments } from '../choices-of.js';
import { doneItems, withDone } from '../done-items.js';
import { computePlan, type PlanBasis, planBasisFor, type PlanFacts, storedPlanBasis } from '../plan-basis.js';
import { planFactsOf } from '../plan-facts.js';
import { refuseOversizedPlan } from '../plan-size-check.js';
import { eventsAfter } from './preview-events.js';
import type { PreviewInput } from './preview-input.js';
import { storedForm } from '../stored-decision.js';
import { type InventedPatient, readInvented } from './invented-patient.js';
import { msg } from '../../platform/messages/dictionary.js';
import { computePlanAndGaps, type SwitchedOffRule } from '../switched-off.js';

/** What a hypothetical change would do to a patient's plan. */
export interface Preview extends PlanBasis {
  readonly changes: readonly ItemChange[];
  readonly switchedOff: readonly SwitchedOffRule[];
}

/** One patient's plan under one guideline. */
export interface PlanUnder {
  readonly guideline: Guideline;
  readonly choices: Choices;
  readonly plan: Plan;
}

/** One patient's plans under several guidelines. */
export interface ComparedPlans {
  readonly today: CalendarDate;
  readonly plans: readonly PlanUnder[];
}

/** Computes the effects of hypothetical changes on a patient's plan. Saves nothing. */
@Injectable()
export class PreviewService {
  constructor(
    private readonly scope: HospitalScope,
    private readonly patients: PatientsService,
  ) {}

  /** What `change` would do to the plan. Refuses what the real calls would refuse. */
  async preview(patientId: string, change: PreviewInput): Promise<Preview> {
    return this.scope.transaction(async (tx) => {
      const facts = await this.factsOf(tx, patientId);
      const { patient, events, decisions } = facts;
      const stored = await storedPlanBasis(patient, decisions, tx);
      const before = computePlan(stored, facts).items;
      const done = (await doneItems(tx, [patientId])).get(patientId) ?? [];
      const changed = {
        events: eventsAfter(change, patient, events, tx),
        decisions: await decisionsAfter(change, facts, tx),
      };
      const hospital = await hospitalAfter(change, tx);
      const basis = planBasisFor(patient, changed.decisions, { ...tx, hospital });
      refuseOversizedPlan(basis, patient, changed.events, '/decisions');
      const after = computePlanAndGaps(basis, { patient, ...changed });
      const changes = comparePlans(withDone(before, done), after.plan.items);
      return { ...basis, changes, switchedOff: after.switchedOff };
    });
  }

  /**
   * The patient's plan under each of these guidelines, with the hospital's and the clinicians' choices that apply to
   * it.
   */
  async compare(patientId: string, guidelines: readonly string[]): Promise<ComparedPlans> {
    return this.scope.transaction(async (tx) => {
      const { patient, events, decisions } = await this.factsOf(tx, patientId);
      const { choices, today } = planBasisFor(patient, decisions, tx);
      const facts = withAssignments(factsOf(patient, events), decisions);
      return {
        today,
        plans: await plansUnder(await guidelinesNamed(tx, guidelines), { facts, choices, today }),
      };
    });
  }

  /** The plan of a patient who is in no file, under each of these guidelines. Refuses (422) contradictory facts. */
  async compareInvented({ guidelines: names, ...input }: InventedPatient): Promise<ComparedPlans> {
    return this.scope.transaction(async (tx) => {
      const { today } = tx;
      const guidelines = await guidelinesNamed(tx, names);
      const { facts, choices } = readInvented(input, guidelines[0], today);
      return { today, plans: await plansUnder(guidelines, { facts, choices, today }) };
    });
  }

  private async factsOf(tx: HospitalTransaction, patientId: string): Promise<PlanFacts> {
    const patient = await this.patients.find(tx, patientId);
    await refuseMerged(tx, patient);
    return planFactsOf(tx, patient);
  }
}

async function plansUnder(
  guidelines: readonly Guideline[],
  { facts, choices, today }: Omit<PlanBasis, 'guideline'> & { readonly facts: PatientFacts },
): Promise<PlanUnder[]> {
  const plans: PlanUnder[] = [];
  for (const guideline of guidelines) {
    plans.push({ guideline, choices, plan: planSurveillance(guideline, facts, choices, { asOf: today }) });
    await setImmediate(); // other requests are served between two plans
  }
  return plans;
}

async function guidelinesNamed(tx: HospitalTransaction, names: readonly string[]): Promise<Guideline[]> {
  const found: Guideline[] = [];
  for (const name of names) found.push(await guidelineNamed(tx, name, '/guidelines'));
  return found;
}

async function guidelineNamed(
  { guidelines }: HospitalTransaction,
  name: string,
  pointer: string,
): Promise<Guideline> {
  const guideline = await guidelines.find(name);
  if (guideline) return guideline;
  const message = msg('unknown-guideline', { name, known: await guidelines.names() });
  throw invalid('unknown-guideline', message, [{ pointer, code: 'unknown-guideline', message }]);
}

async function decisionsAfter(
  { decisions: added, guideline: name }: PreviewInput,
  { patient, decisions }: PlanFacts,
  tx: HospitalTransaction,
): Promise<ActiveDecision[]> {
  const guideline =
    name === undefined
      ? planBasisFor(patient, decisions, tx).guideline
      : await guidelineNamed(tx, name, '/guideline');
  const proposed: ActiveDecision[] = [];
  for (const [index, input] of added.entries()) {
    const { kind, ...detail } = await storedForm(tx, patient, input, {
      guideline,
      at: `/decisions/${index}`,
    });
    proposed.push({ id: `preview-${index}`, kind, detail, author: '', reason: '' });
  }
  return [...decisions, ...proposed];
}

/** The hospital as it would be with another guideline or policy. */
async function hospitalAfter(
  { guideline: name, policy }: PreviewInput,
  tx: HospitalTransaction,
): Promise<HospitalTransaction['hospital']> {
  const { hospital } = tx;
  const changed = { ...hospital, policy: { ...hospital.policy, ...policy } };
  if (name === undefined) return changed;
  const guideline = await guidelineNamed(tx, name, '/guideline');
  return { ...changed, guideline, policy: { ...changed.policy, guideline: versionedId(guideline) } };
}
