import type { KeyObject } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import { isSigned } from './audit-key.js';

/** Before this instant nobody may drop what was audited: the law asks for six months. */
export const KEPT_AT_LEAST_DAYS = 184;

/** What is signed when months are dropped: the hospital's trail no longer shows what lies before this instant. */
export interface Retention {
  readonly hospitalId: string;
  /** RFC 3339 in UTC, to the microsecond. */
  readonly before: string;
}

/** As `audit_event.call`. */
export const RETENTION = 'retention';

interface RetentionRow {
  readonly id: string;
  readonly before: unknown;
  readonly signature: unknown;
  readonly tooYoung: boolean;
}

/**
 * Before this instant rows may be missing: the trail says so, sealed, and signed with a key that is not in the database.
 * Whoever can write the database alone can thus not say it. Empty: nothing may be missing.
 */
export async function droppedBefore(
  db: EntityManager,
  hospitalId: string,
  key: KeyObject | undefined,
): Promise<string> {
  const rows = await db.query<RetentionRow[]>(
    `SELECT id, detail ->> 'before' AS before, detail ->> 'signature' AS signature,
            (detail ->> 'before')::timestamptz > recorded_at - make_interval(days => $3) AS "tooYoung"
       FROM audit_event e WHERE hospital_id = $1 AND call = $2
        AND EXISTS (SELECT FROM audit_seal s WHERE s.hospital_id = $1 AND e.id = ANY (s.ids))
      ORDER BY recorded_at`,
    [hospitalId, RETENTION, KEPT_AT_LEAST_DAYS],
  );
  return rows
    .filter(
      ({ tooYoung, before, signature }) => !tooYoung && isSigned(key, { hospitalId, before }, signature),
    )
    .map(({ before }) => before as string)
    .reduce((latest, before) => (before > latest ? before : latest), '');
}
