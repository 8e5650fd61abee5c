import { randomBytes } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { v7 as uuid } from 'uuid';
import { ApiKey } from './access/api-key.entity.js';
import { hashOfKey } from './access/api-keys.service.js';
import { ROLES } from './access/caller.js';
import { Hospital } from './access/hospital.entity.js';
import type { Config } from './config.js';
import { firstPolicy } from './first-policy.js';

// Any constant does; of several processes that start at once, one makes the first hospital.
const FIRST_START_LOCK = 6_331_949;

/**
 * Sees to it that there is a hospital and a key to its data. Answers the administrator's key on the first
 * start only: the database keeps nothing but its hash. A key given later by the configuration is added.
 */
export async function firstStart(
  dataSource: DataSource,
  config: Pick<Config, 'adminKey'>,
): Promise<string | undefined> {
  return dataSource.transaction(async (db) => {
    await db.query(`SELECT pg_advisory_xact_lock(${FIRST_START_LOCK})`);
    const [known] = await db.find(Hospital, { order: { createdAt: 'ASC' }, take: 1 });
    const [{ now }] = await db.query<[{ now: Date }]>('SELECT program_now() AS now');
    const hospitalId = known?.id ?? uuid();
    if (!known) {
      const place = {
        name: 'nedwatch',
        code: 'nedwatch',
        timeZone: 'Asia/Shanghai',
        language: 'zh' as const,
      };
      await db.insert(Hospital, { id: hospitalId, ...place, policy: firstPolicy(), createdAt: now });
    }
    // At every start, because a hospital that an older program made meanwhile lacks it.
    await db.query(
      `INSERT INTO hospital_policy (hospital_id, version, policy, created_at)
       SELECT id, policy_version, policy, created_at FROM hospital ON CONFLICT DO NOTHING`,
    );
    const key = config.adminKey ?? (known ? undefined : `nw_${randomBytes(32).toString('base64url')}`);
    if (key === undefined) return undefined;
    const secret = { keyHash: hashOfKey(key), lastFour: key.slice(-4) };
    const row = {
      id: uuid(),
      hospitalId,
      name: 'administrator',
      roles: [...ROLES],
      ...secret,
      createdAt: now,
    };
    await db.createQueryBuilder().insert().into(ApiKey).values(row).orIgnore().execute();
    return known ? undefined : key;
  });
}
