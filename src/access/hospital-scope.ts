import { AsyncLocalStorage } from 'node:async_hooks';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { CalendarDate } from '../guideline/calendar.js';
import { type Caller, programIn, reachSetting } from './caller.js';
import type { HospitalPolicy } from './hospital-policy.js';

/** One transaction inside one hospital: the database, who it works for, and the hospital's own day. */
export interface HospitalTransaction {
  readonly db: EntityManager;
  readonly caller: Caller;
  readonly hospital: {
    readonly id: string;
    readonly timeZone: string;
    readonly policy: HospitalPolicy;
    readonly policyVersion: number;
  };
  /** The program's instant when the transaction began. */
  readonly now: Date;
  /** The hospital's calendar day at that instant. */
  readonly today: CalendarDate;
}

interface ScopeRow {
  id: string;
  timeZone: string;
  policy: HospitalPolicy;
  policyVersion: number;
  now: Date;
  today: CalendarDate;
}

/**
 * Says which hospital the running request, command or job works for, so that the rest of the code
 * reads as if there were one. Whoever enters from outside calls `run`; services call `transaction`.
 */
@Injectable()
export class HospitalScope {
  private readonly current = new AsyncLocalStorage<Caller>();

  constructor(private readonly dataSource: DataSource) {}

  /** `work` in the hospital of the caller, who sees no more there than they may; the id alone: as the program itself. */
  run<T>(within: Caller | string, work: () => T): T {
    return this.current.run(typeof within === 'string' ? programIn(within) : within, work);
  }

  /** Whom the work in scope is for. Throws when there is nobody: that is a bug, not a refusal. */
  get caller(): Caller {
    const caller = this.current.getStore();
    if (caller === undefined) throw new Error('No hospital in scope: enter through HospitalScope.run().');
    return caller;
  }

  get hospitalId(): string {
    return this.caller.hospitalId;
  }

  /** Runs `work` in one transaction whose first statement enters the hospital; the database then shows no other's rows. */
  async transaction<T>(work: (tx: HospitalTransaction) => Promise<T>): Promise<T> {
    const { caller } = this;
    return this.dataSource.transaction(async (db) => {
      const [row] = await db.query<ScopeRow[]>(
        `SELECT id, time_zone AS "timeZone", policy, policy_version AS "policyVersion",
                now, (now AT TIME ZONE time_zone)::date AS today
           FROM enter_hospital($1, $2), (SELECT program_now() AS now) AS clock`,
        [caller.hospitalId, reachSetting(caller)],
      );
      if (!row) throw new Error(`Hospital ${caller.hospitalId} does not exist.`);
      const { id, timeZone, policy, policyVersion, now, today } = row;
      return work({ db, caller, hospital: { id, timeZone, policy, policyVersion }, now, today });
    });
  }

  /** What is waiting in all hospitals: ids, states and times, and not what they are about. */
  async acrossHospitals<T>(look: (db: EntityManager) => Promise<T>): Promise<T> {
    return this.dataSource.transaction(async (db) => {
      await db.query('SET LOCAL ROLE nedwatch_sweep');
      return look(db);
    });
  }
}
