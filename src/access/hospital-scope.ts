import { AsyncLocalStorage } from 'node:async_hooks';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { CalendarDate } from '../guideline/calendar.js';
import type { HospitalPolicy } from './hospital-policy.js';

/** One transaction inside one hospital: the database, who it works for, and the hospital's own day. */
export interface HospitalTransaction {
  readonly db: EntityManager;
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
  private readonly current = new AsyncLocalStorage<string>();

  constructor(private readonly dataSource: DataSource) {}

  run<T>(hospitalId: string, work: () => T): T {
    return this.current.run(hospitalId, work);
  }

  /** The id of the hospital in scope. Throws when there is none: that is a bug, not a refusal. */
  get hospitalId(): string {
    const id = this.current.getStore();
    if (id === undefined) throw new Error('No hospital in scope: enter through HospitalScope.run().');
    return id;
  }

  /** Runs `work` in one transaction whose first statement names the hospital. */
  async transaction<T>(work: (tx: HospitalTransaction) => Promise<T>): Promise<T> {
    const hospitalId = this.hospitalId;
    return this.dataSource.transaction(async (db) => {
      const [row] = await db.query<ScopeRow[]>(
        `SELECT id, time_zone AS "timeZone", policy, policy_version AS "policyVersion",
                now, (now AT TIME ZONE time_zone)::date AS today,
                set_config('nedwatch.hospital_id', $1, true)
           FROM hospital, (SELECT program_now() AS now) AS clock WHERE id = $1::uuid`,
        [hospitalId],
      );
      if (!row) throw new Error(`Hospital ${hospitalId} does not exist.`);
      const { id, timeZone, policy, policyVersion, now, today } = row;
      return work({ db, hospital: { id, timeZone, policy, policyVersion }, now, today });
    });
  }
}
