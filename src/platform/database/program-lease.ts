import { hostname } from 'node:os';
import { v7 as uuid } from 'uuid';
import { MendableError } from '../messages/mendable-error.js';

/** How often a process renews its lease, and how long a lease lasts without renewal. Several renewals may fail. */
export const RENEW_EVERY_MS = 5000;
export const LEASE_MS = 30_000;

/** This process may not continue: its lease expired, and another process took over the database. */
export class LeaseLost extends MendableError {}

/** A row that marks a process as running on this database. */
export interface Lease {
  readonly id: string;
  /** Host and process, to be read by people. */
  readonly holder: string;
  readonly renewals: number;
}

/** Anything that runs statements: a session, or a pool that lends a connection for each statement. */
interface Database {
  query(statement: string, parameters?: unknown[]): Promise<unknown>;
}

const EXPIRY = `clock_timestamp() + interval '${LEASE_MS} milliseconds'`;

/**
 * Returns the id of the new lease. The caller ensures that this process may run. `serves`: the process serves requests,
 * and so has a part of the limits.
 */
export async function takeLease(db: Database, serves: boolean): Promise<string> {
  const id = uuid();
  // Old leases of killed processes.
  await db.query(
    `DELETE FROM nedwatch_runtime.program_lease WHERE expires_at < clock_timestamp() - interval '1 hour'`,
  );
  await db.query(
    `INSERT INTO nedwatch_runtime.program_lease (id, holder, serves, expires_at) VALUES ($1, $2, $3, ${EXPIRY})`,
    [id, `${hostname()}, pid ${process.pid}`, serves],
  );
  return id;
}

/**
 * Returns how many processes serve requests. Undefined when the lease is gone: it had expired, and another process took
 * over the database.
 */
export async function renewLease(db: Database, id: string): Promise<number | undefined> {
  const rows = (await db.query(
    `WITH renewed AS (UPDATE nedwatch_runtime.program_lease SET renewals = renewals + 1, expires_at = ${EXPIRY} WHERE id = $1 RETURNING id)
     SELECT (SELECT count(*)::integer FROM nedwatch_runtime.program_lease
              WHERE serves AND (id = $1 OR expires_at > clock_timestamp())) AS serving FROM renewed`,
    [id],
  )) as { serving: number }[];
  return rows[0]?.serving;
}

export async function endLease(db: Database, id: string): Promise<void> {
  await db.query('DELETE FROM nedwatch_runtime.program_lease WHERE id = $1', [id]);
}

/** Deletes the leases of killed processes. */
export async function endAllLeases(db: Database): Promise<void> {
  if (await hasLeases(db)) await db.query('DELETE FROM nedwatch_runtime.program_lease');
}

/** The leases that have not expired by the database's clock; none on a database of a version without leases. */
export async function leasesOf(db: Database): Promise<Lease[]> {
  if (!(await hasLeases(db))) return [];
  return (await db.query(
    'SELECT id, holder, renewals FROM nedwatch_runtime.program_lease WHERE expires_at > clock_timestamp() ORDER BY id',
  )) as Lease[];
}

async function hasLeases(db: Database): Promise<boolean> {
  const rows = await db.query(`SELECT WHERE to_regclass('nedwatch_runtime.program_lease') IS NOT NULL`);
  return (rows as unknown[]).length > 0;
}

/**
 * Distinguishes running processes from killed ones by repeated reads: a running process renews its lease. Uses this
 * process' own clock, so that a lease ends in time although the database's clock was set back.
 */
export class LeaseWatch {
  private readonly seen = new Map<string, { readonly renewals: number; readonly sinceMs: number }>();

  judge(
    leases: readonly Lease[],
    nowMs = performance.now(),
  ): { readonly living: Lease[]; readonly unsure: Lease[] } {
    const [living, unsure]: [Lease[], Lease[]] = [[], []];
    for (const lease of leases) {
      const first = this.seen.get(lease.id) ?? { renewals: lease.renewals, sinceMs: nowMs };
      this.seen.set(lease.id, first);
      if (lease.renewals !== first.renewals) living.push(lease);
      else if (nowMs - first.sinceMs < LEASE_MS) unsure.push(lease);
    }
    return { living, unsure };
  }
}

export const holdersOf = (leases: readonly Lease[]): string => leases.map(({ holder }) => holder).join('; ');
