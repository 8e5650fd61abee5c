import { createHash } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';

/**
 * An item has an id before it has a row. The id is a UUID of version 8, derived from the patient's id and the item's
 * key.
 *
 * The patient's id is a UUID of version 7 by the package `uuid`: 48 bits of time, a counter of 32 bits that differs
 * between all ids of one millisecond, and 42 random bits. The item's id has the same time and counter, so the patient
 * is found by it. A hash replaces the 42 random bits.
 */
const PATIENT_ID = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const ITEM_ID = /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** The index of the hexadecimal digit that holds the last two bits of the counter and the first two random bits. */
const SHARED_DIGIT = 21;

/** Whether item ids can be derived from the patient's id. Otherwise every item of the patient has a row. */
export const hasDerivedIds = (patientId: string): boolean => PATIENT_ID.test(patientId);

/**
 * The id of the patient's item with this key. `attempt` is 0, and one more for each id that another item of the
 * patient already has. Ids are stored and sent to other systems, so the result for the same arguments must never
 * change.
 */
export function itemIdOf(patientId: string, key: string, attempt = 0): string {
  if (!hasDerivedIds(patientId)) throw new Error(`No item ids can be derived from ${patientId}.`);
  const hash = createHash('sha256').update(`${patientId}\0${key}\0${attempt}`).digest('hex');
  return withRest(patientId, '8', hash.slice(0, 11));
}

/**
 * The first and the last patient id from which the item's id can be derived; null if the id is not derived. In rare
 * cases several patients are in this range: only a patient's plan shows whether it contains the item.
 */
export function patientIdsOf(itemId: string): { readonly first: string; readonly last: string } | null {
  const id = itemId.toLowerCase();
  if (!ITEM_ID.test(id)) return null;
  return { first: withRest(id, '7', '00000000000'), last: withRest(id, '7', 'fffffffffff') };
}

/**
 * The id with this version and with its last 42 bits replaced by those of `rest`: 11 hexadecimal digits, of whose 44
 * bits the first two are ignored.
 */
function withRest(id: string, version: '7' | '8', rest: string): string {
  const digits = id.replaceAll('-', '');
  const shared =
    (parseInt(digits[SHARED_DIGIT] ?? '', 16) & 0b1100) | ((parseInt(rest, 16) / 16 ** 10) & 0b0011);
  const made = `${digits.slice(0, 12)}${version}${digits.slice(13, SHARED_DIGIT)}${shared.toString(16)}${rest.slice(1)}`;
  return made.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** Derives ids for the items of one patient that have no row. `taken` are the rows, whose ids are not used again. */
export class ItemIds {
  private readonly taken: Set<string>;

  constructor(
    private readonly patientId: string,
    taken: readonly { readonly id: string }[],
  ) {
    this.taken = new Set(taken.map(({ id }) => id));
  }

  /** Returns the first free id for this key and marks it as taken. Returns a random id where none can be derived. */
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
