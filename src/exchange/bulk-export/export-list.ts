import type { HospitalTransaction } from '../../tenancy/hospital-scope.js';
import { type BulkExport, EXPORT_COLUMNS, KEPT_HOURS, MOST_KEPT } from './bulk-export.js';

/** An export of the hospital as a list shows it. */
export interface ListedExport extends Omit<BulkExport, 'doneUntil' | 'failures' | 'request'> {
  /** The caller began it, and may fetch its files. */
  readonly isOwn: boolean;
  /** Its content was deleted, because a patient was erased since. */
  readonly isOutdated: boolean;
  /** Until when its files can be fetched; null while it runs. */
  readonly keptUntil: Date | null;
  /** Of the caller's own finished export. */
  readonly files: readonly { readonly type: string; readonly resources: number }[];
}

/** Those that are kept, and the one that runs. */
export const MOST_LISTED = MOST_KEPT + 1;

interface StoredFile {
  readonly exportId: string;
  readonly type: string;
  readonly resources: number;
  readonly erased: boolean;
}

/** The exports of the hospital, the newest first. */
export async function listExports({
  db,
  hospital,
  caller,
}: HospitalTransaction): Promise<readonly ListedExport[]> {
  const found = await db.query<(BulkExport & { callerId: string })[]>(
    `SELECT ${EXPORT_COLUMNS}, caller_id AS "callerId" FROM bulk_export WHERE hospital_id = $1 ORDER BY id DESC LIMIT $2`,
    [hospital.id, MOST_LISTED],
  );
  const files = await db.query<StoredFile[]>(
    `SELECT export_id AS "exportId", type, sum(resources)::integer AS resources, bool_or(content IS NULL) AS erased
       FROM bulk_export_part WHERE hospital_id = $1 AND export_id = ANY ($2) GROUP BY export_id, type ORDER BY type`,
    [hospital.id, found.filter(({ state }) => state === 'finished').map(({ id }) => id)],
  );
  return found.map(({ callerId, ...one }) => {
    const its = files.filter(({ exportId }) => exportId === one.id);
    const isOwn = callerId === caller.id;
    const isOutdated = its.some(({ erased }) => erased);
    return {
      ...one,
      ...{ isOwn, isOutdated },
      keptUntil: one.endedAt && new Date(one.endedAt.getTime() + KEPT_HOURS * 3_600_000),
      files: isOwn && !isOutdated ? its.map(({ type, resources }) => ({ type, resources })) : [],
    };
  });
}
