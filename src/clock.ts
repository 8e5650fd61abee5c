import { DateTime } from 'luxon';
import type { DataSource, EntityManager, QueryRunner } from 'typeorm';
import type { CalendarDate } from './guideline/calendar.js';
import { MendableError } from './platform/messages/mendable-error.js';
import { msg } from './platform/messages/dictionary.js';

// Held, shared, by every process on one clock as long as it runs; any constant does.
const CLOCK_LOCK = 6_331_947;

/** The running processes keep another time than this one was asked to. */
export class ClockConflict extends MendableError {}

interface ClockRow {
  startsAt: Date | null;
  ahead: string;
}

/**
 * Puts this process on the program's clock, which is the database's clock shifted by one offset.
 * The first process to start sets the offset (`startsAt`, or none); one that joins others keeps theirs,
 * and is refused with `ClockConflict` when it was asked for another instant, or for none in production.
 * Answers how to leave: until then the offset stands.
 */
export async function joinClock(
  dataSource: DataSource,
  startsAt: string | undefined,
  production: boolean,
): Promise<() => Promise<void>> {
  const session = dataSource.createQueryRunner();
  await session.connect();
  try {
    const [{ first }] = (await session.query(`SELECT pg_try_advisory_lock(${CLOCK_LOCK}) AS first`)) as [
      { first: boolean },
    ];
    if (first) {
      await session.query(
        `UPDATE program_clock SET starts_at = $1::timestamptz,
           ahead = coalesce(make_interval(secs => extract(epoch FROM $1::timestamptz - clock_timestamp())), interval '0')`,
        [startsAt ?? null],
      );
      await session.query(`SELECT pg_advisory_lock_shared(${CLOCK_LOCK}), pg_advisory_unlock(${CLOCK_LOCK})`);
    } else {
      await session.query(`SELECT pg_advisory_lock_shared(${CLOCK_LOCK})`);
      const [clock] = (await session.query('SELECT starts_at AS "startsAt", ahead FROM program_clock')) as [
        ClockRow,
      ];
      refuseOtherTime(clock.startsAt, startsAt, production);
    }
  } catch (error) {
    await session.release();
    throw error;
  }
  return async () => {
    await session.query(`SELECT pg_advisory_unlock_shared(${CLOCK_LOCK})`);
    await session.release();
  };
}

function refuseOtherTime(running: Date | null, asked: string | undefined, production: boolean): void {
  const same =
    asked === undefined || (running !== null && running.getTime() === DateTime.fromISO(asked).toMillis());
  if (!same) {
    throw new ClockConflict(
      msg('clock-differs', { asked, running: running?.toISOString() ?? msg('real-time') }),
    );
  }
  if (production && running !== null) {
    throw new ClockConflict(msg('clock-shifted'));
  }
}

/**
 * Keeps every other process off this clock, and so off the database, until `session` ends; a process that starts
 * meanwhile waits. Answers false, and does nothing, when one runs.
 */
export async function stopClock(session: Pick<QueryRunner, 'query'>): Promise<boolean> {
  const [{ alone }] = (await session.query(`SELECT pg_try_advisory_lock(${CLOCK_LOCK}) AS alone`)) as [
    { alone: boolean },
  ];
  return alone;
}

/** The program's instant, by the database. */
export async function programNow(db: EntityManager | DataSource): Promise<Date> {
  const [{ now }] = await db.query<[{ now: Date }]>('SELECT program_now() AS now');
  return now;
}

/** The calendar day in `timeZone` for a program without a database, whose clock starts at `startsAt` or is the machine's. */
export function localToday(timeZone: string, startsAt: string | undefined): CalendarDate {
  const instant = startsAt === undefined ? DateTime.now() : DateTime.fromISO(startsAt);
  return instant.setZone(timeZone).toFormat('yyyy-MM-dd') as CalendarDate;
}
