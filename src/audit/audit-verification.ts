import type { EntityManager } from 'typeorm';
import type { Message } from '../guideline/message.js';
import type { Anchored, AnchorRecord } from './anchor-reader.js';
import {
  auditRows,
  type AuditRow,
  digestOfRow,
  digestOfSeal,
  type Seal,
  SEAL_COLUMNS,
} from '../tenancy/audit-entry.js';
import { droppedBefore } from './audit-retention.js';
import { msg } from '../platform/messages/dictionary.js';

type StoredSeal = Seal & { readonly digest: Buffer };

/** The result for one hospital's audit trail. */
export interface AuditFindings {
  readonly batches: number;
  readonly rows: number;
  /** Recorded, but not sealed yet. */
  readonly waiting: number;
  /** The problems and their locations; the first thousand. */
  readonly faults: readonly Message[];
}

const BATCHES_AT_ONCE = 200;
const ROWS_AT_ONCE = 5000;
const FAULTS_NAMED = 1000;
const FIRST_POSSIBLE = -2_147_483_648;

/**
 * Follows a hospital's chain from its first seal to its last. Compares every row with the seal, and every seal with
 * the anchor outside the database. Keeps a few thousand rows in memory at a time. `db` sees all hospitals.
 */
export async function verifyAudit(
  db: EntityManager,
  hospitalId: string,
  anchors: Pick<AnchorRecord, 'heads' | 'key'>,
): Promise<AuditFindings> {
  const verification = new Verification(db, hospitalId, anchors);
  return verification.run();
}

/**
 * The batch after which the trail differs from the anchored one, as after the restore of a backup; undefined when it
 * does not differ.
 */
export async function forkOf(
  db: EntityManager,
  hospitalId: string,
  { heads, contradicted }: Pick<AnchorRecord, 'heads' | 'contradicted'>,
): Promise<number | undefined> {
  const anchored = heads.get(hospitalId) ?? new Map<number, Anchored>();
  const stored = await db.query<{ batch: number; digest: string }[]>(
    `SELECT batch, encode(digest, 'hex') AS digest FROM audit_seal WHERE hospital_id = $1 AND batch = ANY ($2)`,
    [hospitalId, [...anchored.keys()]],
  );
  const found = new Map(stored.map(({ batch, digest }) => [batch, digest]));
  const others = [...anchored].filter(([batch, { digest }]) => found.get(batch) !== digest);
  const first = Math.min(contradicted.get(hospitalId) ?? Infinity, ...others.map(([batch]) => batch));
  return first === Infinity
    ? undefined
    : Math.max(0, ...[...anchored.keys()].filter((batch) => batch < first));
}

class Verification {
  private readonly faults: Message[] = [];
  private unnamed = 0;
  private rows = 0;
  private last: StoredSeal | undefined;
  private dropped: string | undefined;
  private readonly anchored: ReadonlyMap<number, Anchored>;

  constructor(
    private readonly db: EntityManager,
    private readonly hospitalId: string,
    private readonly anchors: Pick<AnchorRecord, 'heads' | 'key'>,
  ) {
    this.anchored = anchors.heads.get(hospitalId) ?? new Map<number, Anchored>();
  }

  async run(): Promise<AuditFindings> {
    for (;;) {
      const seals = await this.nextSeals();
      if (seals.length === 0) break;
      const stored = await this.rowsOf(seals);
      this.dropped = undefined;
      for (const seal of seals) {
        this.follow(seal);
        await this.compareRows(seal, stored);
        this.last = seal;
      }
    }
    this.compareEnd();
    const waiting = await this.unsealed();
    if (this.unnamed > 0) this.faults.push(msg('and-more', { count: this.unnamed }));
    return { batches: this.last?.batch ?? 0, rows: this.rows, waiting, faults: this.faults };
  }

  private say(fault: Message): void {
    if (this.faults.length < FAULTS_NAMED) this.faults.push(fault);
    else this.unnamed++;
  }

  /** As many seals as cover some thousand rows, at least one. */
  private nextSeals(): Promise<StoredSeal[]> {
    return this.db.query<StoredSeal[]>(
      `SELECT ${SEAL_COLUMNS} FROM audit_seal WHERE hospital_id = $1 AND batch IN (
         SELECT batch FROM (
           SELECT batch, sum(cardinality(digests)) OVER (ORDER BY batch) - cardinality(digests) AS before FROM (
             SELECT batch, digests FROM audit_seal WHERE hospital_id = $1 AND batch > $2 ORDER BY batch LIMIT ${BATCHES_AT_ONCE}
           ) AS next) AS counted WHERE before < ${ROWS_AT_ONCE})
        ORDER BY batch`,
      [this.hospitalId, this.last?.batch ?? FIRST_POSSIBLE],
    );
  }

  private async rowsOf(seals: readonly StoredSeal[]): Promise<Map<string, AuditRow>> {
    const stored = await auditRows(
      this.db,
      seals.flatMap(({ instants }) => instants),
      seals.flatMap(({ ids }) => ids),
    );
    return new Map(stored.map((row) => [keyOf(row.id, row.recordedAt), row]));
  }

  private follow(seal: StoredSeal): void {
    const { batch } = seal;
    const due = (this.last?.batch ?? 0) + 1;
    if (seal.batch < due) this.say(msg('batch-slipped-in', { batch }));
    else if (seal.batch > due) this.say(msg('batches-missing', { batch, count: batch - due }));
    else if (!same(seal.previous, this.last?.digest ?? null))
      this.say(msg('batch-does-not-follow', { batch }));
    if (!digestOfSeal(seal).equals(seal.digest)) this.say(msg('seal-changed', { batch }));
    const anchored = this.anchored.get(seal.batch);
    if (anchored !== undefined && anchored.digest !== seal.digest.toString('hex'))
      this.say(msg('chain-rewritten', { batch, line: anchored.line }));
  }

  private async compareRows(seal: StoredSeal, stored: ReadonlyMap<string, AuditRow>): Promise<void> {
    for (const [index, id] of seal.ids.entries()) {
      const at = seal.instants[index] ?? '';
      const row = stored.get(keyOf(id, at));
      const where = { batch: seal.batch, id, at };
      if (row === undefined) {
        // Read when something is missing, and again later, because months may be dropped meanwhile.
        this.dropped ??= await droppedBefore(this.db, this.hospitalId, this.anchors.key);
        if (at >= this.dropped) this.say(msg('row-removed', where));
      } else if (!same(digestOfRow(row), seal.digests[index] ?? null)) this.say(msg('row-changed', where));
    }
    this.rows += seal.ids.length;
  }

  private compareEnd(): void {
    const end = this.last?.batch ?? 0;
    const remembered = Math.max(0, ...this.anchored.keys());
    if (remembered > end)
      this.say(msg('end-cut-off', { end, line: this.anchored.get(remembered)?.line ?? 0, remembered }));
  }

  /** Returns the number of rows that wait for their seal. */
  private async unsealed(): Promise<number> {
    const [{ waiting }] = await this.db.query<[{ waiting: number }]>(
      'SELECT count(*) AS waiting FROM audit_unsealed WHERE hospital_id = $1',
      [this.hospitalId],
    );
    const gone = await this.db.query<{ id: string }[]>(
      `SELECT id FROM audit_unsealed u WHERE hospital_id = $1 AND NOT EXISTS (
         SELECT FROM audit_event e WHERE e.recorded_at = u.recorded_at AND e.id = u.id AND e.hospital_id = u.hospital_id OFFSET 0)
        ORDER BY recorded_at LIMIT ${FAULTS_NAMED}`,
      [this.hospitalId],
    );
    for (const { id } of gone) this.say(msg('row-removed-unsealed', { id }));
    const stray = await this.strayRows();
    for (const { id } of stray) this.say(msg('row-slipped-in', { id }));
    return waiting;
  }

  /** Rows neither sealed nor waiting. Reads both lists once, in parallel, whatever the length of the trail. */
  private strayRows(): Promise<{ id: string }[]> {
    return this.db.transaction(async (db) => {
      await db.query('SET LOCAL enable_nestloop = off');
      return db.query<{ id: string }[]>(
        `WITH known AS MATERIALIZED (
           SELECT unnest(instants) AS recorded_at, unnest(ids) AS id FROM audit_seal WHERE hospital_id = $1
           UNION ALL SELECT recorded_at, id FROM audit_unsealed WHERE hospital_id = $1)
         SELECT e.id FROM audit_event e LEFT JOIN known k ON k.recorded_at = e.recorded_at AND k.id = e.id
          WHERE e.hospital_id = $1 AND k.id IS NULL ORDER BY e.recorded_at LIMIT ${FAULTS_NAMED}`,
        [this.hospitalId],
      );
    });
  }
}

const keyOf = (id: string, at: string): string => `${id} ${at}`;

const same = (a: Buffer | null, b: Buffer | null): boolean =>
  a === null || b === null ? a === b : a.equals(b);
