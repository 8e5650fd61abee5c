import { Between } from 'typeorm';
import type { HospitalTransaction } from '../tenancy/hospital-scope.js';
import { Patient } from '../patients/patient.entity.js';
import { patientIdsOf } from './item-ids.js';
import type { ItemRow } from './planned-row.js';
import { type StoredPlan, storedPlan } from './stored-plan.js';
import { SurveillanceItem } from './surveillance-item.entity.js';

/** The item with this id, whether it has a row or not; null: no plan has it. One query for an item with a row. */
export async function findItem(tx: HospitalTransaction, itemId: string): Promise<ItemRow | null> {
  const row = await tx.db.findOneBy(SurveillanceItem, { id: itemId, hospitalId: tx.hospital.id });
  if (row) return row;
  for (const id of await patientsOf(tx, itemId)) {
    // The plan's rows are looked at again: somebody may have acted on the item since.
    const item = itemOf(await storedPlan(tx, id), itemId);
    if (item) return item;
  }
  return null;
}

/** The ids of the patients from whom the item's id can be derived: seldom more than one, whether the plan has the item or not. */
export async function patientsOf({ db, hospital }: HospitalTransaction, itemId: string): Promise<string[]> {
  const between = patientIdsOf(itemId);
  if (between === null) return [];
  const patients = await db.find(Patient, {
    select: { id: true },
    where: { hospitalId: hospital.id, id: Between(between.first, between.last) },
  });
  return patients.map(({ id }) => id);
}

/** The item of the plan that has this id. */
export const itemOf = ({ items }: StoredPlan, itemId: string): ItemRow | undefined =>
  items.find(({ id }) => id === itemId.toLowerCase());
