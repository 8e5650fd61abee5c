import { DomainError, notFound } from '../../platform/domain-error.js';
import { msg } from '../../platform/messages/dictionary.js';
import type { Caller } from '../../tenancy/caller.js';
import type { HospitalTransaction } from '../../tenancy/hospital-scope.js';

/** How long a finished export can be fetched. */
export const KEPT_HOURS = 24;
/** Finished exports of one hospital that wait to be fetched. */
export const MOST_KEPT = 5;

/** As whom an export reads, and for which purpose; fixed when it begins. */
export interface ExportReader {
  readonly caller: Caller;
  readonly purpose: string;
}

/** An export of the hospital's resources, as it is stored. */
export interface BulkExport {
  readonly id: string;
  readonly reader: ExportReader;
  readonly request: string;
  readonly types: readonly string[];
  /** Only resources that changed after this instant; null: all. */
  readonly since: Date | null;
  readonly startedAt: Date;
  readonly state: 'running' | 'finished' | 'failed';
  /** Patients. */
  readonly total: number;
  readonly done: number;
  /** The last patient that was read. */
  readonly doneUntil: string | null;
  readonly failures: number;
  readonly endedAt: Date | null;
}

export const EXPORT_COLUMNS = `id, caller AS reader, request, types, since, started_at AS "startedAt", state, total, done,
  done_until AS "doneUntil", failures, ended_at AS "endedAt"`;

/** An export of the caller. That of another one is not found: it may contain what this caller must not see. */
export async function ownExport(
  { db, hospital, caller }: HospitalTransaction,
  id: string,
): Promise<BulkExport> {
  const [found] = await db.query<BulkExport[]>(
    `SELECT ${EXPORT_COLUMNS} FROM bulk_export WHERE hospital_id = $1 AND id = $2 AND caller_id = $3`,
    [hospital.id, id, caller.id],
  );
  if (!found) throw notFound('bulk-export', id);
  return found;
}

/** One file of a finished export: all resources of a type, in parts that were sealed one by one. */
export interface ExportFile {
  readonly type: string;
  readonly resources: number;
  /** In their order. */
  readonly parts: readonly string[];
}

/** The files of the export. Refuses (409) one whose content was deleted, because a patient was erased since. */
export async function filesOf(
  { db, hospital }: HospitalTransaction,
  exportId: string,
): Promise<ExportFile[]> {
  const files = await db.query<(ExportFile & { erased: boolean })[]>(
    `SELECT type, sum(resources)::integer AS resources, array_agg(id ORDER BY part) AS parts, bool_or(content IS NULL) AS erased
       FROM bulk_export_part WHERE hospital_id = $1 AND export_id = $2 GROUP BY type ORDER BY type`,
    [hospital.id, exportId],
  );
  if (files.some(({ erased }) => erased))
    throw new DomainError('conflict', 'bulk-export-outdated', msg('bulk-export-outdated'));
  return files;
}

export const partContext = (id: string) => ({ table: 'bulk_export_part', column: 'content', row: id });
