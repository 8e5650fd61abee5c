import {
  AUDIT_COLUMNS,
  type AuditRow,
  digestOfRow,
  digestOfSeal,
  type Seal,
  SEAL_COLUMNS,
} from '../tenancy/audit-entry.js';
import type { HospitalTransaction } from '../tenancy/hospital-scope.js';

/** What the audit trail says of a stored document. */
export interface SealCheck {
  /** The audit entry of its creation; null: there is none with this digest, or the trail of that month was dropped. */
  readonly auditEventId: string | null;
  /** The batch that seals the entry; null: it is not sealed yet, or there is no entry. */
  readonly batch: number | null;
  /** Whether entry, seal and the seal before it agree; null: there is no seal to compare. */
  readonly sealIntact: boolean | null;
}

export interface SealedDocument {
  readonly id: string;
  readonly digest: string;
  readonly from: Date;
}

/** Between the creation's instant and its audit entry lies one transaction; between entry and seal, a stopped worker. */
const ENTRY_WITHIN = '10 minutes';
const SEALS_READ = 2000;

/**
 * Finds the audit entry of the document and its seal, and compares them. The whole chain, and its anchors outside the
 * database, are checked by `bin/nedwatch audit verify`.
 */
export async function sealOf(
  { db, hospital }: Pick<HospitalTransaction, 'db' | 'hospital'>,
  { id, digest, from }: SealedDocument,
): Promise<SealCheck> {
  const [entry] = await db.query<AuditRow[]>(
    `SELECT ${AUDIT_COLUMNS} FROM audit_event
      WHERE hospital_id = $1 AND recorded_at >= $2 AND recorded_at < $2::timestamptz + interval '${ENTRY_WITHIN}'
        AND detail @> jsonb_build_object('report', $3::text, 'digest', $4::text) LIMIT 1`,
    [hospital.id, from, id, digest],
  );
  if (!entry) return { auditEventId: null, batch: null, sealIntact: null };
  const [seal] = await db.query<(Seal & { digest: Buffer; before: Buffer | null })[]>(
    `SELECT ${SEAL_COLUMNS}, (SELECT b.digest FROM audit_seal b WHERE b.hospital_id = $1 AND b.batch = s.batch - 1) AS before
       FROM (SELECT * FROM audit_seal WHERE hospital_id = $1 AND sealed_at >= $2 ORDER BY batch LIMIT ${SEALS_READ}) AS s
      WHERE $3 = ANY (s.ids) LIMIT 1`,
    [hospital.id, from, entry.id],
  );
  if (!seal) return { auditEventId: entry.id, batch: null, sealIntact: null };
  const sealed = seal.digests[seal.ids.indexOf(entry.id)];
  return {
    ...{ auditEventId: entry.id, batch: seal.batch },
    sealIntact:
      sealed?.equals(digestOfRow(entry)) === true &&
      digestOfSeal(seal).equals(seal.digest) &&
      (seal.previous === null ? seal.before === null : seal.before?.equals(seal.previous) === true),
  };
}
