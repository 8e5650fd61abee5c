import type { HospitalTransaction } from '../tenancy/hospital-scope.js';
import { notFound } from '../platform/domain-error.js';
import { order } from '../guideline/calendar.js';
import { versionedId } from '../guideline/published/index.js';
import { refuseMerged } from '../patients/merged-records.js';
import { Patient } from '../patients/patient.entity.js';
import { activeEvents } from '../patients/recorded-events.js';
import { activeDecisions } from './decision-rows.js';
import { type PlanBasis, type PlanFacts, planOf, storedPlanBasis, storedTask } from './plan-basis.js';
import { computedItems, isOpenToOthers, type ItemRow } from './planned-row.js';
import { SurveillanceItem } from './surveillance-item.entity.js';

/** A patient's plan as it stands: the items that have a row, and those that are computed. */
export interface StoredPlan extends PlanFacts {
  /** By what the plan was drawn up, as of the hospital's today. */
  readonly planning: PlanBasis;
  /** Without the cancelled ones, by due date, activity and key. */
  readonly items: readonly ItemRow[];
}

/** A patient with all rows of items, the cancelled ones too, as they were at one moment. */
interface PatientRows {
  readonly patient: Patient;
  readonly rows: readonly SurveillanceItem[];
}

/** Four queries. Refuses (409) a record that was merged into another one. */
export async function storedPlan(tx: HospitalTransaction, patientId: string): Promise<StoredPlan> {
  const { patient, rows } = await patientRows(tx, patientId);
  const events = (await activeEvents(tx, [patientId])).get(patientId) ?? [];
  const decisions = (await activeDecisions(tx, [patientId])).get(patientId) ?? [];
  const facts = { patient, events, decisions };
  const planning = await storedPlanBasis(patient, decisions, tx);
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

/** Reads both in one statement: between two, the plan could be drawn up by another version of the policy. */
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
