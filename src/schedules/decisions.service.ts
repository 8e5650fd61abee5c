import { Injectable } from '@nestjs/common';
import { IsNull, Not } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { authorOf } from '../tenancy/author.js';
import type { Caller } from '../tenancy/caller.js';
import { HospitalScope, type HospitalTransaction } from '../tenancy/hospital-scope.js';
import { DomainError, notFound } from '../platform/domain-error.js';
import type { Patient } from '../patients/patient.entity.js';
import { PatientsService } from '../patients/patients.service.js';
import { activeEvents } from '../patients/recorded-events.js';
import { ClinicalDecision } from './clinical-decision.entity.js';
import type { Decision, DecisionInput } from './decision.js';
import { openDecisions, reasonOf, revokeReasonOf, activeDecisions } from './decision-rows.js';
import { refuseOversizedPlan } from './plan-size-check.js';
import { type PlanBasis, planBasisFor } from './plan-basis.js';
import { factsBefore, type FactsBefore } from './plan-facts.js';
import type { PlanDiff } from './reconcile.js';
import { SchedulesService } from './schedules.service.js';
import { storedForm } from './stored-decision.js';
import { msg } from '../platform/messages/dictionary.js';

/** The most active decisions of a patient. */
export const MOST_DECISIONS = 500;
/** The most revoked decisions of a patient in an answer. */
export const MOST_REVOKED_SHOWN = 500;

/** A decision and the changes that it made to the plan. */
export interface RecordedDecision extends PlanBasis {
  readonly decision: ClinicalDecision;
  readonly plan: PlanDiff;
}

/** Records and revokes clinicians' decisions for single patients. A decision changes the plan at once. */
@Injectable()
export class DecisionsService {
  constructor(
    private readonly scope: HospitalScope,
    private readonly patients: PatientsService,
    private readonly schedules: SchedulesService,
  ) {}

  /**
   * Records a decision and updates the plan in one transaction. It supersedes earlier decisions about the same thing.
   */
  async decide(patientId: string, input: DecisionInput): Promise<RecordedDecision> {
    return this.scope.transaction(async (tx) => {
      authorOf(tx.caller, input.author);
      return this.decideWithin(tx, await this.patients.lock(tx, patientId), input);
    });
  }

  /** The same in a transaction that has locked the patient; `at` is the pointer to the decision in the request. */
  async decideWithin(
    tx: HospitalTransaction,
    patient: Patient,
    input: DecisionInput,
    at = '',
  ): Promise<RecordedDecision> {
    const author = authorOf(tx.caller, input.author);
    refuseUnlessClinician(tx.caller, input.kind);
    await refuseTooMany(tx, patient);
    const before = await factsBefore(tx, patient);
    const decision = await newDecision(tx, patient, { ...input, author }, at);
    if (decision.kind === 'interval') await refuseOversized(tx, patient, decision);
    const reason = (await tx.keys()).seal(decision.reason, reasonOf(decision.id));
    await tx.db.insert(ClinicalDecision, { ...decision, reason } as object);
    return this.withPlan(tx, { patient, decision, before });
  }

  /** Revokes a decision and updates the plan in one transaction. Idempotent. */
  async revoke(
    patientId: string,
    decisionId: string,
    why: { readonly author?: string; readonly reason: string },
  ): Promise<RecordedDecision> {
    return this.scope.transaction(async (tx) => {
      authorOf(tx.caller, why.author);
      return this.revokeWithin(tx, await this.patients.lock(tx, patientId), decisionId, why);
    });
  }

  /** The same in a transaction that has locked the patient. */
  async revokeWithin(
    tx: HospitalTransaction,
    patient: Patient,
    decisionId: string,
    { author: given, reason }: { readonly author?: string; readonly reason: string },
  ): Promise<RecordedDecision> {
    const { db, hospital, now, caller } = tx;
    const author = authorOf(caller, given);
    const which = { id: decisionId, patientId: patient.id, hospitalId: hospital.id };
    const [decision] = await openDecisions(tx, await db.findBy(ClinicalDecision, which));
    if (!decision) throw notFound('decision', decisionId);
    refuseUnlessClinician(caller, decision.kind);
    const before = await factsBefore(tx, patient);
    if (decision.revokedAt !== null) return this.withPlan(tx, { patient, decision, before });
    const revoked = { revokedAt: now, revokedBy: author, revokeReason: reason };
    const revokeReason = (await tx.keys()).seal(reason, revokeReasonOf(decisionId));
    await db.update(ClinicalDecision, which, { ...revoked, revokeReason });
    return this.withPlan(tx, { patient, decision: { ...decision, ...revoked }, before });
  }

  /** All active decisions of a patient and the latest revoked ones, the oldest first. */
  async list(patientId: string): Promise<{ decisions: ClinicalDecision[] } & PlanBasis> {
    return this.scope.transaction(async (tx) => {
      const { db, hospital } = tx;
      const patient = await this.patients.find(tx, patientId);
      const where = { patientId, hospitalId: hospital.id };
      const order = { decidedAt: 'DESC', id: 'DESC' } as const;
      const active = await db.findBy(ClinicalDecision, { ...where, revokedAt: IsNull() });
      const revoked = await db.find(ClinicalDecision, {
        ...{ where: { ...where, revokedAt: Not(IsNull()) }, order, take: MOST_REVOKED_SHOWN },
      });
      const inOrder = (a: ClinicalDecision, b: ClinicalDecision): number =>
        a.decidedAt.getTime() - b.decidedAt.getTime() || (a.id < b.id ? -1 : 1);
      const decisions = await openDecisions(tx, [...active, ...revoked].sort(inOrder));
      const open = decisions.filter(({ revokedAt }) => revokedAt === null);
      return { decisions, ...planBasisFor(patient, open, tx) };
    });
  }

  private async withPlan(
    tx: HospitalTransaction,
    {
      patient,
      decision,
      before,
    }: { readonly patient: Patient; readonly decision: ClinicalDecision; readonly before: FactsBefore },
  ): Promise<RecordedDecision> {
    const plan = await this.schedules.revise(tx, [patient], null, { before });
    const active = (await activeDecisions(tx, [patient.id])).get(patient.id) ?? [];
    return { decision, plan, ...planBasisFor(patient, active, tx) };
  }
}

/** Nurses may assign an exam to an item. Every other decision changes the medical plan and needs a clinician. */
function refuseUnlessClinician({ roles }: Caller, kind: Decision['kind']): void {
  if (kind === 'assignment' || roles.includes('clinician')) return;
  throw new DomainError('forbidden', 'clinician-decides', msg('clinician-decides'));
}

/** Refuses (409) another decision when the patient has the maximum of active ones. */
async function refuseTooMany({ db, hospital }: HospitalTransaction, { id }: Patient): Promise<void> {
  const active = { patientId: id, hospitalId: hospital.id, revokedAt: IsNull() };
  if ((await db.countBy(ClinicalDecision, active)) < MOST_DECISIONS) return;
  throw new DomainError(
    'conflict',
    'too-many-decisions',
    msg('too-many-decisions', { limit: MOST_DECISIONS }),
  );
}

/** Refuses (422) an interval by which the plan would have too many items. */
async function refuseOversized(
  tx: HospitalTransaction,
  patient: Patient,
  decision: ClinicalDecision,
): Promise<void> {
  const [events, decisions] = [await activeEvents(tx, [patient.id]), await activeDecisions(tx, [patient.id])];
  const basis = planBasisFor(patient, [...(decisions.get(patient.id) ?? []), decision], tx);
  refuseOversizedPlan(basis, patient, events.get(patient.id) ?? [], '/every');
}

async function newDecision(
  tx: HospitalTransaction,
  patient: Patient,
  input: DecisionInput & { readonly author: string },
  at: string,
): Promise<ClinicalDecision> {
  const { hospital, now } = tx;
  const { guideline } = planBasisFor(patient, [], tx);
  const { kind, ...detail } = await storedForm(tx, patient, input, { guideline, at });
  return {
    id: uuidv7(),
    hospitalId: hospital.id,
    patientId: patient.id,
    kind,
    detail,
    author: input.author,
    reason: input.reason,
    decidedAt: now,
    revokedAt: null,
    revokedBy: null,
    revokeReason: null,
  };
}
