import type { EntityManager } from 'typeorm';

export interface AdministratorKeyInUse {
  readonly id: string;
  readonly lastFour: string | null;
  readonly lastUsedAt: Date | null;
}

/**
 * The hospital's keys that no caller created, and that are still accepted although the hospital has an administrator.
 */
export const administratorKeysInUse = (
  db: EntityManager,
  hospitalId: string,
): Promise<AdministratorKeyInUse[]> =>
  db.query<AdministratorKeyInUse[]>(
    `SELECT id, last_four AS "lastFour", last_used_at AS "lastUsedAt" FROM api_key
      WHERE hospital_id = $1 AND created_by IS NULL AND revoked_at IS NULL
        AND (expires_at IS NULL OR expires_at > program_now())
        AND EXISTS (SELECT FROM person WHERE hospital_id = $1 AND state = 'active' AND roles @> '{hospital_admin}')
      ORDER BY created_at, id`,
    [hospitalId],
  );
