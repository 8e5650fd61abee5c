import type { DataSource, QueryRunner } from 'typeorm';
import { endLease, LeaseLost, renewLease, RENEW_EVERY_MS } from './program-lease.js';
import type { Connecting } from './session.js';

/** Takes a new lease in place of a lost one; throws `LeaseLost` when this process may not go on. */
export type Rejoin = () => Promise<string>;

/**
 * Keeps the lease of this process, and, where it has sessions of its own, the session lock by which versions without
 * leases see that it runs. Both are taken again after the database was away.
 */
export class LeaseRenewal {
  private session: QueryRunner | undefined;
  private readonly timer: NodeJS.Timeout;
  private running: Promise<void> | undefined;

  constructor(
    private readonly dataSource: DataSource,
    private readonly connecting: Connecting,
    private id: string,
    private readonly lockShared: string,
    private readonly rejoin: Rejoin,
    private readonly onLost: (error: Error) => void,
  ) {
    this.timer = setInterval(() => void this.renewOnce(), RENEW_EVERY_MS);
  }

  /** Resolves when it has been tried: a database that is away says so to everybody else. */
  async renewOnce(): Promise<void> {
    this.running ??= this.renew().finally(() => (this.running = undefined));
    await this.running;
  }

  /** Ends it all; others may take the database for theirs from now on. */
  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.running;
    try {
      await endLease(this.session ?? this.dataSource, this.id);
    } finally {
      // The connection would keep the session lock in the pool.
      await this.session?.query('SELECT pg_advisory_unlock_all()').catch(() => undefined);
      await this.session?.release();
    }
  }

  private async renew(): Promise<void> {
    let renewed: boolean;
    try {
      renewed = await renewLease(await this.locked(), this.id);
    } catch {
      await this.session?.release().catch(() => undefined);
      this.session = undefined;
      return;
    }
    if (renewed) return;
    try {
      this.id = await this.rejoin();
    } catch (error) {
      if (error instanceof LeaseLost) this.onLost(error); // anything else passes: tried again
    }
  }

  /** The session that holds the lock, or, while someone keeps others off, the pool. */
  private async locked(): Promise<DataSource | QueryRunner> {
    if (this.connecting === 'pooled') return this.dataSource;
    if (this.session) return this.session;
    const session = this.dataSource.createQueryRunner();
    try {
      const [{ held }] = (await session.query(this.lockShared)) as [{ held: boolean }];
      if (held) this.session = session;
      return this.session ?? this.dataSource;
    } finally {
      if (!this.session) await session.release();
    }
  }
}
