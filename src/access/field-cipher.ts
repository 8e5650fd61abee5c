import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { HospitalKeys, keyNumberOf } from './hospital-keys.js';
import { HospitalScope, type HospitalTransaction } from './hospital-scope.js';
import { SecretBox } from './secret-box.js';

const INDEX_KEY = 0;
const REMEMBERED_MS = 60_000;
const HOSPITALS_REMEMBERED = 1000;

type Within = Pick<HospitalTransaction, 'db' | 'hospital'>;

/** The program cannot read what the database holds sealed. */
export class WrongMasterKey extends Error {}

const WHAT_HELPS =
  'nedwatch does not start, because the master key is not the one with which names and secrets in this database are sealed. ' +
  'Set NEDWATCH_MASTER_KEY to that key, or put the file keys/secrets.key back under NEDWATCH_DATA from where its copy is kept.';

/** The keys with which each hospital's fields are sealed. They lie in the database, wrapped by the master key, which does not. */
@Injectable()
export class FieldCipher {
  private readonly remembered = new Map<string, { keys: HospitalKeys; until: number }>();
  /** Transactions that made a key: until they are committed nobody else may seal with it. */
  private readonly making = new WeakSet<EntityManager>();

  constructor(
    private readonly box: SecretBox,
    private readonly scope: HospitalScope,
  ) {}

  /** Throws `WrongMasterKey` when the keys in the database were not wrapped with this program's master key. */
  async refuseWrongMasterKey(): Promise<void> {
    const hospitals = await this.scope.acrossHospitals((db) =>
      db.query<{ id: string }[]>('SELECT DISTINCT hospital_id AS id FROM hospital_key'),
    );
    for (const { id } of hospitals) {
      try {
        if (!this.box.hasKey) throw new Error('There is none.');
        await this.scope.run(id, () => this.scope.unaudited(({ db }) => this.load(db, id)));
      } catch (error) {
        throw new WrongMasterKey(WHAT_HELPS, { cause: error });
      }
    }
  }

  /** The keys of the hospital in the transaction, those of all `stored` values among them. */
  async keysOf(
    { db, hospital: { id } }: Within,
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

  /** Gives the hospital in the transaction a new key. Others seal with it a minute after the commit at the latest. */
  async rotate(within: Within): Promise<number> {
    const { newest } = await this.keysOf(within);
    this.remembered.delete(within.hospital.id);
    await this.make(within.db, within.hospital.id, newest + 1);
    return newest + 1;
  }

  private async make(db: EntityManager, hospitalId: string, number: number): Promise<void> {
    this.making.add(db);
    const wrapped = this.box.seal(randomBytes(32), contextOf(hospitalId, number));
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
      rows.map(({ number, wrapped }) => [number, this.box.open(wrapped, contextOf(hospitalId, number))]),
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

const contextOf = (hospitalId: string, number: number): string => `hospital-key|${hospitalId}|${number}`;
