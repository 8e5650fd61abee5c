import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { HospitalKeys, keyNumberOf } from './hospital-keys.js';
import { SecretBox } from './secret-box.js';

const INDEX_KEY = 0;
const REMEMBERED_MS = 60_000;
const HOSPITALS_REMEMBERED = 1000;

/** The keys that seal each hospital's fields. They are in the database, wrapped by the master key, which is not. */
@Injectable()
export class FieldCipher {
  private readonly remembered = new Map<string, { keys: HospitalKeys; until: number }>();
  /** Transactions that created a key: until their commit no other transaction may seal with it. */
  private readonly making = new WeakSet<EntityManager>();

  constructor(private readonly box: SecretBox) {}

  /** The keys of the transaction's hospital, including those of all `stored` values. */
  async keysOf(
    db: EntityManager,
    id: string,
    stored: readonly (string | null)[] = [],
  ): Promise<HospitalKeys> {
    const known = this.remembered.get(id);
    if (known && performance.now() < known.until && stored.every((value) => opensWith(known.keys, value)))
      return known.keys;
    let keys = await this.load(db, id);
    if (!keys) {
      await this.make(db, id, INDEX_KEY);
      await this.make(db, id, INDEX_KEY + 1);
      keys = await this.load(db, id);
    }
    if (!keys) throw new Error(`Hospital ${id} has no keys.`);
    if (this.making.has(db)) return keys;
    if (this.remembered.size >= HOSPITALS_REMEMBERED) this.remembered.clear();
    this.remembered.set(id, { keys, until: performance.now() + REMEMBERED_MS });
    return keys;
  }

  /**
   * Creates a new key for the transaction's hospital. Other transactions seal with it at the latest one minute after
   * the commit.
   */
  async rotate(db: EntityManager, hospitalId: string): Promise<number> {
    const { newest } = await this.keysOf(db, hospitalId);
    this.remembered.delete(hospitalId);
    await this.make(db, hospitalId, newest + 1);
    return newest + 1;
  }

  private async make(db: EntityManager, hospitalId: string, number: number): Promise<void> {
    this.making.add(db);
    const wrapped = this.box.seal(randomBytes(32), keyContext(hospitalId, number));
    await db.query(
      'INSERT INTO hospital_key (hospital_id, number, wrapped) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING',
      [hospitalId, number, wrapped],
    );
  }

  private async load(db: EntityManager, hospitalId: string): Promise<HospitalKeys | null> {
    const rows = await db.query<{ number: number; wrapped: Buffer }[]>(
      'SELECT number, wrapped FROM hospital_key WHERE hospital_id = $1',
      [hospitalId],
    );
    const keys = new Map(
      rows.map(({ number, wrapped }) => [number, this.box.open(wrapped, keyContext(hospitalId, number))]),
    );
    const index = keys.get(INDEX_KEY);
    keys.delete(INDEX_KEY);
    return index && keys.size > 0 ? new HospitalKeys(hospitalId, keys, index) : null;
  }
}

function opensWith(keys: HospitalKeys, stored: string | null): boolean {
  const number = stored === null ? null : keyNumberOf(stored);
  return number === null || keys.has(number);
}

/** The context of a wrapped key. */
export const keyContext = (hospitalId: string, number: number): string =>
  `hospital-key|${hospitalId}|${number}`;
