import type { KeyObject } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import { isSigned } from './audit-key.js';

/** Records after this instant must be kept: the law requires six months. */
export const KEPT_AT_LEAST_DAYS = 184;

/**
 * The signed content when months are dropped: the hospital's trail no longer contains records before this instant.
 */
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
 * Rows before this instant may be missing, because the trail contains a sealed statement about it. The statement is
 * signed with a key outside the database, so that write access to the database alone cannot forge it. Empty: no rows
 * may be missing.
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
