import { setImmediate } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { MoreThan } from 'typeorm';
import { HospitalScope, type HospitalTransaction } from '../../tenancy/hospital-scope.js';
import { underPolicy, underVersion } from '../../tenancy/policy-versions.js';
import { comparePlans, type ItemChange } from '../../guideline/comparison.js';
import type { PlannedItem } from '../../guideline/planned-item.js';
import type { ClinicalEvent } from '../../patients/clinical-event.entity.js';
import { Patient } from '../../patients/patient.entity.js';
import { activeEvents } from '../../patients/recorded-events.js';
import { PolicyRollout } from './policy-rollout.entity.js';
import type { ActiveDecision } from '../choices-of.js';
import { activeDecisions } from '../decision-rows.js';
import { doneItems, withDone } from '../done-items.js';
import { drawPlan, planBasisFor } from '../plan-basis.js';

// Patients whose facts are in memory at a time, what a crash has to count again at most, and how long another hospital
// waits for its turn: less than a second.
const BATCH = 200;

// Requests and reminders are served by the same thread; it is not kept longer than this many patients.
const PATIENTS_IN_A_TURN = 5;

const FIRST = '00000000-0000-0000-0000-000000000000';

/** Counts what a plan change would do, patient by patient. Nothing of the plans is kept or stored. */
@Injectable()
export class PlanPreviews {
  constructor(private readonly scope: HospitalScope) {}

  /**
   * Counts the next batch of the oldest open preview of the hospital in scope that no other process is at. How far it
   * has come is committed with the counts, so each patient is counted once. False when there was nothing to do.
   */
  async nextBatch(): Promise<boolean> {
    return this.scope.transaction(async (tx) => {
      const change = await tx.db
        .createQueryBuilder(PolicyRollout, 'change')
        .where(`change.hospitalId = :id AND change.state = 'previewing'`, { id: tx.hospital.id })
        .orderBy('change.id')
        .limit(1)
        .setLock('pessimistic_write')
        .setOnLocked('skip_locked')
        .getOne();
      if (!change) return false;
      await countBatch(tx, change);
      return true;
    });
  }
}

async function countBatch(tx: HospitalTransaction, change: PolicyRollout): Promise<void> {
  const { db, hospital, now } = tx;
  const patients = await db.find(Patient, {
    where: { hospitalId: hospital.id, id: MoreThan(change.cursor ?? FIRST) },
    order: { id: 'ASC' },
    take: BATCH,
  });
  const counts = await countChanges(tx, change, patients);
  const done = change.patientsDone + patients.length;
  const finished = patients.length < BATCH;
  await db.update(
    PolicyRollout,
    { id: change.id, hospitalId: hospital.id },
    {
      state: finished ? 'previewed' : 'previewing',
      cursor: patients.at(-1)?.id ?? change.cursor,
      patientsDone: done,
      // Patients were registered meanwhile; or, one day, deleted.
      patientsTotal: finished ? done : Math.max(done, change.patientsTotal),
      kept: change.kept + counts.kept,
      moved: change.moved + counts.moved,
      cancelled: change.cancelled + counts.cancelled,
      added: change.added + counts.added,
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
  const histories = await activeEvents(tx, ids);
  const decided = await activeDecisions(tx, ids);
  const recorded = await doneItems(tx, ids);
  const counts: Counts = { kept: 0, moved: 0, cancelled: 0, added: 0 };
  for (const [index, patient] of patients.entries()) {
    if (patient.erasedAt !== null || patient.mergedInto !== null) continue;
    const events = histories.get(patient.id) ?? [];
    const decisions = decided.get(patient.id) ?? [];
    const planned = itemsUnder(before, patient, events, decisions);
    const active = withDone(planned, recorded.get(patient.id) ?? []);
    const changes = comparePlans(active, itemsUnder(after, patient, events, decisions));
    for (const { change } of changes) counts[change]++;
    if (index % PATIENTS_IN_A_TURN === PATIENTS_IN_A_TURN - 1) await setImmediate();
  }
  return counts;
}

const itemsUnder = (
  tx: HospitalTransaction,
  patient: Patient,
  events: readonly ClinicalEvent[],
  decisions: readonly ActiveDecision[],
): readonly PlannedItem[] =>
  drawPlan(planBasisFor(patient, decisions, tx), { patient, events, decisions }).items;
