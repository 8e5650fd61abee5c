import { setTimeout as sleep } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import type { DataSource, EntityManager } from 'typeorm';
import { DomainError } from '../domain-error.js';
import { MendableError } from '../messages/mendable-error.js';
import { runningWork } from '../running-work.js';
import { firstOf, isConnectionFault } from './connection-fault.js';

/** Includes the wait for a connection, and for what was committed at the primary. Usually it takes some milliseconds. */
const ENTERED_WITHIN_MS = 2000;
const ASK_AGAIN_MS = 20;
/** After a failure all reads are done at the primary for so long, so that not each of them waits. */
const RESTS_MS = 10_000;
/** The code of PostgreSQL for a statement that took too long. The primary would take as long. */
const STATEMENT_TIMEOUT = '57014';

/** The pool of the primary, or a transaction there. */
export type Primary = Pick<EntityManager, 'query'>;

/** The standby is not one, or has not replayed what the read must contain. */
class NotCurrent extends Error {}

/** Where the heavy reads of this process were done since it started. */
interface DoneReads {
  standby: number;
  primary: number;
}

/**
 * The standbys of the primary behind one address. A read there contains everything that was committed before it began:
 * it first asks the primary how far its log is flushed, and waits until the standby has replayed as much. So an answer
 * never lacks what a caller has written before, whichever process wrote it.
 */
export class Standby {
  readonly done: DoneReads = { standby: 0, primary: 0 };
  private readonly log = new Logger(Standby.name);
  private source: DataSource | undefined;
  private opening: Promise<void> | undefined;
  private restsUntil = 0;

  /** Without `connect` there is no standby. It rejects while the standbys are out of reach. */
  constructor(private readonly connect?: () => Promise<DataSource>) {}

  /**
   * Opens the connections now instead of at the first read, and never rejects: what prevents it is logged, and tried again
   * at a later read.
   */
  open(): Promise<void> {
    return (this.opening ??= this.connectedOrResting().finally(() => (this.opening = undefined)));
  }

  /**
   * Runs `read` in one transaction of a standby. Returns undefined where the caller has to do it at the primary: there is no
   * standby, it is out of reach or two seconds behind, or it ended the read. A refusal and a statement that took too long
   * are thrown.
   */
  async read<T>(
    primary: Primary,
    read: (db: EntityManager) => Promise<T>,
  ): Promise<{ readonly value: T } | undefined> {
    if (this.connect === undefined) return undefined;
    const source = this.isResting ? undefined : this.opened();
    try {
      const value = source && (await this.attempt(source, primary, read));
      this.done[value ? 'standby' : 'primary']++;
      return value;
    } catch (error) {
      if (error instanceof DomainError || codeOf(error) === STATEMENT_TIMEOUT) throw error;
      this.rest(`${runningWork()?.name ?? 'A read'} is done at the primary: ${reasonOf(error)}`);
      this.done.primary++;
      return undefined;
    }
  }

  async close(): Promise<void> {
    await this.opening;
    await this.source?.destroy();
    this.source = undefined;
  }

  private get isResting(): boolean {
    return performance.now() < this.restsUntil;
  }

  private rest(reason: string): void {
    this.restsUntil = performance.now() + RESTS_MS;
    this.log.warn(reason);
  }

  private async connectedOrResting(): Promise<void> {
    if (this.connect === undefined) return;
    try {
      this.source = await this.connect();
    } catch (error) {
      this.rest(
        `NEDWATCH_STANDBY_URL cannot be used. Heavy reads are done at the primary: ${reasonOf(error)}`,
      );
    }
  }

  /** Undefined while it is being opened: no read waits for that. */
  private opened(): DataSource | undefined {
    if (this.source === undefined) void this.open();
    return this.source;
  }

  private async attempt<T>(
    source: DataSource,
    primary: Primary,
    read: (db: EntityManager) => Promise<T>,
  ): Promise<{ readonly value: T }> {
    const [{ flushed }] = await primary.query<[{ flushed: string }]>(
      'SELECT pg_current_wal_flush_lsn()::text AS flushed',
    );
    const entering = new AbortController();
    let late: NodeJS.Timeout | undefined;
    const tooLate = new Promise<never>((_, reject) => {
      late = setTimeout(() => {
        const why = new NotCurrent('no standby had what was committed at the primary two seconds before');
        entering.abort(why);
        reject(why);
      }, ENTERED_WITHIN_MS);
    });
    // An attempt that is given up ends its transaction as soon as it gets a connection.
    const attempted = source.transaction(async (db) => {
      await replayed(db, flushed, entering.signal);
      clearTimeout(late);
      return { value: await read(db) };
    });
    try {
      return await Promise.race([attempted, tooLate]);
    } finally {
      clearTimeout(late);
    }
  }
}

/** Waits until the server of `db` has replayed the log of the primary as far as `flushed`. */
async function replayed(db: EntityManager, flushed: string, signal: AbortSignal): Promise<void> {
  for (;;) {
    signal.throwIfAborted();
    const [{ isStandby, isCurrent }] = await db.query<[{ isStandby: boolean; isCurrent: boolean | null }]>(
      `SELECT pg_is_in_recovery() AS "isStandby", pg_last_wal_replay_lsn() >= $1::pg_lsn AS "isCurrent"`,
      [flushed],
    );
    signal.throwIfAborted();
    if (!isStandby) throw new NotCurrent('the server at the address of the standbys is a primary');
    if (isCurrent === true) return;
    await sleep(ASK_AGAIN_MS);
  }
}

const codeOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';

/** Without the text of errors that may quote a value. */
function reasonOf(error: unknown): string {
  const first = firstOf(error);
  if (first instanceof NotCurrent || first instanceof MendableError || isConnectionFault(first))
    return first.message;
  return codeOf(first) || first.name;
}
