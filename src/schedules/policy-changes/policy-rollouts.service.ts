import { Injectable } from '@nestjs/common';
import { In } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { authorOf } from '../../tenancy/author.js';
import type { Caller } from '../../tenancy/caller.js';
import { type HospitalPolicy, patched, type PolicyPatch } from '../../tenancy/policy/hospital-policy.js';
import { HospitalScope, type HospitalTransaction } from '../../tenancy/hospital-scope.js';
import { PolicyVersion } from '../../tenancy/policy/policy-version.entity.js';
import { lockPolicy, type NumberedPolicy, putInForce, underVersion } from '../../tenancy/policy-versions.js';
import { DomainError, type FieldFault, invalid, notFound } from '../../platform/domain-error.js';
import type { Guideline } from '../../guideline/guideline.js';
import { versionedId } from '../../guideline/published/index.js';
import { Patient } from '../../patients/patient.entity.js';
import { PolicyRollout, type PolicyRolloutState } from './policy-rollout.entity.js';
import type { DecisionInput, PolicyRolloutInput } from './policy-rollout-schemas.js';
import { withWorkCalendar } from '../../work-calendar/reminder-days.js';
import { densityFaults } from '../plan-size-check.js';
import { policyFaults } from './policy-faults.js';
import { type MessageKey, msg } from '../../platform/messages/dictionary.js';

/**
 * Starts, undoes and discards policy rollouts. A worker carries them out: `RolloutPreviews` counts the changes, and
 * `Replanning` computes the plans again.
 */
@Injectable()
export class PolicyRolloutsService {
  constructor(private readonly scope: HospitalScope) {}

  async policyInForce(): Promise<PolicyVersion> {
    return this.scope.transaction(({ db, hospital: { id, policyVersion } }) =>
      db.findOneByOrFail(PolicyVersion, { hospitalId: id, version: policyVersion }),
    );
  }

  /**
   * Requests a preview of what the policy would change in all plans. Refuses a policy that its guideline does not
   * allow, and a second preview while one is running, because each computes all plans of the hospital.
   */
  async ask({ policy, author: given, reason }: PolicyRolloutInput): Promise<PolicyRollout> {
    return this.scope.transaction(async (tx) => {
      const { db, hospital, now, caller } = tx;
      const id = uuidv7();
      const author = authorOf(caller, given);
      const wanted = await validPolicy(tx, withAuthor(policy, caller));
      await refuseSecondPreview(tx);
      await lockPolicy(tx);
      await refuseSecondPreview(tx); // another request may have committed before this one got the lock
      await db.insert(PolicyRollout, {
        id,
        hospitalId: hospital.id,
        state: 'previewing',
        policy: wanted,
        basedOnVersion: hospital.policyVersion,
        patientsTotal: await db.countBy(Patient, { hospitalId: hospital.id }),
        ...{ author, reason, createdAt: now, changedAt: now },
      });
      return db.findOneByOrFail(PolicyRollout, { id, hospitalId: hospital.id });
    });
  }

  /** At most `limit` rollouts that are older than `before`, the newest first. */
  async list(limit: number, before: string | undefined): Promise<PolicyRollout[]> {
    return this.scope.transaction(async (tx) => {
      const query = tx.db
        .createQueryBuilder(PolicyRollout, 'rollout')
        .where('rollout.hospitalId = :id', { id: tx.hospital.id })
        .orderBy('rollout.id', 'DESC')
        .limit(limit);
      if (before !== undefined) query.andWhere('rollout.id < :before', { before });
      const rollouts = await query.getMany();
      return Promise.all(rollouts.map((rollout) => withProgress(tx, rollout)));
    });
  }

  async get(id: string): Promise<PolicyRollout> {
    return this.scope.transaction(async (tx) => {
      const rollout = await tx.db.findOneBy(PolicyRollout, { id, hospitalId: tx.hospital.id });
      if (!rollout) throw notFound('plan-change', id);
      return withProgress(tx, rollout);
    });
  }

  /**
   * Puts the policy in force. Plans that are computed from then on follow it, and the worker computes the others
   * again. Refuses (409) a rollout that was not previewed against the policy in force.
   */
  async apply(id: string): Promise<PolicyRollout> {
    return this.scope.transaction(async (tx) => {
      const rollout = await lockRollout(tx, id);
      if (rollout.state !== 'previewed') throw refused('plan-change-not-previewed', rollout);
      const inForce = await lockPolicy(tx);
      await refuseSecondRollout(tx);
      if (inForce.version !== rollout.basedOnVersion) throw policyChangedMeanwhile(inForce);
      const appliedVersion = await putInForce(
        tx,
        { version: inForce.version, policy: await withWorkCalendar(tx, rollout.policy) },
        rollout,
      );
      return moveTo(tx, rollout, { state: 'applying', appliedVersion });
    });
  }

  /**
   * Puts the previous policy in force as a new version, also while the rollout is still running. Refuses (409) once
   * another policy was put in force.
   */
  async undo(id: string, { author: given, reason }: DecisionInput): Promise<PolicyRollout> {
    return this.scope.transaction(async (tx) => {
      const author = authorOf(tx.caller, given);
      const rollout = await lockRollout(tx, id);
      if (rollout.state !== 'applied' && rollout.state !== 'applying')
        throw refused('plan-change-not-applied', rollout);
      const inForce = await lockPolicy(tx);
      if (inForce.version !== rollout.appliedVersion) throw policyChangedMeanwhile(inForce);
      const { hospital: before } = await underVersion(tx, rollout.basedOnVersion);
      const policy = await withWorkCalendar(tx, before.policy);
      await putInForce(tx, { version: inForce.version, policy }, { author, reason });
      return moveTo(tx, rollout, { state: 'undoing' });
    });
  }

  /** Discards a rollout that was not applied. Idempotent. */
  async discard(id: string): Promise<PolicyRollout> {
    return this.scope.transaction(async (tx) => {
      const rollout = await lockRollout(tx, id);
      if (rollout.state === 'discarded') return rollout;
      if (rollout.state !== 'previewing' && rollout.state !== 'previewed')
        throw refused('plan-change-not-discardable', rollout);
      return moveTo(tx, rollout, { state: 'discarded' });
    });
  }
}

/** The patch with the name of the signed-in person as the author of its decisions about rules. */
function withAuthor(policy: PolicyPatch, caller: Caller): PolicyPatch {
  if (caller.kind !== 'person' || policy.rules === undefined) return policy;
  const rules = Object.entries(policy.rules).map(
    ([id, rule]) => [id, rule && { ...rule, author: caller.name }] as const,
  );
  return { ...policy, rules: Object.fromEntries(rules) };
}

/**
 * The patched policy with the version of its guideline. Refuses (422) an invalid policy with all validation errors.
 */
async function validPolicy(
  { hospital, guidelines }: HospitalTransaction,
  patch: PolicyPatch,
): Promise<HospitalPolicy> {
  const wanted = patched(hospital.policy, patch);
  const guideline = await guidelines.find(wanted.guideline);
  const faults = guideline
    ? faultsUnder(wanted, guideline)
    : [
        {
          pointer: '/policy/guideline',
          code: 'unknown-guideline',
          message: msg('unknown-guideline-here', { name: wanted.guideline }),
        },
      ];
  if (!guideline || faults.length > 0) throw invalid('invalid-input', msg('invalid-input'), faults);
  return { ...wanted, guideline: versionedId(guideline) };
}

function faultsUnder(policy: HospitalPolicy, guideline: Guideline): FieldFault[] {
  const faults = policyFaults(policy, guideline, ['policy']);
  return faults.length > 0 ? faults : densityFaults(policy, guideline, '/policy/rules');
}

async function lockRollout({ db, hospital }: HospitalTransaction, id: string): Promise<PolicyRollout> {
  const rollout = await db.findOne(PolicyRollout, {
    where: { id, hospitalId: hospital.id },
    lock: { mode: 'pessimistic_write' },
  });
  if (!rollout) throw notFound('plan-change', id);
  return rollout;
}

async function moveTo(
  tx: HospitalTransaction,
  { id }: PolicyRollout,
  to: Partial<Pick<PolicyRollout, 'state' | 'appliedVersion'>>,
): Promise<PolicyRollout> {
  const { db, hospital, now } = tx;
  await db.update(PolicyRollout, { id, hospitalId: hospital.id }, { ...to, changedAt: now });
  return withProgress(tx, await db.findOneByOrFail(PolicyRollout, { id, hospitalId: hospital.id }));
}

const RUNNING: readonly PolicyRolloutState[] = ['applying', 'undoing'];

/** The rollout with its progress. It is counted from the patients' rows, so that it is right also after a crash. */
async function withProgress(
  { db, hospital }: HospitalTransaction,
  rollout: PolicyRollout,
): Promise<PolicyRollout> {
  if (!RUNNING.includes(rollout.state)) return rollout;
  const [{ total, done }] = await db.query<[{ total: number; done: number }]>(
    `SELECT count(*) AS total, count(*) FILTER (WHERE p.policy_version >= h.policy_version) AS done
       FROM patient p JOIN hospital h ON h.id = p.hospital_id WHERE h.id = $1`,
    [hospital.id],
  );
  return { ...rollout, patientsTotal: total, patientsDone: done };
}

async function refuseSecondRollout({ db, hospital }: HospitalTransaction): Promise<void> {
  if (await db.existsBy(PolicyRollout, { hospitalId: hospital.id, state: In([...RUNNING]) }))
    throw new DomainError('conflict', 'plan-change-running', msg('plan-change-running'));
}

async function refuseSecondPreview({ db, hospital }: HospitalTransaction): Promise<void> {
  const open = await db.findOneBy(PolicyRollout, { hospitalId: hospital.id, state: 'previewing' });
  if (open)
    throw new DomainError(
      'conflict',
      'plan-change-previewing',
      msg('plan-change-previewing', { id: open.id }),
    );
}

const policyChangedMeanwhile = ({ version }: NumberedPolicy): DomainError =>
  new DomainError('conflict', 'policy-moved', msg('policy-moved', { version }));

const refused = (
  code: Extract<MessageKey, `plan-change-not-${'previewed' | 'applied' | 'discardable'}`>,
  { state }: PolicyRollout,
): DomainError => new DomainError('conflict', code, msg(code, { state }));
