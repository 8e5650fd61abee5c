import { clearTimeout, setTimeout } from 'node:timers';
import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { isLimited } from '../../tenancy/caller.js';
import { HospitalScope, type HospitalTransaction } from '../../tenancy/hospital-scope.js';
import type { ImportKind } from './rows/import-rows.js';

export const IMPORT_PHASES = ['checking', 'writing', 'planning'] as const;
export type ImportPhase = (typeof IMPORT_PHASES)[number];

/** `checked`: a dry run. `interrupted`: its process ended before the import, and nothing of it was written. */
export const IMPORT_STATES = ['running', 'written', 'checked', 'refused', 'failed', 'interrupted'] as const;
export type ImportState = (typeof IMPORT_STATES)[number];

/** How far an import is: rows while it checks and writes them, patients while it plans. */
export interface ImportProgress {
  readonly phase: ImportPhase;
  readonly done: number;
  readonly total: number;
}

export interface ImportRunRow extends ImportProgress {
  readonly id: string;
  readonly kind: ImportKind;
  readonly dryRun: boolean;
  readonly startedBy: string;
  readonly startedAt: Date;
  readonly changedAt: Date;
  /** Whether rows that were not taken are kept. */
  readonly hasRejectedRows: boolean;
  readonly state: ImportState;
}

/** How many imports of one hospital are remembered, and for how long. */
export const RUNS_KEPT = { runs: 20, days: 7 } as const;

/** An import into the hospital holds this lock until it is committed or rolled back. */
export async function takeImportLock({ db, hospital }: HospitalTransaction): Promise<boolean> {
  const [lock] = await db.query<{ free: boolean }[]>(
    `SELECT pg_try_advisory_xact_lock(hashtextextended('import ' || $1, 0)) AS free`,
    [hospital.id],
  );
  return lock?.free === true;
}

/** Whether an import into the hospital runs, in this process or another. */
async function isImporting({ db, hospital }: HospitalTransaction): Promise<boolean> {
  const [row] = await db.query<{ held: boolean }[]>(
    `SELECT EXISTS (SELECT FROM pg_locks, hashtextextended('import ' || $1, 0) AS key
       WHERE locktype = 'advisory' AND objsubid = 1 AND granted
         AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
         AND classid::bigint = (key >> 32) & 4294967295 AND objid::bigint = key & 4294967295) AS held`,
    [hospital.id],
  );
  return row?.held === true;
}

/** The imports of a hospital: what runs, how far it is, and what became of the last ones. */
@Injectable()
export class ImportRuns {
  constructor(private readonly scope: HospitalScope) {}

  /** Begins an import whose transaction holds the lock. */
  begin(tx: HospitalTransaction, kind: ImportKind, dryRun: boolean, total: number): ImportRun {
    const { hospital, caller, now } = tx;
    return new ImportRun(
      { hospitalId: hospital.id, kind, dryRun, callerId: caller.id, startedBy: caller.name, startedAt: now },
      { phase: 'checking', done: 0, total },
      (work) => this.scope.unaudited(work),
    );
  }

  /** The newest first. A caller who sees some patients only gets the caller's own imports. */
  list(): Promise<ImportRunRow[]> {
    return this.scope.transaction(async (tx) => {
      // The lock is looked up first: a run that ends between the two statements then has its outcome.
      const isRunning = await isImporting(tx);
      const rows = await tx.db.query<(Omit<ImportRunRow, 'state'> & Stored)[]>(
        `SELECT id, kind, dry_run AS "dryRun", started_by AS "startedBy", started_at AS "startedAt", phase, done, total,
                changed_at AS "changedAt", outcome,
                EXISTS (SELECT FROM import_rejection j WHERE j.hospital_id = $1 AND j.id = r.id) AS "hasRejectedRows",
                id = (SELECT id FROM import_run WHERE hospital_id = $1 ORDER BY started_at DESC, id DESC LIMIT 1) AS "isNewest"
           FROM import_run r WHERE hospital_id = $1 AND (NOT $2 OR caller_id = $3)
          ORDER BY started_at DESC, id DESC LIMIT ${RUNS_KEPT.runs}`,
        [tx.hospital.id, isLimited(tx.caller), tx.caller.id],
      );
      return rows.map(({ outcome, isNewest, ...row }) => ({
        ...row,
        state: outcome ?? (isRunning && isNewest ? 'running' : 'interrupted'),
      }));
    });
  }
}

interface Stored {
  readonly outcome: 'written' | 'checked' | 'refused' | 'failed' | null;
  readonly isNewest: boolean;
}

interface Begun {
  readonly hospitalId: string;
  readonly kind: ImportKind;
  readonly dryRun: boolean;
  readonly callerId: string;
  readonly startedBy: string;
  readonly startedAt: Date;
}

type Outcome = NonNullable<Stored['outcome']>;

/** The shortest time between two writes of the progress within one phase. */
const EVERY_MS = 500;

/**
 * One import. Its progress is written in short transactions of its own, so that every process sees it before the commit;
 * one that cannot be written is left out. Its outcome is written in the transaction of the import: it is there exactly when
 * the rows are.
 */
export class ImportRun {
  readonly id = uuidv7();
  private timer: NodeJS.Timeout | undefined;
  private saving: Promise<unknown>;

  constructor(
    private readonly begun: Begun,
    private progress: ImportProgress,
    private readonly inTransaction: (work: (tx: HospitalTransaction) => Promise<void>) => Promise<void>,
  ) {
    this.saving = this.saved(null);
  }

  at(phase: ImportPhase, done: number, total: number): void {
    const isNew = phase !== this.progress.phase;
    this.progress = { phase, done, total };
    if (isNew) this.saveNow();
    else this.timer ??= setTimeout(() => this.saveNow(), EVERY_MS).unref();
  }

  /** Records the outcome in the transaction of the import, and forgets old imports. */
  async end(tx: HospitalTransaction, outcome: Outcome): Promise<void> {
    this.stop();
    const { hospitalId } = this.begun;
    await tx.db.query(
      `DELETE FROM import_run WHERE hospital_id = $1 AND id <> $2 AND (started_at < $3::timestamptz - interval '${RUNS_KEPT.days} days'
         OR id IN (SELECT id FROM import_run WHERE hospital_id = $1 ORDER BY started_at DESC, id DESC OFFSET ${RUNS_KEPT.runs}))`,
      [hospitalId, this.id, tx.now],
    );
    await this.write(tx, outcome);
  }

  /** Records that the transaction of the import was rolled back. */
  async failed(): Promise<void> {
    this.stop();
    await this.saving;
    await this.saved('failed');
  }

  /** Resolves when nothing is written any more. */
  async idle(): Promise<void> {
    this.stop();
    await this.saving;
  }

  private stop(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }

  private saveNow(): void {
    this.stop();
    this.saving = this.saving.then(() => this.saved(null));
  }

  private saved(outcome: Outcome | null): Promise<void> {
    // Without a connection the import continues, and the next write says more.
    return this.inTransaction((tx) => this.write(tx, outcome)).catch(() => undefined);
  }

  private async write({ db, now }: HospitalTransaction, outcome: Outcome | null): Promise<void> {
    const { hospitalId, kind, dryRun, callerId, startedBy, startedAt } = this.begun;
    const { phase, done, total } = this.progress;
    await db.query(
      `INSERT INTO import_run AS r (hospital_id, id, kind, dry_run, caller_id, started_by, started_at, phase, done, total, changed_at, outcome)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
       ON CONFLICT (hospital_id, id) DO UPDATE SET phase = excluded.phase, done = excluded.done, total = excluded.total,
         changed_at = excluded.changed_at, outcome = excluded.outcome WHERE r.outcome IS NULL`,
      [
        ...[hospitalId, this.id, kind, dryRun, callerId, startedBy, startedAt],
        ...[phase, done, total, now, outcome],
      ],
    );
  }
}
