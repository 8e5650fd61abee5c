import { Injectable } from '@nestjs/common';
import { v7 as uuid } from 'uuid';
import { notFound } from '../platform/domain-error.js';
import { firstPolicy } from '../tenancy/policy/first-policy.js';
import { HospitalScope, type HospitalTransaction } from '../tenancy/hospital-scope.js';
import { Hospital } from '../tenancy/hospital.entity.js';
import type { HospitalInput, HospitalPatch } from './hospital-schemas.js';
import { registerPerson, type SetUp } from '../accounts/people/people.service.js';
import { PolicyVersion } from '../tenancy/policy/policy-version.entity.js';
import { refuseTakenCode } from './taken-code.js';

/** The hospitals of this installation, as its operator manages them. The operator cannot see a hospital's data. */
@Injectable()
export class Hospitals {
  constructor(private readonly scope: HospitalScope) {}

  /** A hospital with its first administrator, and the code for choosing a password. */
  async create({ administrator, ...place }: HospitalInput): Promise<{ hospital: Hospital; setUp: SetUp }> {
    return this.scope.transaction(async (tx) => {
      const id = uuid();
      const policy = firstPolicy();
      return within(tx, id, async (inside) => {
        const { db, now } = inside;
        const row = { ...place, id, policy, createdAt: now };
        await refuseTakenCode(() => db.insert(Hospital, row));
        await db.insert(PolicyVersion, { hospitalId: id, version: 1, policy, createdAt: now });
        const person = { ...administrator, roles: ['hospital_admin' as const], departments: null };
        const setUp = await registerPerson(inside, { ...person, ownPatientsOnly: false });
        return { hospital: await db.findOneByOrFail(Hospital, { id }), setUp };
      });
    });
  }

  /** At most `limit`, those after `after`. */
  async list(limit: number, after: string | undefined): Promise<Hospital[]> {
    const ids = await this.scope.acrossHospitals((db) =>
      db.query<{ id: string }[]>(
        'SELECT id FROM hospital WHERE $1::uuid IS NULL OR id > $1 ORDER BY id LIMIT $2',
        [after ?? null, limit],
      ),
    );
    return this.scope.transaction(async (tx) => {
      const hospitals: Hospital[] = [];
      for (const { id } of ids)
        hospitals.push(await within(tx, id, ({ db }) => db.findOneByOrFail(Hospital, { id })));
      return hospitals;
    });
  }

  async change(id: string, patch: HospitalPatch): Promise<Hospital> {
    return this.scope.transaction((tx) =>
      within(tx, id, async ({ db }) => {
        if (!(await db.existsBy(Hospital, { id }))) throw notFound('hospital', id);
        if (Object.keys(patch).length > 0) await refuseTakenCode(() => db.update(Hospital, { id }, patch));
        return db.findOneByOrFail(Hospital, { id });
      }),
    );
  }
}

/**
 * Enters another hospital for a part of the same transaction. The operator's own hospital records the operator's
 * actions.
 */
async function within<T>(
  tx: HospitalTransaction,
  id: string,
  work: (inside: HospitalTransaction) => Promise<T>,
): Promise<T> {
  const enter = (hospitalId: string): Promise<unknown> =>
    tx.db.query(`SELECT set_config('nedwatch.hospital_id', $1, true)`, [hospitalId]);
  await enter(id);
  const done = await work({ ...tx, hospital: { ...tx.hospital, id } });
  await enter(tx.hospital.id);
  return done;
}
