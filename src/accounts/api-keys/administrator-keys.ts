import type { EntityManager } from 'typeorm';
import { v7 as uuid } from 'uuid';
import { recordAudit, stepCall } from '../../tenancy/audit-entry.js';
import { ApiKey } from '../api-key.entity.js';
import { programIn, type Role, ROLES } from '../../tenancy/caller.js';
import type { HospitalScope } from '../../tenancy/hospital-scope.js';
import { API_KEY_PREFIX } from './api-keys.service.js';
import { hashOfToken, newTokenOf } from '../../tenancy/tokens.js';

/** Adds the key to the hospital; an existing key stays unchanged, revoked or not. */
export async function addAdministratorKey(
  db: EntityManager,
  hospitalId: string,
  key: string,
  roles: readonly Role[] = ROLES,
): Promise<string> {
  const id = uuid();
  const [{ now }] = await db.query<[{ now: Date }]>('SELECT program_now() AS now');
  const secret = { keyHash: hashOfToken(key), lastFour: key.slice(-4) };
  const row = { id, hospitalId, name: 'administrator', roles: [...roles], ...secret, createdAt: now };
  await db.createQueryBuilder().insert().into(ApiKey).values(row).orIgnore().execute();
  return id;
}

/** A key that no caller created: by the first start, the configuration or the command line. */
const WITHOUT_CREATOR = 'hospital_id = $1 AND created_by IS NULL AND revoked_at IS NULL AND id <> $2';

/**
 * Creates an administrator's key from the command line, and revokes earlier ones of this kind on request. Audited in
 * the same transaction. The platform's operator belongs to the first hospital.
 */
export async function replaceAdministratorKey(
  scope: HospitalScope,
  hospitalId: string,
  { isFirst, revokeOthers }: { readonly isFirst: boolean; readonly revokeOthers: boolean },
): Promise<{ readonly key: string; readonly revoked: number }> {
  const roles = ROLES.filter((role) => isFirst || role !== 'platform_operator');
  const key = newTokenOf(hospitalId, API_KEY_PREFIX);
  const revoked = await scope.run(hospitalId, () =>
    scope.unaudited(async ({ db, now }) => {
      const id = await addAdministratorKey(db, hospitalId, key, roles);
      const others = revokeOthers
        ? await db.query<{ id: string }[]>(
            `WITH revoked AS (UPDATE api_key SET revoked_at = $3 WHERE ${WITHOUT_CREATOR} RETURNING id) SELECT id FROM revoked`,
            [hospitalId, id, now],
          )
        : [];
      const detail = { key: id, revoked: others.map((other) => other.id).join(' ') };
      const entry = { outcome: 'done', status: null, patients: [], detail } as const;
      await recordAudit(db, programIn(hospitalId), stepCall('keys new-admin'), entry);
      return others.length;
    }),
  );
  return { key, revoked };
}
