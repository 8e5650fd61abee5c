import type { DataSource, QueryRunner } from 'typeorm';
import { endLease, LeaseLost, renewLease, RENEW_EVERY_MS } from './program-lease.js';
import type { ServingProcesses } from './serving-processes.js';
import type { Connecting } from './session.js';

/** Takes a new lease after the old one was lost; throws `LeaseLost` when this process may not continue. */
export type Rejoin = () => Promise<string>;

/** What the holder of a lease wants to know. */
export interface LeaseEvents {
  /** This process may no longer run. */
  readonly onLost: (error: Error) => void;
  /** Notes the number of processes at each renewal. */
  readonly processes: ServingProcesses;
}

/**
 * Renews the lease of this process. Where it has sessions of its own, it also holds the session lock by which
 * versions without leases see that it runs. Takes both again after the database was unavailable.
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
    private readonly events: LeaseEvents,
  ) {
    this.timer = setInterval(() => void this.renewOnce(), RENEW_EVERY_MS);
  }

  /** Resolves after the attempt. Other queries report a database that is unavailable. */
  async renewOnce(): Promise<void> {
    this.running ??= this.renew().finally(() => (this.running = undefined));
    await this.running;
  }

  /** Ends the lease; other processes may then take over the database. */
  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.running;
    try {
      await endLease(this.session ?? this.dataSource, this.id);
    } finally {
      // The pool would keep the connection and with it the session lock.
      await this.session?.query('SELECT pg_advisory_unlock_all()').catch(() => undefined);
      await this.session?.release();
    }
  }

  private async renew(): Promise<void> {
    let serving: number | undefined;
    try {
      serving = await renewLease(await this.locked(), this.id);
    } catch {
      await this.session?.release().catch(() => undefined);
      this.session = undefined;
      return;
    }
    if (serving !== undefined) {
      this.events.processes.note(serving);
      return;
    }
    try {
      this.id = await this.rejoin();
    } catch (error) {
      if (error instanceof LeaseLost) this.events.onLost(error); // any other error is transient: try again
    }
  }

  /** The session that holds the lock or, while another session holds the database exclusively, the pool. */
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
