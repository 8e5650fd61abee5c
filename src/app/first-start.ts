import type { DataSource, EntityManager } from 'typeorm';
import { v7 as uuid } from 'uuid';
import { addAdministratorKey } from '../accounts/api-keys/administrator-keys.js';
import { API_KEY_PREFIX } from '../accounts/api-keys/api-keys.service.js';
import { newTokenOf } from '../tenancy/tokens.js';
import { HOSPITALS_FIRST_FIRST } from '../tenancy/first-hospital.js';
import { Hospital } from '../tenancy/hospital.entity.js';
import type { Config } from '../platform/config.js';
import { firstPolicy } from '../tenancy/policy/first-policy.js';
import { msg } from '../platform/messages/dictionary.js';
import { NotYet } from '../platform/start-wait.js';

// Any constant does. Of several processes that start at once, one creates the first hospital, and one its key.
const FIRST_START_LOCK = 6_331_949;

const oneAtATime = <T>(dataSource: DataSource, work: (db: EntityManager) => Promise<T>): Promise<T> =>
  dataSource.transaction(async (db) => {
    const [{ first }] = await db.query<[{ first: boolean }]>(
      `SELECT pg_try_advisory_xact_lock(${FIRST_START_LOCK}) AS first`,
    );
    if (!first) throw new NotYet(msg('wait-start'));
    return work(db);
  });

/** Ensures that a hospital exists. Throws `NotYet` while another process creates it. */
export async function firstStart(dataSource: DataSource): Promise<void> {
  await oneAtATime(dataSource, async (db) => {
    const [known] = await db.find(Hospital, { take: 1 });
    if (!known) {
      const [{ now }] = await db.query<[{ now: Date }]>('SELECT program_now() AS now');
      const place = {
        name: 'nedwatch',
        code: 'nedwatch',
        timeZone: 'Asia/Shanghai',
        language: 'zh' as const,
      };
      await db.insert(Hospital, { id: uuid(), ...place, policy: firstPolicy(), createdAt: now });
    }
    // At every start, because a hospital that an older version created meanwhile lacks it.
    await db.query(
      `INSERT INTO hospital_policy (hospital_id, version, policy, created_at)
       SELECT id, policy_version, policy, created_at FROM hospital ON CONFLICT DO NOTHING`,
    );
  });
}

/**
 * Ensures that the first hospital has a key. Returns a newly created key, because the database stores only its hash.
 * Call it when no later step can fail before the key is shown. A configured key is added whenever it is missing, and
 * returned when it is the very first one. Throws `NotYet` while another process creates it.
 */
export async function firstKey(
  dataSource: DataSource,
  config: Pick<Config, 'adminKey'>,
): Promise<string | undefined> {
  return oneAtATime(dataSource, async (db) => {
    const [hospital] = await db.query<{ id: string }[]>(`SELECT id FROM ${HOSPITALS_FIRST_FIRST} LIMIT 1`);
    if (!hospital) throw new Error('The database has no hospital yet.');
    const [{ entered }] = await db.query<[{ entered: boolean }]>(
      // The people of a demonstration have a public password, and no key was shown to them.
      `SELECT EXISTS (SELECT FROM api_key) OR EXISTS (SELECT FROM person p LEFT JOIN hospital_beginning b ON b.hospital_id = p.hospital_id WHERE b.demonstration_logins IS NULL) AS entered`,
    );
    const key = config.adminKey ?? (entered ? undefined : newTokenOf(hospital.id, API_KEY_PREFIX));
    if (key === undefined) return undefined;
    await addAdministratorKey(db, hospital.id, key);
    return entered ? undefined : key;
  });
}
