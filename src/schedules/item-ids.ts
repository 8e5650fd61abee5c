import { createHash } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';

/**
 * An item has its id before it has a row: a UUID of version 8, made of the patient's id and the item's key. The patient's
 * id is a UUID of version 7 by the package `uuid`: 48 bits of time, then a counter of 32 bits that differs between all
 * ids made in one millisecond, then 42 random bits. The item's id has the same time and counter, so that the patient
 * can be found by it, and 42 bits of a hash in the place of the random ones.
 */
const PATIENT_ID = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const ITEM_ID = /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** The hexadecimal digit that holds the last two bits of the counter and the first two of the rest. */
const SHARED_DIGIT = 21;

/** Whether ids of the patient's items can be derived. Of any other patient every item has a row. */
export const hasDerivedIds = (patientId: string): boolean => PATIENT_ID.test(patientId);

/**
 * The id of the patient's item with this key. `attempt` counts from 0 the ids that other items of the patient have
 * already. The result is stored and told to other systems: it never changes.
 */
export function itemIdOf(patientId: string, key: string, attempt = 0): string {
  if (!hasDerivedIds(patientId)) throw new Error(`No item ids can be derived from ${patientId}.`);
  const hash = createHash('sha256').update(`${patientId}\0${key}\0${attempt}`).digest('hex');
  return withRest(patientId, '8', hash.slice(0, 11));
}

/**
 * The first and the last patient id from which the item's id can be derived; null: it is no derived id. Seldom, more than
 * one patient lies between: only the patient's plan says which one has the item.
 */
export function patientIdsOf(itemId: string): { readonly first: string; readonly last: string } | null {
  const id = itemId.toLowerCase();
  if (!ITEM_ID.test(id)) return null;
  return { first: withRest(id, '7', '00000000000'), last: withRest(id, '7', 'fffffffffff') };
}

/** The id with this version and its last 42 bits taken from `rest`, 11 hexadecimal digits whose first two bits are left out. */
function withRest(id: string, version: '7' | '8', rest: string): string {
  const digits = id.replaceAll('-', '');
  const shared =
    (parseInt(digits[SHARED_DIGIT] ?? '', 16) & 0b1100) | ((parseInt(rest, 16) / 16 ** 10) & 0b0011);
  const made = `${digits.slice(0, 12)}${version}${digits.slice(13, SHARED_DIGIT)}${shared.toString(16)}${rest.slice(1)}`;
  return made.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** Gives ids to the items of one patient that have no row. `taken`: the ids of the rows. */
export class ItemIds {
  private readonly taken: Set<string>;

  constructor(
    private readonly patientId: string,
    taken: readonly { readonly id: string }[],
  ) {
    this.taken = new Set(taken.map(({ id }) => id));
  }

  /** The first id of this key that no item has, which it has from now on; a random one where none can be derived. */
  next(key: string): string {
    if (!hasDerivedIds(this.patientId)) return uuidv7();
    for (let attempt = 0; ; attempt++) {
      const id = itemIdOf(this.patientId, key, attempt);
      if (this.taken.has(id)) continue;
      this.taken.add(id);
      return id;
    }
  }
}
