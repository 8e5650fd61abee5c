import { setImmediate } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { MoreThan } from 'typeorm';
import { HospitalScope, type HospitalTransaction } from '../../tenancy/hospital-scope.js';
import { underPolicy, underVersion } from '../../tenancy/policy-versions.js';
import { comparePlans, type ItemChange } from '../../guideline/comparison.js';
import type { PlannedItem } from '../../guideline/planned-item.js';
import { Patient } from '../../patients/patient.entity.js';
import { PolicyRollout } from './policy-rollout.entity.js';
import { doneItems, withDone } from '../done-items.js';
import { computePlan, planBasisFor, type PlanFacts } from '../plan-basis.js';
import { planFacts } from '../plan-facts.js';

// The number of patients in one transaction. It limits memory, the work that is lost in a crash, and the time that
// another hospital waits for its turn, which is below a second.
const BATCH = 200;

// The same thread serves requests and reminders. It pauses after this number of patients.
const PATIENTS_IN_A_TURN = 5;

const FIRST = '00000000-0000-0000-0000-000000000000';

/** Counts what a policy rollout would change, patient by patient. The computed plans are not stored. */
@Injectable()
export class RolloutPreviews {
  constructor(private readonly scope: HospitalScope) {}

  /**
   * Counts the next batch of the oldest unfinished preview of the hospital in scope, unless another process is
   * counting it. Progress and counts are committed together, so each patient is counted once. Returns false if there
   * was no work.
   */
  async nextBatch(): Promise<boolean> {
    return this.scope.transaction(async (tx) => {
      const rollout = await tx.db
        .createQueryBuilder(PolicyRollout, 'rollout')
        .where(`rollout.hospitalId = :id AND rollout.state = 'previewing'`, { id: tx.hospital.id })
        .orderBy('rollout.id')
        .limit(1)
        .setLock('pessimistic_write')
        .setOnLocked('skip_locked')
        .getOne();
      if (!rollout) return false;
      await countBatch(tx, rollout);
      return true;
    });
  }
}

async function countBatch(tx: HospitalTransaction, rollout: PolicyRollout): Promise<void> {
  const { db, hospital, now } = tx;
  const patients = await db.find(Patient, {
    where: { hospitalId: hospital.id, id: MoreThan(rollout.cursor ?? FIRST) },
    order: { id: 'ASC' },
    take: BATCH,
  });
  const counts = await countChanges(tx, rollout, patients);
  const done = rollout.patientsDone + patients.length;
  const finished = patients.length < BATCH;
  await db.update(
    PolicyRollout,
    { id: rollout.id, hospitalId: hospital.id },
    {
      state: finished ? 'previewed' : 'previewing',
      cursor: patients.at(-1)?.id ?? rollout.cursor,
      patientsDone: done,
      // Patients may have been registered meanwhile.
      patientsTotal: finished ? done : Math.max(done, rollout.patientsTotal),
      kept: rollout.kept + counts.kept,
      moved: rollout.moved + counts.moved,
      cancelled: rollout.cancelled + counts.cancelled,
      added: rollout.added + counts.added,
      changedAt: now,
    },
  );
}

type Counts = Record<ItemChange['change'], number>;

async function countChanges(
  tx: HospitalTransaction,
  { policy, basedOnVersion }: PolicyRollout,
  patients: readonly Patient[],
): Promise<Counts> {
  const before = await underVersion(tx, basedOnVersion);
  const after = await underPolicy(tx, { version: basedOnVersion, policy });
  const ids = patients.map(({ id }) => id);
  const done = await doneItems(tx, ids);
  const counts: Counts = { kept: 0, moved: 0, cancelled: 0, added: 0 };
  for (const [index, facts] of (await planFacts(tx, patients)).entries()) {
    const { patient } = facts;
    if (patient.erasedAt !== null || patient.mergedInto !== null) continue;
    const current = withDone(itemsUnder(before, facts), done.get(patient.id) ?? []);
    for (const { change } of comparePlans(current, itemsUnder(after, facts))) counts[change]++;
    if (index % PATIENTS_IN_A_TURN === PATIENTS_IN_A_TURN - 1) await setImmediate();
  }
  return counts;
}

/** The items of the patient's plan under the policy of the transaction. */
export const itemsUnder = (tx: HospitalTransaction, facts: PlanFacts): readonly PlannedItem[] =>
  computePlan(planBasisFor(facts.patient, facts.decisions, tx), facts).items;
