import { setTimeout as sleep } from 'node:timers/promises';
import { DateTime } from 'luxon';
import type { DataSource, EntityManager, QueryRunner } from 'typeorm';
import type { CalendarDate } from '../../guideline/calendar.js';
import { type LeaseEvents, LeaseRenewal } from './lease-renewal.js';
import {
  endAllLeases,
  holdersOf,
  LEASE_MS,
  LeaseLost,
  leasesOf,
  LeaseWatch,
  takeLease,
} from './program-lease.js';
import type { Connecting } from './session.js';
import { msg } from '../messages/dictionary.js';
import { MendableError } from '../messages/mendable-error.js';
import { NotYet, waitFor, type Patience } from '../start-wait.js';

// Any constants do. Each running process holds the first, shared, for as long as it runs; a restore holds it alone,
// which excludes processes. A process that joins holds the second for one transaction, so that processes join one
// after the other.
const CLOCK_LOCK = 6_331_947;
const JOIN_LOCK = 6_331_953;

/** The running processes use another clock than the one requested for this process. */
export class ClockConflict extends MendableError {}

/** Another session holds the database exclusively. */
class KeptOff extends NotYet {}

interface Clocked {
  readonly dataSource: DataSource;
  readonly connecting: Connecting;
  readonly patience: Patience;
}

interface Asked {
  /** The instant at which the clock starts; undefined: the real time. */
  readonly startsAt: string | undefined;
  readonly production: boolean;
  /** Whether this process serves requests. */
  readonly serves: boolean;
}

/**
 * Joins this process to the program's clock, which is the database's clock shifted by one offset. The first process
 * to start sets the offset (`startsAt`, or none). A later process takes over this offset, and is refused with
 * `ClockConflict` if it was configured with another instant, or with none in production. Returns a function that
 * leaves the clock. Until then a lease marks this process as running, and the offset stays the same.
 */
export async function joinClock(
  { dataSource, connecting, patience }: Clocked,
  asked: Asked,
  events: LeaseEvents,
): Promise<() => Promise<void>> {
  const watch = new LeaseWatch();
  const joined = await waitFor(patience, () =>
    inTurn(dataSource, (db, alone) => join(db, alone, asked, watch)),
  );
  const again = (): Promise<string> => rejoin(dataSource, asked, joined.startsAt);
  const lockShared = `SELECT pg_try_advisory_lock_shared(${CLOCK_LOCK}) AS held`;
  const renewal = new LeaseRenewal(dataSource, connecting, joined.lease, lockShared, again, events);
  await renewal.renewOnce();
  return () => renewal.stop();
}

/**
 * Runs `work` while no other process joins. `alone`: no process holds the session lock. Throws `NotYet` when it has
 * to wait.
 */
async function inTurn<T>(
  dataSource: DataSource,
  work: (db: EntityManager, alone: boolean) => Promise<T>,
): Promise<T> {
  try {
    return await dataSource.transaction(async (db) => {
      await db.query(`SET LOCAL lock_timeout = '2s'`);
      const taken = async (lock: string): Promise<boolean> =>
        (await db.query<[{ taken: boolean }]>(`SELECT pg_try_advisory_xact_${lock} AS taken`))[0].taken;
      if (!(await taken(`lock(${JOIN_LOCK})`))) throw new NotYet(msg('wait-start'));
      const alone = await taken(`lock(${CLOCK_LOCK})`);
      if (!alone && !(await taken(`lock_shared(${CLOCK_LOCK})`))) throw new KeptOff(msg('wait-restore'));
      return await work(db, alone);
    });
  } catch (error) {
    if ((error as { code?: string }).code !== '55P03') throw error;
    throw new NotYet(msg('wait-tables'));
  }
}

interface Joined {
  readonly lease: string;
  readonly startsAt: Date | null;
}

async function join(db: EntityManager, alone: boolean, asked: Asked, watch: LeaseWatch): Promise<Joined> {
  const { living, unsure } = watch.judge(await leasesOf(db));
  const running = await startOf(db);
  const isSame = keepsTime(running, asked.startsAt);
  // Only another clock requires that no other process runs: wait until the unknown ones are known to be dead.
  if (!isSame && alone && living.length === 0 && unsure.length > 0)
    throw new NotYet(msg('wait-other-clock', { holders: holdersOf(unsure) }));
  if (alone && living.length + unsure.length === 0) {
    await db.query(
      `UPDATE program_clock SET starts_at = $1::timestamptz,
         ahead = coalesce(make_interval(secs => extract(epoch FROM $1::timestamptz - clock_timestamp())), interval '0')`,
      [asked.startsAt ?? null],
    );
    await endAllLeases(db);
  } else refuseOtherTime(running, asked, isSame);
  return { lease: await takeLease(db, asked.serves), startsAt: await startOf(db) };
}

/** Replaces an expired lease. */
async function rejoin(dataSource: DataSource, { serves }: Asked, startsAt: Date | null): Promise<string> {
  try {
    return await inTurn(dataSource, async (db) => {
      if ((await startOf(db))?.getTime() === startsAt?.getTime()) return takeLease(db, serves);
      throw new LeaseLost(msg('lease-other-clock'));
    });
  } catch (error) {
    if (error instanceof KeptOff) throw new LeaseLost(msg('lease-restored'), { cause: error });
    throw error;
  }
}

async function startOf(db: EntityManager): Promise<Date | null> {
  const [{ startsAt }] = await db.query<[{ startsAt: Date | null }]>(
    'SELECT starts_at AS "startsAt" FROM program_clock',
  );
  return startsAt;
}

const keepsTime = (running: Date | null, asked: string | undefined): boolean =>
  running?.getTime() === (asked === undefined ? undefined : DateTime.fromISO(asked).toMillis());

function refuseOtherTime(running: Date | null, { startsAt, production }: Asked, isSame: boolean): void {
  if (startsAt !== undefined && !isSame) {
    throw new ClockConflict(
      msg('clock-differs', { asked: startsAt, running: running?.toISOString() ?? msg('real-time') }),
    );
  }
  if (production && running !== null) {
    throw new ClockConflict(msg('clock-shifted'));
  }
}

const TRIES = 10;
const TRY_EVERY_MS = 100;

/**
 * Keeps all other processes off this clock, and so off the database, until `session` ends. A process that starts
 * meanwhile waits. Returns false, and changes nothing, while a process runs. Reports when it waits for the lease of a
 * killed process.
 */
export async function stopClock(session: Pick<QueryRunner, 'query'>, patience: Patience): Promise<boolean> {
  if (!(await takeAlone(session))) return false;
  const watch = new LeaseWatch();
  // Longer than any lease: by then each process has either renewed its lease or lost it.
  const isFree = await waitFor({ ...patience, limitMs: 2 * LEASE_MS }, async () => {
    const { living, unsure } = watch.judge(await leasesOf(session));
    if (living.length > 0) return false;
    if (unsure.length > 0) throw new NotYet(msg('wait-leases', { holders: holdersOf(unsure) }));
    return true;
  });
  if (isFree) await endAllLeases(session);
  else await session.query(`SELECT pg_advisory_unlock(${CLOCK_LOCK})`);
  return isFree;
}

/** A joining process holds the lock only for an instant. */
async function takeAlone(session: Pick<QueryRunner, 'query'>): Promise<boolean> {
  for (let tried = 0; tried < TRIES; tried++) {
    const [{ alone }] = (await session.query(`SELECT pg_try_advisory_lock(${CLOCK_LOCK}) AS alone`)) as [
      { alone: boolean },
    ];
    if (alone) return true;
    await sleep(TRY_EVERY_MS);
  }
  return false;
}

/**
 * Moves the program's clock by so many days, for a demonstration whose past is recorded by the program itself. The next
 * start sets the clock again.
 */
export const moveClock = (owner: DataSource, days: number): Promise<unknown> =>
  owner.query('UPDATE program_clock SET ahead = ahead + make_interval(days => $1)', [days]);

/** The program's instant, read from the database. */
export async function programNow(db: EntityManager | DataSource): Promise<Date> {
  const [{ now }] = await db.query<[{ now: Date }]>('SELECT program_now() AS now');
  return now;
}

/**
 * The calendar day in `timeZone` for a program without a database. Its clock starts at `startsAt`, or is the
 * machine's clock.
 */
export function localToday(timeZone: string, startsAt: string | undefined): CalendarDate {
  const instant = startsAt === undefined ? DateTime.now() : DateTime.fromISO(startsAt);
  return instant.setZone(timeZone).toFormat('yyyy-MM-dd') as CalendarDate;
}
