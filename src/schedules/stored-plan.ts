import type { HospitalTransaction } from '../tenancy/hospital-scope.js';
import { notFound } from '../platform/domain-error.js';
import { order } from '../guideline/calendar.js';
import { versionedId } from '../guideline/published/index.js';
import { inTurns } from '../platform/turns.js';
import { underVersion } from '../tenancy/policy-versions.js';
import { refuseMerged } from '../patients/merged-records.js';
import { Patient } from '../patients/patient.entity.js';
import { planBasisFor, type PlanBasis, type PlanFacts, planOf, storedTask } from './plan-basis.js';
import { planFacts } from './plan-facts.js';
import { computedItems, isOpenToOthers, type ItemRow } from './planned-row.js';
import { SurveillanceItem } from './surveillance-item.entity.js';

/** A patient's schedule: the items with a row, and the computed items without one. */
export interface StoredPlan extends PlanFacts {
  /** The basis of the plan, as of the hospital's today. */
  readonly planning: PlanBasis;
  /** By due date, activity and key, without cancelled items. */
  readonly items: readonly ItemRow[];
  /** The rows of items that the plan no longer has. */
  readonly cancelled: readonly SurveillanceItem[];
  /** The rows of all items that have one, by id. */
  readonly rows: ReadonlyMap<string, SurveillanceItem>;
}

/** A patient and all rows of items, including cancelled ones, from one snapshot. */
interface PatientRows {
  readonly patient: Patient;
  readonly rows: readonly SurveillanceItem[];
}

/** Reads a patient's schedule in four queries. Refuses (409) a record that was merged into another one. */
export async function storedPlan(tx: HospitalTransaction, patientId: string): Promise<StoredPlan> {
  const [found] = await patientRows(tx, [patientId]);
  if (!found) throw notFound('patient', patientId);
  await refuseMerged(tx, found.patient);
  const [plan] = await plansOf(tx, [found]);
  if (!plan) throw new Error('A patient has no schedule.');
  return plan;
}

/**
 * Reads the schedules of these patients, by patient id, without unknown patients and merged records. Three
 * queries, and one for each older version of the policy by which one of the plans was computed.
 */
export async function storedPlans(
  tx: HospitalTransaction,
  patientIds: readonly string[],
): Promise<ReadonlyMap<string, StoredPlan>> {
  const found = await patientRows(tx, patientIds);
  const plans = await plansOf(
    tx,
    found.filter(({ patient }) => patient.mergedInto === null),
  );
  return new Map(plans.map((plan) => [plan.patient.id, plan]));
}

async function plansOf(tx: HospitalTransaction, found: readonly PatientRows[]): Promise<StoredPlan[]> {
  const facts = await planFacts(
    tx,
    found.map(({ patient }) => patient),
  );
  const under = new Map<number, HospitalTransaction>();
  for (const { patient } of found)
    if (!under.has(patient.policyVersion))
      under.set(patient.policyVersion, await underVersion(tx, patient.policyVersion));
  return inTurns(facts, (of, at) => {
    const rows = found[at]?.rows ?? [];
    const planning = planBasisFor(of.patient, of.decisions, under.get(of.patient.policyVersion) ?? tx);
    return planWithRows(of, rows, planning);
  });
}

function planWithRows(facts: PlanFacts, rows: readonly SurveillanceItem[], planning: PlanBasis): StoredPlan {
  const { patient } = facts;
  const task = storedTask(planning, facts, { patient, hasRows: rows.length > 0 });
  const computed =
    task === null
      ? []
      : computedItems(rows, planOf(task).items, {
          ...{ hospitalId: patient.hospitalId, patientId: patient.id },
          guideline: versionedId(task.guideline),
        });
  return {
    ...facts,
    planning,
    items: [...rows.filter(isOpenToOthers), ...computed].sort(byDue),
    cancelled: rows.filter((row) => !isOpenToOthers(row)),
    rows: new Map(rows.map((row) => [row.id, row])),
  };
}

const byDue = (a: ItemRow, b: ItemRow): number =>
  order(a.due, b.due) || order(a.activity, b.activity) || order(a.key, b.key);

/** Reads both in one statement. Between two statements, a rollout could replace the plan. */
async function patientRows(
  { db, hospital }: HospitalTransaction,
  patientIds: readonly string[],
): Promise<PatientRows[]> {
  const found = (await db
    .createQueryBuilder(Patient, 'patient')
    .leftJoinAndMapMany(
      'patient.items',
      SurveillanceItem,
      'item',
      'item.hospitalId = patient.hospitalId AND item.patientId = patient.id',
    )
    .where('patient.hospitalId = :hospitalId AND patient.id = ANY (:patientIds)', {
      hospitalId: hospital.id,
      patientIds,
    })
    .getMany()) as (Patient & { items: SurveillanceItem[] })[];
  return found.map(({ items, ...patient }) => ({ patient, rows: items }));
}
