import { Between } from 'typeorm';
import type { HospitalTransaction } from '../tenancy/hospital-scope.js';
import { Patient } from '../patients/patient.entity.js';
import { patientIdsOf } from './item-ids.js';
import type { ItemRow } from './planned-row.js';
import { type StoredPlan, storedPlan } from './stored-plan.js';
import { SurveillanceItem } from './surveillance-item.entity.js';

/** The item with this id, with or without a row; null if no plan has it. One query if it has a row. */
export async function findItem(tx: HospitalTransaction, itemId: string): Promise<ItemRow | null> {
  const row = await tx.db.findOneBy(SurveillanceItem, { id: itemId, hospitalId: tx.hospital.id });
  if (row) return row;
  for (const id of await patientsOf(tx, itemId)) {
    // This reads the rows again, because another request may have inserted the item's row meanwhile.
    const item = itemOf(await storedPlan(tx, id), itemId);
    if (item) return item;
  }
  return null;
}

/**
 * The ids of the patients from which the item's id can be derived, whether their plan has it or not. Rarely several.
 */
export async function patientsOf({ db, hospital }: HospitalTransaction, itemId: string): Promise<string[]> {
  const between = patientIdsOf(itemId);
  if (between === null) return [];
  const patients = await db.find(Patient, {
    select: { id: true },
    where: { hospitalId: hospital.id, id: Between(between.first, between.last) },
  });
  return patients.map(({ id }) => id);
}

/** The item of the plan with this id. */
export const itemOf = ({ items }: StoredPlan, itemId: string): ItemRow | undefined =>
  items.find(({ id }) => id === itemId.toLowerCase());
