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
import { densityFaults } from '../plan-size-check.js';
import { policyFaults } from './policy-faults.js';
import { type MessageKey, msg } from '../../platform/messages/dictionary.js';

/**
 * Changes of what a hospital follows. What is decided here is carried out in the background: see
 * `PlanPreviews`, which counts, and `Replanning`, which brings the plans in line.
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
   * Has it counted what the policy would do to every plan. Changes nothing. Refuses a policy that its guideline does not
   * allow, and a second one while another is being counted: each goes through all plans of the hospital.
   */
  async ask({ policy, author: given, reason }: PolicyRolloutInput): Promise<PolicyRollout> {
    return this.scope.transaction(async (tx) => {
      const { db, hospital, now, caller } = tx;
      const id = uuidv7();
      const author = authorOf(caller, given);
      const wanted = await sound(tx, signed(policy, caller));
      await refuseSecondPreview(tx);
      await lockPolicy(tx);
      await refuseSecondPreview(tx); // of two asked for at the same moment
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

  /** Newest first, `limit` at most, those before `before`. */
  async list(limit: number, before: string | undefined): Promise<PolicyRollout[]> {
    return this.scope.transaction(async (tx) => {
      const query = tx.db
        .createQueryBuilder(PolicyRollout, 'change')
        .where('change.hospitalId = :id', { id: tx.hospital.id })
        .orderBy('change.id', 'DESC')
        .limit(limit);
      if (before !== undefined) query.andWhere('change.id < :before', { before });
      const changes = await query.getMany();
      return Promise.all(changes.map((change) => withProgress(tx, change)));
    });
  }

  async get(id: string): Promise<PolicyRollout> {
    return this.scope.transaction(async (tx) => {
      const change = await tx.db.findOneBy(PolicyRollout, { id, hospitalId: tx.hospital.id });
      if (!change) throw notFound('plan-change', id);
      return withProgress(tx, change);
    });
  }

  /**
   * Puts the policy in force. From then on every plan that is drawn up follows it, and the others are brought in
   * line by and by. Refused unless it was previewed against the policy in force.
   */
  async apply(id: string): Promise<PolicyRollout> {
    return this.scope.transaction(async (tx) => {
      const change = await lockChange(tx, id);
      if (change.state !== 'previewed') throw refused('plan-change-not-previewed', change);
      const inForce = await lockPolicy(tx);
      await refuseSecond(tx);
      if (inForce.version !== change.basedOnVersion) throw policyMoved(inForce);
      const appliedVersion = await putInForce(
        tx,
        { version: inForce.version, policy: change.policy },
        change,
      );
      return moveTo(tx, change, { state: 'applying', appliedVersion });
    });
  }

  /** Puts the policy of before in force as a new version; also while it is still being applied. Refused once another one was put in force. */
  async undo(id: string, { author: given, reason }: DecisionInput): Promise<PolicyRollout> {
    return this.scope.transaction(async (tx) => {
      const author = authorOf(tx.caller, given);
      const change = await lockChange(tx, id);
      if (change.state !== 'applied' && change.state !== 'applying')
        throw refused('plan-change-not-applied', change);
      const inForce = await lockPolicy(tx);
      if (inForce.version !== change.appliedVersion) throw policyMoved(inForce);
      const { hospital: before } = await underVersion(tx, change.basedOnVersion);
      await putInForce(tx, { version: inForce.version, policy: before.policy }, { author, reason });
      return moveTo(tx, change, { state: 'undoing' });
    });
  }

  /** Discards it. Idempotent. */
  async discard(id: string): Promise<PolicyRollout> {
    return this.scope.transaction(async (tx) => {
      const change = await lockChange(tx, id);
      if (change.state === 'discarded') return change;
      if (change.state !== 'previewing' && change.state !== 'previewed')
        throw refused('plan-change-not-discardable', change);
      return moveTo(tx, change, { state: 'discarded' });
    });
  }
}

/** What a person decides for single rules bears their own name, like the change itself. */
function signed(policy: PolicyPatch, caller: Caller): PolicyPatch {
  if (caller.kind !== 'person' || policy.rules === undefined) return policy;
  const rules = Object.entries(policy.rules).map(
    ([id, rule]) => [id, rule && { ...rule, author: caller.name }] as const,
  );
  return { ...policy, rules: Object.fromEntries(rules) };
}

/** The patched policy, on one version of its guideline. Refuses it with everything that is wrong with it. */
async function sound(
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

async function lockChange({ db, hospital }: HospitalTransaction, id: string): Promise<PolicyRollout> {
  const change = await db.findOne(PolicyRollout, {
    where: { id, hospitalId: hospital.id },
    lock: { mode: 'pessimistic_write' },
  });
  if (!change) throw notFound('plan-change', id);
  return change;
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

/** While plans are being changed, the patients themselves say how many are done; so no crash can miscount. */
async function withProgress(
  { db, hospital }: HospitalTransaction,
  change: PolicyRollout,
): Promise<PolicyRollout> {
  if (!RUNNING.includes(change.state)) return change;
  const [{ total, done }] = await db.query<[{ total: number; done: number }]>(
    `SELECT count(*) AS total, count(*) FILTER (WHERE p.policy_version >= h.policy_version) AS done
       FROM patient p JOIN hospital h ON h.id = p.hospital_id WHERE h.id = $1`,
    [hospital.id],
  );
  return { ...change, patientsTotal: total, patientsDone: done };
}

async function refuseSecond({ db, hospital }: HospitalTransaction): Promise<void> {
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

const policyMoved = ({ version }: NumberedPolicy): DomainError =>
  new DomainError('conflict', 'policy-moved', msg('policy-moved', { version }));

const refused = (
  code: Extract<MessageKey, `plan-change-not-${'previewed' | 'applied' | 'discardable'}`>,
  { state }: PolicyRollout,
): DomainError => new DomainError('conflict', code, msg(code, { state }));
