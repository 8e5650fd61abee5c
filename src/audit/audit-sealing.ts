import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import { DataSource } from 'typeorm';
import { CONFIG, type Config } from '../platform/config.js';
import { Readiness } from '../platform/readiness.js';
import { PeriodicTask } from '../platform/periodic-task.js';
import { AnchorReceiver } from './anchor-receiver.js';
import { AuditAnchor } from './audit-anchor.js';
import { auditRows, digestOfRow, digestOfSeal } from '../tenancy/audit-entry.js';
import { signed } from './audit-key.js';
import { type Retention, RETENTION } from './audit-retention.js';
import { HospitalScope } from '../tenancy/hospital-scope.js';
import { eachHospital } from '../tenancy/each-hospital.js';

const SEAL_EVERY_MS = 5000;
const BATCH = 1000;
const ANCHOR_EVERY_MS = 60 * 60 * 1000;
const MINUTE_MS = 60 * 1000;

/**
 * Seals audit records outside the requests: batch after batch of each hospital, each with the digest of the previous
 * one. Any number of processes may run it. Anchors new seals outside the database every minute, and all heads every
 * hour and when it ends. Creates the partitions of the next months and drops those after retention.
 */
@Injectable()
export class AuditSealing implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(AuditSealing.name);
  readonly rounds = new PeriodicTask(async () => {
    await this.sealAll();
    await this.keepUp();
  }, this.logger);
  private anchorAt = 0;
  private minuteAt = 0;
  /** Hospitals with seals since the last anchored minute. */
  private readonly sealed = new Set<string>();

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly dataSource: DataSource,
    private readonly scope: HospitalScope,
    private readonly anchor: AuditAnchor,
    private readonly receiver: AnchorReceiver,
    private readonly readiness: Readiness,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    // A month without a partition of its own goes to the default partition, so this does not prevent a start.
    await this.makePartitions().catch((error: unknown) => this.report(error));
    if (this.config.role === 'api') return;
    this.readiness.addWarning(() => this.receiver.fault());
    this.rounds.every(SEAL_EVERY_MS);
  }

  async onModuleDestroy(): Promise<void> {
    await this.rounds.stop();
    if (this.config.role === 'api') return;
    this.anchorAt = 0;
    await this.rounds.round();
    await this.receiver.send();
  }

  private report(error: unknown): void {
    this.logger.error(error instanceof Error ? (error.stack ?? error.message) : String(error));
  }

  /** Seals everything recorded by now, in every hospital. */
  async sealAll(): Promise<void> {
    const waiting = await this.scope.askAcrossHospitals<{ id: string }>(
      'SELECT DISTINCT hospital_id AS id FROM audit_unsealed',
    );
    await eachHospital(this.scope, waiting, 'Sealing', async (id) => {
      while ((await this.sealBatch()) === BATCH);
      this.sealed.add(id);
    });
  }

  private async keepUp(): Promise<void> {
    if (performance.now() < this.anchorAt) {
      await this.anchorMinute();
      return;
    }
    this.anchorAt = performance.now() + MINUTE_MS; // unless all of it succeeds, and there was something to anchor
    await this.makePartitions();
    const anchored = await this.anchor.write();
    await this.dropOld();
    if (!anchored) return;
    this.anchorAt = performance.now() + ANCHOR_EVERY_MS;
    this.minuteAt = performance.now() + MINUTE_MS;
    void this.receiver.send();
  }

  private async anchorMinute(): Promise<void> {
    if (performance.now() < this.minuteAt) return;
    this.minuteAt = performance.now() + MINUTE_MS;
    const hospitals = [...this.sealed];
    if (hospitals.length > 0) await this.anchor.writeMinute(hospitals);
    this.sealed.clear();
    void this.receiver.send(); // not awaited: sealing continues
  }

  private makePartitions(): Promise<unknown> {
    return this.dataSource.query('SELECT prepare_audit_partitions(program_now())');
  }

  /**
   * Drops whole months after retention. First each hospital's trail records that, signed and sealed. So no other
   * party can drop months and pass it off as this, and a crash in between loses nothing.
   */
  private async dropOld(): Promise<void> {
    const [{ before, waiting }] = await this.dataSource.query<[{ before: string; waiting: boolean }]>(
      `SELECT to_char(cut, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS before,
              EXISTS (SELECT FROM audit_partitions_before(cut AT TIME ZONE 'UTC')) AS waiting
         FROM date_trunc('month', (program_now() - make_interval(days => $1)) AT TIME ZONE 'UTC') AS cut`,
      [this.config.auditDays],
    );
    if (!waiting) return;
    const hospitals = await this.scope.acrossHospitals((db) =>
      db.query<{ id: string; waits: boolean }[]>(
        `SELECT id, EXISTS (SELECT FROM hospital_move WHERE state = 'leaving') AS waits FROM hospital`,
      ),
    );
    if (hospitals.some(({ waits }) => waits)) return; // its rows are being copied
    for (const { id } of hospitals) {
      const anchored: Retention = { hospitalId: id, before };
      const detail = { before, signature: await signed(this.config, anchored) };
      await this.scope.run(id, () => this.scope.recordAlone(RETENTION, { detail }));
    }
    await this.sealAll();
    await this.dataSource.query('SELECT drop_audit_partitions($1)', [before]);
  }

  /** Seals one batch of the hospital in scope; returns the number of its rows. */
  private sealBatch(): Promise<number> {
    return this.scope.transaction(async ({ db, hospital }) => {
      await db.query(`SELECT pg_advisory_xact_lock(hashtextextended('audit ' || $1, 0))`, [hospital.id]);
      const taken = await db.query<{ id: string; at: string }[]>(
        `SELECT id, recorded_at::text AS at FROM audit_unsealed u
          WHERE hospital_id = $1 AND EXISTS (SELECT FROM audit_event e WHERE e.recorded_at = u.recorded_at AND e.id = u.id OFFSET 0)
          ORDER BY recorded_at, id LIMIT ${BATCH}`, // an entry whose row is gone stays, as evidence
        [hospital.id],
      );
      if (taken.length === 0) return 0;
      const keys = [hospital.id, taken.map(({ at }) => at), taken.map(({ id }) => id)] as const;
      const rows = await auditRows(db, keys[1], keys[2]);
      const [last] = await db.query<{ batch: number; digest: Buffer }[]>(
        'SELECT batch, digest FROM audit_seal WHERE hospital_id = $1 ORDER BY batch DESC LIMIT 1',
        [hospital.id],
      );
      const [{ sealedAt }] = await db.query<[{ sealedAt: string }]>(
        `SELECT to_char(program_now() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS "sealedAt"`,
      );
      const seal = {
        hospitalId: hospital.id,
        batch: (last?.batch ?? 0) + 1,
        previous: last?.digest ?? null,
        ids: rows.map(({ id }) => id),
        instants: rows.map(({ recordedAt }) => recordedAt),
        digests: rows.map(digestOfRow),
        sealedAt,
      };
      await db.query(
        `INSERT INTO audit_seal (hospital_id, batch, previous, ids, instants, digests, digest, sealed_at)
         VALUES ($1, $2, $3, $4, $5::timestamptz[], $6::bytea[], $7, $8::timestamptz)`,
        [
          ...[seal.hospitalId, seal.batch, seal.previous, seal.ids, seal.instants, seal.digests],
          ...[digestOfSeal(seal), seal.sealedAt],
        ],
      );
      await db.query(
        `DELETE FROM audit_unsealed WHERE hospital_id = $1
            AND (recorded_at, id) IN (SELECT * FROM unnest($2::timestamptz[], $3::uuid[]))`,
        [...keys],
      );
      return taken.length;
    });
  }
}
