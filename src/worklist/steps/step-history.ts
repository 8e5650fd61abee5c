import { IsNull, LessThan, MoreThan } from 'typeorm';
import type { HospitalTransaction } from '../../tenancy/hospital-scope.js';
import { ItemStepRecord } from './item-step.entity.js';
import { noteOf } from './step-recording.js';

type Reading = Pick<HospitalTransaction, 'db' | 'hospital' | 'keys'>;

/** How many of the newest steps an answer about one item holds. */
export const STEPS_SHOWN = 50;

/** The steps of an item, the newest first, undone ones included, with their notes opened; after the number `before`. */
export async function stepsOf(
  tx: Reading,
  itemId: string,
  { limit, before }: { readonly limit: number; readonly before?: number },
): Promise<ItemStepRecord[]> {
  const found = await tx.db.find(ItemStepRecord, {
    where: {
      ...{ hospitalId: tx.hospital.id, itemId },
      ...(before !== undefined && { number: LessThan(before) }),
    },
    order: { number: 'DESC' },
    take: limit,
  });
  return openNotes(tx, found);
}

/** The steps about all items of a patient, the newest first; after the step with the id `before`. Ids ascend with time. */
export async function stepsOfPatient(
  tx: Reading,
  patientId: string,
  { limit, before }: { readonly limit: number; readonly before?: string | undefined },
): Promise<ItemStepRecord[]> {
  const found = await tx.db.find(ItemStepRecord, {
    where: {
      ...{ hospitalId: tx.hospital.id, patientId },
      ...(before !== undefined && { id: LessThan(before) }),
    },
    order: { id: 'DESC' },
    take: limit,
  });
  return openNotes(tx, found);
}

/** The newest step of each item that was not undone; one query. */
export async function lastSteps(
  tx: Reading,
  itemIds: readonly string[],
): Promise<Map<string, ItemStepRecord>> {
  const last = new Map<string, ItemStepRecord>();
  const rows = await tx.db
    .createQueryBuilder(ItemStepRecord, 's')
    .distinctOn(['s.itemId'])
    .where('s.hospitalId = :hospitalId AND s.itemId = ANY (:itemIds) AND s.undoneAt IS NULL', {
      hospitalId: tx.hospital.id,
      itemIds,
    })
    .orderBy('s.itemId')
    .addOrderBy('s.number', 'DESC')
    .getMany();
  for (const row of rows) last.set(row.itemId, row);
  return last;
}

/** The steps that were taken in the same call and not undone. */
export const stepsTakenTogether = (
  { db, hospital }: Reading,
  { patientId, groupId }: ItemStepRecord,
): Promise<ItemStepRecord[]> =>
  db.find(ItemStepRecord, {
    where: { hospitalId: hospital.id, patientId, groupId, undoneAt: IsNull() },
    order: { itemId: 'ASC' },
  });

/** What people have done about the item since its `steps` counted `number`: taken or undone, the newest first. */
export async function stepsSince(
  { db, hospital }: Reading,
  itemId: string,
  number: number,
): Promise<ItemStepRecord[]> {
  const own = { hospitalId: hospital.id, itemId };
  return db.find(ItemStepRecord, {
    where: [
      { ...own, number: MoreThan(number) },
      { ...own, undoneNumber: MoreThan(number) },
    ],
    order: { number: 'DESC' },
    take: STEPS_SHOWN,
  });
}

async function openNotes(tx: Reading, stored: readonly ItemStepRecord[]): Promise<ItemStepRecord[]> {
  if (stored.every(({ note }) => note === null)) return [...stored];
  const keys = await tx.keys(stored.map(({ note }) => note));
  return stored.map((record) => ({
    ...record,
    note: record.note === null ? null : keys.open(record.note, noteOf(record.id)),
  }));
}
