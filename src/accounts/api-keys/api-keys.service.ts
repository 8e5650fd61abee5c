import { Inject, Injectable } from '@nestjs/common';
import { DataSource, IsNull, MoreThan } from 'typeorm';
import { v7 as uuid } from 'uuid';
import { CONFIG, type Config } from '../../platform/config.js';
import { invalid, notFound } from '../../platform/domain-error.js';
import { msg } from '../../platform/messages/dictionary.js';
import { isAllowedSource } from '../allowed-source.js';
import type { Language } from '../../guideline/guideline.js';
import { isWithin } from '../../platform/outbound/address-range.js';
import { ApiKey } from '../api-key.entity.js';
import type { ApiKeyInput, ClientInput } from './api-key-schemas.js';
import type { Caller, Role } from '../../tenancy/caller.js';
import { refuseAccountBeyondOwn, refuseBeyondOwn } from '../giving-rights.js';
import { BOUNDED_LOOK_UP } from '../../tenancy/request-bounds.js';
import { HospitalScope } from '../../tenancy/hospital-scope.js';
import { limitGrantsOf } from '../limits-passed-on.js';
import { hashOfToken, newTokenOf } from '../../tenancy/tokens.js';

/** People and secret scanners recognize keys by it. */
export const API_KEY_PREFIX = 'nw_';

const DAY_MS = 86_400_000;
const USUAL_DAYS = 90;

interface KeyRow {
  readonly id: string;
  readonly hospitalId: string;
  readonly name: string;
  readonly roles: Role[];
  readonly scopes: string[] | null;
  readonly departments: string[] | null;
  readonly addresses: string[] | null;
  readonly expiresAt: Date | null;
  readonly language: Language;
}

@Injectable()
export class ApiKeys {
  constructor(
    @Inject(CONFIG) private readonly config: Pick<Config, 'webhookLoopback'>,
    private readonly dataSource: DataSource,
    private readonly scope: HospitalScope,
  ) {}

  /**
   * The caller with `key` at `address`; undefined for a key that is unknown, revoked, expired or not accepted from
   * there.
   */
  async callerOf(key: string, address: string): Promise<Caller | undefined> {
    const [found] = await this.dataSource.query<KeyRow[]>(
      `SELECT k.id, k.hospital_id AS "hospitalId", k.name, k.roles, k.scopes, k.departments, k.addresses,
              k.expires_at AS "expiresAt", h.language
         FROM use_api_key(CASE WHEN ${BOUNDED_LOOK_UP} THEN $1::bytea END) AS k CROSS JOIN LATERAL hospital_entered(k.hospital_id, '') AS h`,
      [hashOfToken(key)],
    );
    if (!found || (found.addresses && !isWithin(address, found.addresses))) return undefined;
    const { departments, ...caller } = found;
    return { kind: 'key', ...caller, patientScope: { departments, ownOnly: false } };
  }

  /** Creates a key. Its secret is returned here and never stored. */
  async create(input: ApiKeyInput): Promise<{ row: ApiKey; key: string }> {
    const key = newTokenOf(this.scope.hospitalId, API_KEY_PREFIX);
    return { row: await this.stored(input, { keyHash: hashOfToken(key), lastFour: key.slice(-4) }), key };
  }

  /** Registers a machine that signs in by its own private key. Refuses (422) an address of keys without TLS. */
  async register({ keySet, ...input }: ClientInput): Promise<ApiKey> {
    if (keySet.url !== undefined && !isAllowedSource(keySet.url, this.config.webhookLoopback)) {
      const message = msg('key-set-https');
      throw invalid('key-set-https', message, [{ pointer: '/keySet/url', code: 'key-set-https', message }]);
    }
    return this.stored(input, { keySet });
  }

  private async stored(
    { expiresInDays, ...input }: ApiKeyInput,
    credential: Partial<Pick<ApiKey, 'keyHash' | 'lastFour' | 'keySet'>>,
  ): Promise<ApiKey> {
    return this.scope.transaction(async ({ db, caller, hospital, now }) => {
      const expiresAt = endOf(caller, expiresInDays, now);
      refuseBeyondOwn(caller, { ...input, expiresAt });
      const id = uuid();
      await db.insert(ApiKey, {
        ...{ ...input, ...credential, id, hospitalId: hospital.id },
        ...{ createdBy: caller.name, grantedBy: caller.id, createdAt: now, expiresAt },
      });
      return db.findOneByOrFail(ApiKey, { id, hospitalId: hospital.id });
    });
  }

  /** In the order of creation, including revoked ones, at most `limit`, those after `after`. */
  async list(limit: number, after: string | undefined): Promise<ApiKey[]> {
    return this.scope.transaction(({ db, hospital }) =>
      db.find(ApiKey, {
        where: { hospitalId: hospital.id, ...(after !== undefined && { id: MoreThan(after) }) },
        order: { id: 'ASC' },
        take: limit,
      }),
    );
  }

  /**
   * Refuses the key from the next request on, and the keys that it created. The keys created by an administrator
   * secret stay, so that the secret can be replaced without the machines' keys. Idempotent.
   */
  async revoke(id: string): Promise<void> {
    await this.scope.transaction(async (tx) => {
      const { db, hospital, caller, now } = tx;
      const which = { id, hospitalId: hospital.id };
      const key = await db.findOne(ApiKey, { where: which, lock: { mode: 'pessimistic_write' } });
      if (!key) throw notFound('api-key', id);
      refuseAccountBeyondOwn(caller, key);
      await db.update(ApiKey, { ...which, revokedAt: IsNull() }, { revokedAt: now });
      if (key.createdBy !== null) await limitGrantsOf(tx, id, null);
    });
  }
}

/** The expiry of a new key: after the given number of days; without one, with the caller if that is sooner. */
function endOf({ expiresAt: own }: Caller, days: number | undefined, now: Date): Date {
  const end = new Date(now.getTime() + (days ?? USUAL_DAYS) * DAY_MS);
  return days === undefined && own !== null && own < end ? own : end;
}
