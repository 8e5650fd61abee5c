import type { EntityManager } from 'typeorm';
import type { AnchoredHead } from './audit-anchor.js';
import {
  AUDIT_COLUMNS,
  type AuditRow,
  digestOfRow,
  digestOfSeal,
  type Seal,
  SEAL_COLUMNS,
} from './audit-entry.js';

type StoredSeal = Seal & { readonly digest: Buffer };

/** What was found in one hospital's audit trail. */
export interface AuditFindings {
  readonly batches: number;
  readonly rows: number;
  /** Recorded, and not sealed yet. */
  readonly waiting: number;
  /** What is wrong, and where. */
  readonly faults: readonly string[];
}

const same = (a: Buffer | null, b: Buffer | null): boolean =>
  a === null || b === null ? a === b : a.equals(b);

/**
 * Follows a hospital's chain from its first seal to its last and compares every row with what was sealed, and every
 * seal with what was anchored outside the database. One batch at a time is in memory. `db` sees all hospitals.
 */
export async function verifyAudit(
  db: EntityManager,
  hospitalId: string,
  anchors: readonly (AnchoredHead & { readonly line: number })[],
): Promise<AuditFindings> {
  const faults: string[] = [];
  const anchored = anchors.filter((head) => head.hospitalId === hospitalId);
  const dropped = await droppedBefore(db, hospitalId);
  let last: StoredSeal | undefined;
  let rows = 0;
  for (;;) {
    const seal: StoredSeal | undefined = await nextSeal(db, hospitalId, last?.batch ?? 0);
    if (seal === undefined) break;
    const where = `batch ${seal.batch}`;
    if (seal.batch !== (last?.batch ?? 0) + 1)
      faults.push(`${where}: ${seal.batch - (last?.batch ?? 0) - 1} batches before it are missing`);
    else if (!same(seal.previous, last?.digest ?? null))
      faults.push(`${where}: it does not follow from the batch before it, which was written anew`);
    if (!digestOfSeal(seal).equals(seal.digest)) faults.push(`${where}: the seal itself was changed`);
    for (const { batch, digest, line } of anchored)
      if (batch === seal.batch && digest !== seal.digest.toString('hex'))
        faults.push(
          `${where}: differs from what line ${line} of the anchor file remembers: the chain was rewritten`,
        );
    faults.push(...(await compareRows(db, seal, dropped)));
    rows += seal.ids.length;
    last = seal;
  }
  for (const { batch, line } of anchored)
    if (batch > (last?.batch ?? 0))
      faults.push(
        `the trail ends with batch ${last?.batch ?? 0}, but line ${line} of the anchor file remembers batch ${batch}: its end was cut off`,
      );
  const { waiting, stray } = await unsealed(db, hospitalId);
  faults.push(...stray.map((id) => `row ${id}: never sealed, and not waiting to be: it was slipped in`));
  return { batches: last?.batch ?? 0, rows, waiting, faults };
}

async function nextSeal(
  db: EntityManager,
  hospitalId: string,
  after: number,
): Promise<StoredSeal | undefined> {
  const [seal] = await db.query<StoredSeal[]>(
    `SELECT ${SEAL_COLUMNS} FROM audit_seal WHERE hospital_id = $1 AND batch > $2 ORDER BY batch LIMIT 1`,
    [hospitalId, after],
  );
  return seal;
}

async function compareRows(db: EntityManager, seal: StoredSeal, dropped: string): Promise<string[]> {
  const stored = await db.query<AuditRow[]>(
    `SELECT ${AUDIT_COLUMNS} FROM audit_event e
      WHERE (recorded_at, id) IN (SELECT * FROM unnest($1::timestamptz[], $2::uuid[]))`,
    [seal.instants, seal.ids],
  );
  const byId = new Map(stored.map((row) => [row.id, row]));
  return seal.ids.flatMap((id, index) => {
    const at = seal.instants[index] ?? '';
    const row = byId.get(id);
    const where = `batch ${seal.batch}, row ${id} of ${at}`;
    if (row === undefined) return at < dropped ? [] : [`${where}: removed`];
    const sealed = seal.digests[index];
    return sealed !== undefined && digestOfRow(row).equals(sealed) ? [] : [`${where}: changed`];
  });
}

/** Before this instant rows may be missing: the trail itself, sealed, says that they were past keeping. */
async function droppedBefore(db: EntityManager, hospitalId: string): Promise<string> {
  const [row] = await db.query<{ before: string | null }[]>(
    `SELECT to_char(max((detail ->> 'before')::timestamptz) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS before
       FROM audit_event e WHERE hospital_id = $1 AND call = 'retention' AND caller_kind = 'program'
        AND EXISTS (SELECT FROM audit_seal s WHERE s.hospital_id = $1 AND e.id = ANY (s.ids))`,
    [hospitalId],
  );
  return row?.before ?? '';
}

async function unsealed(
  db: EntityManager,
  hospitalId: string,
): Promise<{ waiting: number; stray: string[] }> {
  const [{ waiting }] = await db.query<[{ waiting: number }]>(
    'SELECT count(*) AS waiting FROM audit_unsealed WHERE hospital_id = $1',
    [hospitalId],
  );
  const stray = await db.query<{ id: string }[]>(
    `SELECT e.id FROM audit_event e
       LEFT JOIN (SELECT unnest(ids) AS id FROM audit_seal WHERE hospital_id = $1) s USING (id)
       LEFT JOIN audit_unsealed u ON u.hospital_id = e.hospital_id AND u.recorded_at = e.recorded_at AND u.id = e.id
      WHERE e.hospital_id = $1 AND s.id IS NULL AND u.id IS NULL ORDER BY e.recorded_at LIMIT 100`,
    [hospitalId],
  );
  return { waiting, stray: stray.map(({ id }) => id) };
}
