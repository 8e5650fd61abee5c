import { setImmediate } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { MoreThan } from 'typeorm';
import { notFound } from '../../platform/domain-error.js';
import { HospitalScope, type HospitalTransaction, notePatient } from '../../tenancy/hospital-scope.js';
import { underPolicy, underVersion } from '../../tenancy/policy-versions.js';
import { comparePlans, type ItemChange } from '../../guideline/comparison.js';
import { Patient } from '../../patients/patient.entity.js';
import { doneItems, withDone } from '../done-items.js';
import { planFacts } from '../plan-facts.js';
import { PolicyRollout } from './policy-rollout.entity.js';
import { itemsUnder } from './rollout-previews.js';

/** Patients who are shown, and the most that are planned to find them. */
const SHOWN = 6;
const PLANNED_AT_MOST = 200;
const AT_ONCE = 20;

const FIRST = '00000000-0000-0000-0000-000000000000';

/** A patient whose plan a rollout changes. */
export interface ChangedPatient {
  readonly patient: Patient;
  /** What is not kept: items that are still to come first, then past ones, each by due date. */
  readonly changes: readonly ItemChange[];
}

export interface RolloutExample {
  readonly today: HospitalTransaction['today'];
  /** So many patients were planned to find the examples. */
  readonly patientsPlanned: number;
  readonly examples: readonly ChangedPatient[];
}

/** What a rollout does to single patients, for those who decide about it. Computed with each request. */
@Injectable()
export class RolloutExamples {
  constructor(private readonly scope: HospitalScope) {}

  /** The first patients of the caller whose plans the rollout changes. */
  async of(id: string): Promise<RolloutExample> {
    return this.scope.transaction(async (tx) => {
      const rollout = await tx.db.findOneBy(PolicyRollout, { id, hospitalId: tx.hospital.id });
      if (!rollout) throw notFound('plan-change', id);
      const examples: ChangedPatient[] = [];
      let patientsPlanned = 0;
      let last = FIRST;
      while (patientsPlanned < PLANNED_AT_MOST && examples.length < SHOWN) {
        const patients = await tx.db.find(Patient, {
          where: { hospitalId: tx.hospital.id, id: MoreThan(last) },
          order: { id: 'ASC' },
          take: AT_ONCE,
        });
        examples.push(...(await changedAmong(tx, rollout, patients)));
        patientsPlanned += patients.length;
        last = patients.at(-1)?.id ?? last;
        if (patients.length < AT_ONCE) break;
      }
      const shown = examples.slice(0, SHOWN);
      for (const { patient } of shown) notePatient(patient.id);
      return { today: tx.today, patientsPlanned, examples: shown };
    });
  }
}

async function changedAmong(
  tx: HospitalTransaction,
  { policy, basedOnVersion }: PolicyRollout,
  patients: readonly Patient[],
): Promise<ChangedPatient[]> {
  const before = await underVersion(tx, basedOnVersion);
  const after = await underPolicy(tx, { version: basedOnVersion, policy });
  const living = patients.filter(({ erasedAt, mergedInto }) => erasedAt === null && mergedInto === null);
  const done = await doneItems(
    tx,
    living.map(({ id }) => id),
  );
  const changed: ChangedPatient[] = [];
  for (const facts of await planFacts(tx, living)) {
    const { patient } = facts;
    const current = withDone(itemsUnder(before, facts), done.get(patient.id) ?? []);
    const changes = comparePlans(current, itemsUnder(after, facts)).filter(({ change }) => change !== 'kept');
    const isPast = (change: ItemChange): boolean => dueOf(change) < tx.today;
    const coming = changes.filter((change) => !isPast(change));
    if (changes.length > 0) changed.push({ patient, changes: [...coming, ...changes.filter(isPast)] });
    await setImmediate(); // other requests are served between two plans
  }
  return changed;
}

const dueOf = ({ before, after }: ItemChange): string => (after ?? before)?.due ?? '';
