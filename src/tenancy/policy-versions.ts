import { isDeepStrictEqual } from 'node:util';
import { In } from 'typeorm';
import type { HospitalPolicy } from './policy/hospital-policy.js';
import type { HospitalTransaction } from './hospital-scope.js';
import { Hospital } from './hospital.entity.js';
import { PolicyVersion } from './policy/policy-version.entity.js';
import type { ReminderPolicy } from './policy/reminder-policy.js';

/** A policy and its version number. */
export interface NumberedPolicy {
  readonly version: number;
  readonly policy: HospitalPolicy;
}

/**
 * A copy of the transaction that uses this policy. By default a transaction uses the policy in force when it began.
 */
export async function underPolicy(
  tx: HospitalTransaction,
  { version, policy }: NumberedPolicy,
): Promise<HospitalTransaction> {
  const guideline = await tx.guidelines.find(policy.guideline);
  return { ...tx, hospital: { ...tx.hospital, policy, policyVersion: version, guideline } };
}

/** The transaction with the policy in force now. It may have changed while the transaction waited for a lock. */
export async function underPolicyInForce(tx: HospitalTransaction): Promise<HospitalTransaction> {
  const { policy, policyVersion: version } = await tx.db.findOneByOrFail(Hospital, { id: tx.hospital.id });
  return version === tx.hospital.policyVersion ? tx : underPolicy(tx, { version, policy });
}

/** The transaction with the policy of this version. */
export async function underVersion(tx: HospitalTransaction, version: number): Promise<HospitalTransaction> {
  if (version === tx.hospital.policyVersion) return tx;
  return underPolicy(tx, await tx.db.findOneByOrFail(PolicyVersion, { hospitalId: tx.hospital.id, version }));
}

/**
 * The reminder policy of each of these versions. Where it equals the current one, it is the same object. At most one
 * query.
 */
export async function remindersInVersions(
  { db, hospital }: HospitalTransaction,
  versions: ReadonlySet<number>,
): Promise<ReadonlyMap<number, ReminderPolicy>> {
  const now = hospital.policy.reminders;
  const older = [...versions].filter((version) => version !== hospital.policyVersion);
  const rows =
    older.length > 0 ? await db.findBy(PolicyVersion, { hospitalId: hospital.id, version: In(older) }) : [];
  const then = rows.map(({ version, policy: { reminders } }) => [version, reminders] as const);
  return new Map([
    [hospital.policyVersion, now],
    ...then.map(
      ([version, reminders]) => [version, isDeepStrictEqual(reminders, now) ? now : reminders] as const,
    ),
  ]);
}

/** The policy in force, locked until the transaction ends. Waits for a running batch of reminders. */
export async function lockPolicy({ db, hospital }: HospitalTransaction): Promise<NumberedPolicy> {
  const [row] = await db.query<[NumberedPolicy]>(
    'SELECT policy, policy_version AS version FROM hospital WHERE id = $1 FOR NO KEY UPDATE',
    [hospital.id],
  );
  return row;
}

/** Puts a policy in force as the next version and returns the number. The caller holds the lock of `lockPolicy`. */
export async function putInForce(
  { db, hospital, now }: HospitalTransaction,
  { version, policy }: NumberedPolicy,
  decided: { readonly author: string; readonly reason: string },
): Promise<number> {
  const next = version + 1;
  const { author, reason } = decided;
  await db.insert(PolicyVersion, {
    hospitalId: hospital.id,
    version: next,
    policy,
    author,
    reason,
    createdAt: now,
  });
  await db.update(Hospital, { id: hospital.id }, { policy, policyVersion: next });
  return next;
}
