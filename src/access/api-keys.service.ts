import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DataSource, IsNull, MoreThan } from 'typeorm';
import { v7 as uuid } from 'uuid';
import { notFound } from '../domain-error.js';
import type { Language } from '../guideline/guideline.js';
import { isWithin } from './address-range.js';
import { ApiKey } from './api-key.entity.js';
import type { ApiKeyInput } from './api-key-schemas.js';
import type { Caller, Role } from './caller.js';
import { refuseBeyondOwn } from './giving-rights.js';
import { HospitalScope } from './hospital-scope.js';
import { newToken } from './sessions.service.js';

const DAY_MS = 86_400_000;

export const hashOfKey = (key: string): Buffer => createHash('sha256').update(key).digest();

interface KeyRow {
  readonly id: string;
  readonly hospitalId: string;
  readonly name: string;
  readonly roles: Role[];
  readonly scopes: string[] | null;
  readonly departments: string[] | null;
  readonly addresses: string[] | null;
  readonly language: Language;
}

@Injectable()
export class ApiKeys {
  constructor(
    private readonly dataSource: DataSource,
    private readonly scope: HospitalScope,
  ) {}

  /** Whoever comes with `key` from `address`; undefined for a key that is unknown, revoked, expired or not from there. */
  async callerOf(key: string, address: string): Promise<Caller | undefined> {
    const [found] = await this.dataSource.query<KeyRow[]>(
      `SELECT k.id, k.hospital_id AS "hospitalId", k.name, k.roles, k.scopes, k.departments, k.addresses, h.language
         FROM use_api_key($1) AS k CROSS JOIN LATERAL enter_hospital(k.hospital_id, '') AS h`,
      [hashOfKey(key)],
    );
    if (!found || (found.addresses && !isWithin(address, found.addresses))) return undefined;
    const { id, name, hospitalId, roles, scopes, departments, language } = found;
    const reach = { departments, ownOnly: false };
    return { kind: 'key', id, name, hospitalId, roles, scopes, reach, language };
  }

  /** Makes one; the key itself is answered here, and nowhere kept. */
  async create({ expiresInDays, ...input }: ApiKeyInput): Promise<{ row: ApiKey; key: string }> {
    return this.scope.transaction(async ({ db, caller, hospital, now }) => {
      refuseBeyondOwn(caller, input);
      const key = newToken('nw_');
      const id = uuid();
      await db.insert(ApiKey, {
        ...{ ...input, id, hospitalId: hospital.id, keyHash: hashOfKey(key), lastFour: key.slice(-4) },
        ...{ createdBy: caller.name, createdAt: now },
        expiresAt: new Date(now.getTime() + expiresInDays * DAY_MS),
      });
      return { row: await db.findOneByOrFail(ApiKey, { id, hospitalId: hospital.id }), key };
    });
  }

  /** In the order in which they were made, revoked ones included, `limit` at most, those after `after`. */
  async list(limit: number, after: string | undefined): Promise<ApiKey[]> {
    return this.scope.transaction(({ db, hospital }) =>
      db.find(ApiKey, {
        where: { hospitalId: hospital.id, ...(after !== undefined && { id: MoreThan(after) }) },
        order: { id: 'ASC' },
        take: limit,
      }),
    );
  }

  /** It is taken no more, from the next request on. Told twice, it changes nothing. */
  async revoke(id: string): Promise<void> {
    await this.scope.transaction(async ({ db, hospital, now }) => {
      const which = { id, hospitalId: hospital.id };
      if (!(await db.existsBy(ApiKey, which))) throw notFound('api-key', id);
      await db.update(ApiKey, { ...which, revokedAt: IsNull() }, { revokedAt: now });
    });
  }
}
