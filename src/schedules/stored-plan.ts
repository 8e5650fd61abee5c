import type { HospitalTransaction } from '../tenancy/hospital-scope.js';
import { notFound } from '../platform/domain-error.js';
import { order } from '../guideline/calendar.js';
import { versionedId } from '../guideline/published/index.js';
import { refuseMerged } from '../patients/merged-records.js';
import { Patient } from '../patients/patient.entity.js';
import { type PlanBasis, type PlanFacts, planOf, storedPlanBasis, storedTask } from './plan-basis.js';
import { planFactsOf } from './plan-facts.js';
import { computedItems, isOpenToOthers, type ItemRow } from './planned-row.js';
import { SurveillanceItem } from './surveillance-item.entity.js';

/** A patient's schedule: the items with a row, and the computed items without one. */
export interface StoredPlan extends PlanFacts {
  /** The basis of the plan, as of the hospital's today. */
  readonly planning: PlanBasis;
  /** By due date, activity and key, without cancelled items. */
  readonly items: readonly ItemRow[];
}

/** A patient and all rows of items, including cancelled ones, from one snapshot. */
interface PatientRows {
  readonly patient: Patient;
  readonly rows: readonly SurveillanceItem[];
}

/** Reads a patient's schedule in four queries. Refuses (409) a record that was merged into another one. */
export async function storedPlan(tx: HospitalTransaction, patientId: string): Promise<StoredPlan> {
  const { patient, rows } = await patientRows(tx, patientId);
  const facts = await planFactsOf(tx, patient);
  const planning = await storedPlanBasis(patient, facts.decisions, tx);
  const task = storedTask(planning, facts, { patient, hasRows: rows.length > 0 });
  const computed =
    task === null
      ? []
      : computedItems(rows, planOf(task).items, {
          ...{ hospitalId: tx.hospital.id, patientId },
          guideline: versionedId(task.guideline),
        });
  const items = [...rows.filter(isOpenToOthers), ...computed].sort(byDue);
  return { ...facts, planning, items };
}

const byDue = (a: ItemRow, b: ItemRow): number =>
  order(a.due, b.due) || order(a.activity, b.activity) || order(a.key, b.key);

/** Reads both in one statement. Between two statements, a rollout could replace the plan. */
async function patientRows({ db, hospital }: HospitalTransaction, patientId: string): Promise<PatientRows> {
  const found = (await db
    .createQueryBuilder(Patient, 'patient')
    .leftJoinAndMapMany(
      'patient.items',
      SurveillanceItem,
      'item',
      'item.hospitalId = patient.hospitalId AND item.patientId = patient.id',
    )
    .where('patient.hospitalId = :hospitalId AND patient.id = :patientId', {
      hospitalId: hospital.id,
      patientId,
    })
    .getOne()) as (Patient & { items: SurveillanceItem[] }) | null;
  if (!found) throw notFound('patient', patientId);
  const { items, ...patient } = found;
  await refuseMerged({ db, hospital }, patient);
  return { patient, rows: items };
}
