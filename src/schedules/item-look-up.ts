import { Between } from 'typeorm';
import type { HospitalTransaction } from '../tenancy/hospital-scope.js';
import { Patient } from '../patients/patient.entity.js';
import { patientIdsOf } from './item-ids.js';
import type { ItemRow } from './planned-row.js';
import { type StoredPlan, storedPlan } from './stored-plan.js';
import { SurveillanceItem } from './surveillance-item.entity.js';

/** An item of the hospital's plans. */
export interface FoundItem {
  readonly item: ItemRow;
  /** Whether it has a row; the others are computed. */
  readonly hasRow: boolean;
}

/** The item with this id, whether it has a row or not; null: no plan has it. One query for an item with a row. */
export async function findItem(tx: HospitalTransaction, itemId: string): Promise<FoundItem | null> {
  const row = await tx.db.findOneBy(SurveillanceItem, { id: itemId, hospitalId: tx.hospital.id });
  if (row) return { item: row, hasRow: true };
  const between = patientIdsOf(itemId);
  if (between === null) return null;
  const candidates = await tx.db.find(Patient, {
    select: { id: true },
    where: { hospitalId: tx.hospital.id, id: Between(between.first, between.last) },
  });
  for (const { id } of candidates) {
    const item = computedItem(await storedPlan(tx, id), itemId);
    if (item) return { item, hasRow: false };
  }
  return null;
}

/** The item of the plan that has this id and no row. */
export const computedItem = ({ computed }: StoredPlan, itemId: string): ItemRow | undefined =>
  [...computed].find(({ id }) => id === itemId.toLowerCase());
