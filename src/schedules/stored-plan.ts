import type { HospitalTransaction } from '../tenancy/hospital-scope.js';
import { notFound } from '../platform/domain-error.js';
import { Patient } from '../patients/patient.entity.js';
import { SurveillanceItem } from './surveillance-item.entity.js';

/** A patient and the stored plan, as they were at one moment. */
export interface StoredPlan {
  readonly patient: Patient;
  /** Without the cancelled ones, by due date and activity. */
  readonly items: readonly SurveillanceItem[];
}

/** Reads both in one statement: between two, the plan could be drawn up by another version of the policy. */
export async function storedPlan(
  { db, hospital }: HospitalTransaction,
  patientId: string,
): Promise<StoredPlan> {
  const found = (await db
    .createQueryBuilder(Patient, 'patient')
    .leftJoinAndMapMany(
      'patient.items',
      SurveillanceItem,
      'item',
      `item.hospitalId = patient.hospitalId AND item.patientId = patient.id AND item.state <> 'cancelled'`,
    )
    .where('patient.hospitalId = :hospitalId AND patient.id = :patientId', {
      hospitalId: hospital.id,
      patientId,
    })
    .orderBy('item.due')
    .addOrderBy('item.activity')
    .addOrderBy('item.key')
    .getOne()) as (Patient & { items: SurveillanceItem[] }) | null;
  if (!found) throw notFound('patient', patientId);
  const { items, ...patient } = found;
  return { patient, items };
}
