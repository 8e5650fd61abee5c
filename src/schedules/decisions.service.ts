import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { HospitalScope, type HospitalTransaction } from '../access/hospital-scope.js';
import { DomainError, notFound } from '../domain-error.js';
import { ClinicalEvent } from '../patients/clinical-event.entity.js';
import type { Patient } from '../patients/patient.entity.js';
import { PatientsService } from '../patients/patients.service.js';
import { ClinicalDecision } from './clinical-decision.entity.js';
import { assignable, refuseDecision } from './decision-check.js';
import { Decision, type DecisionInput } from './decision.js';
import { standingDecisions } from './decision-rows.js';
import { type Planning, planningFor } from './planning.js';
import type { PlanChange } from './reconcile.js';
import { SchedulesService } from './schedules.service.js';
import { SurveillanceItem } from './surveillance-item.entity.js';

/** A decision together with what it did to the plan. */
export interface Decided extends Planning {
  readonly decision: ClinicalDecision;
  readonly plan: PlanChange;
}

/** What clinicians decide for single patients: recorded with author and reason, and in force at once. */
@Injectable()
export class DecisionsService {
  constructor(
    private readonly scope: HospitalScope,
    private readonly patients: PatientsService,
    private readonly schedules: SchedulesService,
  ) {}

  /** Records a decision and brings the plan in line, both or neither. A later one about the same thing supersedes it. */
  async decide(patientId: string, input: DecisionInput): Promise<Decided> {
    return this.scope.transaction(async (tx) => {
      const patient = await this.patients.lock(tx, patientId);
      const decision = await decisionOf(tx, patient, input);
      await tx.db.insert(ClinicalDecision, decision as object);
      return this.after(tx, patient, decision);
    });
  }

  /** Takes a decision back, plan included. Revoking it again changes nothing. */
  async revoke(
    patientId: string,
    decisionId: string,
    { author, reason }: { readonly author: string; readonly reason: string },
  ): Promise<Decided> {
    return this.scope.transaction(async (tx) => {
      const { db, hospital, now } = tx;
      const patient = await this.patients.lock(tx, patientId);
      const which = { id: decisionId, patientId, hospitalId: hospital.id };
      const decision = await db.findOneBy(ClinicalDecision, which);
      if (!decision) throw notFound('decision', decisionId);
      if (decision.revokedAt !== null) return this.after(tx, patient, decision);
      const revoked = { revokedAt: now, revokedBy: author, revokeReason: reason };
      await db.update(ClinicalDecision, which, revoked);
      return this.after(tx, patient, { ...decision, ...revoked });
    });
  }

  /** All decisions of a patient, revoked ones included, in the order in which they were made. */
  async list(patientId: string): Promise<{ decisions: ClinicalDecision[] } & Planning> {
    return this.scope.transaction(async (tx) => {
      const { db, hospital } = tx;
      const patient = await this.patients.find(tx, patientId);
      const decisions = await db.find(ClinicalDecision, {
        where: { patientId, hospitalId: hospital.id },
        order: { decidedAt: 'ASC', id: 'ASC' },
      });
      const standing = decisions.filter(({ revokedAt }) => revokedAt === null);
      return { decisions, ...planningFor(patient, standing, tx) };
    });
  }

  private async after(
    tx: HospitalTransaction,
    patient: Patient,
    decision: ClinicalDecision,
  ): Promise<Decided> {
    const plan = await this.schedules.revise(tx, [patient], null);
    const standing = (await standingDecisions(tx, [patient.id])).get(patient.id) ?? [];
    return { decision, plan, ...planningFor(patient, standing, tx) };
  }
}

async function decisionOf(
  tx: HospitalTransaction,
  patient: Patient,
  input: DecisionInput,
): Promise<ClinicalDecision> {
  const { hospital, now, today } = tx;
  refuseDecision(input, planningFor(patient, [], tx).guideline);
  const { kind, ...detail } = await storedForm(tx, patient, input, today);
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

/** The decision without author and reason, and with what it leaves to the program filled in. */
async function storedForm(
  tx: HospitalTransaction,
  patient: Patient,
  input: DecisionInput,
  today: Patient['enrolledOn'],
): Promise<Decision> {
  if (input.kind === 'rule_off') return Decision.parse({ ...input, from: input.from ?? today });
  if (input.kind !== 'assignment') return Decision.parse(input);
  const which = { hospitalId: tx.hospital.id, patientId: patient.id };
  const event = await tx.db.findOneBy(ClinicalEvent, { ...which, id: input.eventId });
  const item = await tx.db.findOneBy(SurveillanceItem, { ...which, id: input.itemId });
  const { guideline } = planningFor(patient, [], tx);
  assignable(event, item, guideline);
  if (item?.state === 'completed')
    throw new DomainError(
      'conflict',
      'already-completed',
      `The item was completed on ${String(item.completedOn)}.`,
    );
  return { kind: 'assignment', eventId: input.eventId, due: item?.due ?? today };
}
