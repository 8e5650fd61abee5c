import { AsyncLocalStorage } from 'node:async_hooks';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { CalendarDate } from '../guideline/calendar.js';
import { inOneMessage } from '../platform/database/one-message.js';
import { type Primary, Standby } from '../platform/database/standby.js';
import { isBusy, UnknownOutcome } from '../platform/http/http.js';
import { inSpan } from '../platform/running-work.js';
import type { OpenedNetwork } from '../platform/outbound/outbound-address.js';
import { type AuditedCall, type AuditEntry, recordAudit, stepCall } from './audit-entry.js';
import { type Caller, programIn, patientScopeSetting } from './caller.js';
import { FieldCipher } from '../encryption/field-cipher.js';
import type { HospitalKeys } from '../encryption/hospital-keys.js';
import type { Guideline } from '../guideline/guideline.js';
import { HEAVY_READS } from './heavy-reads.js';
import { HospitalGuidelines } from './policy/hospital-guidelines.js';
import type { HospitalPolicy } from './policy/hospital-policy.js';
import { boundsOf, isRead, type RequestBounds } from './request-bounds.js';

/** The patients that the running transaction has loaded, and so shown to the caller. */
const seen = new AsyncLocalStorage<Set<string>>();

/** Notes that the running transaction, if any, shows this patient. */
export const notePatient = (id: string): void => void seen.getStore()?.add(id);

/** Notes that of all loaded patients, the running transaction shows only these. */
export function showOnly(patients: readonly { readonly id: string }[]): void {
  seen.getStore()?.clear();
  for (const { id } of patients) notePatient(id);
}

/** One transaction inside one hospital: the database, the caller, and the hospital's own day. */
export interface HospitalTransaction {
  readonly db: EntityManager;
  readonly caller: Caller;
  readonly hospital: {
    readonly id: string;
    readonly timeZone: string;
    readonly language: 'zh' | 'en';
    readonly policy: HospitalPolicy;
    readonly policyVersion: number;
    /** The guideline that the policy names; undefined where the hospital has none of that name. */
    readonly guideline: Guideline | undefined;
    /** Private networks that the hospital's requests may reach. */
    readonly networks: readonly OpenedNetwork[];
  };
  /** The guidelines that the hospital can follow. */
  readonly guidelines: HospitalGuidelines;
  /** The program's instant when the transaction began. */
  readonly now: Date;
  /** The hospital's calendar day at that instant. */
  readonly today: CalendarDate;
  /** The hospital's keys, including those that sealed these stored values. */
  keys(stored?: readonly (string | null)[]): Promise<HospitalKeys>;
}

/** What the services inside `joined` share. */
interface JoinedTransaction {
  readonly tx: HospitalTransaction;
  /** A service has thrown, and its changes are still there: this transaction, or savepoint, must not be kept. */
  hasFailed: boolean;
}

interface ScopeRow {
  id: string;
  timeZone: string;
  language: 'zh' | 'en';
  policy: HospitalPolicy;
  policyVersion: number;
  networks: readonly OpenedNetwork[];
  now: Date;
  today: CalendarDate;
}

interface Entered {
  readonly by: HospitalScope;
  readonly caller: Caller;
  readonly audited?: AuditedCall;
  /** Set inside `joined`. */
  readonly joined?: JoinedTransaction;
}

/** One for the process: each storage adds to the cost of every promise, also after the application that owned it has ended. */
const inScope = new AsyncLocalStorage<Entered>();

/**
 * Knows the hospital of the running request, command or job, so that the rest of the code reads as if there were only
 * one. Entry points call `run`; services call `transaction`.
 */
@Injectable()
export class HospitalScope {
  constructor(
    private readonly dataSource: DataSource,
    private readonly cipher: FieldCipher,
    private readonly standby: Standby = new Standby(),
  ) {}

  /**
   * Runs `work` in the caller's hospital, with the caller's view of patients; given an id alone, as the program
   * itself.
   */
  run<T>(within: Caller | string, work: () => T, audited?: AuditedCall): T {
    const caller = typeof within === 'string' ? programIn(within) : within;
    return inScope.run({ by: this, caller, audited }, work);
  }

  private get current(): Entered | undefined {
    const current = inScope.getStore();
    return current?.by === this ? current : undefined;
  }

  /** The caller of the work in scope. Throws without one: that is a bug, not a refusal. */
  get caller(): Caller {
    const { current } = this;
    if (current === undefined) throw new Error('No hospital in scope: enter through HospitalScope.run().');
    return current.caller;
  }

  /** The call in scope, for an audit entry with a detail of its own; undefined outside a request. */
  get auditedCall(): AuditedCall | undefined {
    return this.current?.audited;
  }

  get hospitalId(): string {
    return this.caller.hospitalId;
  }

  /**
   * Runs `work` in one transaction whose first statement enters the hospital; the database then hides the rows of all
   * others. A caller's action is audited in the same transaction: both are committed, or neither. A heavy read is done at a
   * standby where there is one, and its entry is committed at the primary before this returns.
   */
  async transaction<T>(work: (tx: HospitalTransaction) => Promise<T>): Promise<T> {
    const { audited, joined } = this.current ?? {};
    if (audited === undefined) return this.unaudited(work);
    if (joined !== undefined) return notingAll(() => inside(joined, work));
    const patients = new Set<string>();
    const noting = (tx: HospitalTransaction): Promise<T> => seen.run(patients, () => work(tx));
    if (HEAVY_READS.includes(audited.call)) {
      const read = await this.atStandby(noting);
      if (read && !isRecorded(audited, patients))
        await this.unaudited((tx) => recordDone(tx, audited, patients));
      if (read) return read.value;
      patients.clear();
    }
    return this.unaudited(async (tx) => {
      const done = await noting(tx);
      if (!isRecorded(audited, patients) || (await hasWritten(tx.db)))
        await recordDone(tx, audited, patients);
      return done;
    });
  }

  /**
   * Runs `read` at a standby, without audit. It sees everything that was committed at `primary` before the call. Undefined:
   * there is no such standby now, and the caller does the read at the primary.
   */
  async atStandby<T>(
    read: (tx: HospitalTransaction) => Promise<T>,
    primary: Primary = this.dataSource,
  ): Promise<{ readonly value: T } | undefined> {
    const bounds = boundsOf(this.caller, this.auditedCall);
    return this.standby.read(primary, (db) =>
      inSpan('transaction', { hospital: this.hospitalId }, async () => read(await this.entered(db, bounds))),
    );
  }

  /**
   * Runs `work` in one transaction that the services it calls share; inside another `joined`, in a savepoint of it. What
   * `work` throws takes back everything that it did. A service that throws must end `work`: to go on without it, call it in
   * a `joined` of its own. Services inside run one after the other, never at the same time. A caller's action is one
   * audit entry, whatever the number of services.
   */
  async joined<T>(work: (tx: HospitalTransaction) => Promise<T>): Promise<T> {
    const outer = this.current?.joined;
    if (outer === undefined) return this.transaction((tx) => this.sharing(tx, work));
    return notingAll(() => outer.tx.db.transaction((db) => this.sharing({ ...outer.tx, db }, work)));
  }

  private async sharing<T>(
    tx: HospitalTransaction,
    work: (tx: HospitalTransaction) => Promise<T>,
  ): Promise<T> {
    const joined: JoinedTransaction = { tx, hasFailed: false };
    const done = await inScope.run({ by: this, caller: tx.caller, ...this.current, joined }, () => work(tx));
    if (joined.hasFailed) throw new Error('A service failed inside a joined transaction, which went on.');
    return done;
  }

  /** Records an event without a transaction of its own: a refusal, or a step of the program. */
  async recordAlone(call: string | AuditedCall, entry: Partial<AuditEntry>): Promise<void> {
    const audited = typeof call === 'string' ? stepCall(call) : call;
    await this.unaudited(({ db, caller }) =>
      recordAudit(db, caller, audited, { outcome: 'done', status: null, patients: [], ...entry }),
    );
  }

  /** A transaction without audit: for the program's own bookkeeping. */
  async unaudited<T>(work: (tx: HospitalTransaction) => Promise<T>): Promise<T> {
    const { caller } = this;
    const { audited, joined } = this.current ?? {};
    if (joined !== undefined) return inside(joined, work);
    return inSpan('transaction', { hospital: caller.hospitalId }, () =>
      this.begin(work, boundsOf(caller, audited)),
    );
  }

  private async begin<T>(work: (tx: HospitalTransaction) => Promise<T>, bounds: RequestBounds): Promise<T> {
    let isWorkDone = false;
    const committed = this.dataSource.transaction(async (db) => {
      const done = await work(await this.entered(db, bounds));
      isWorkDone = true;
      return done;
    });
    const { audited } = this.current ?? {};
    return committed.catch((error: unknown) => {
      const mayHaveChanged = isWorkDone && !(audited && isRead(audited));
      throw mayHaveChanged && isBusy(error) ? new UnknownOutcome(error) : error;
    });
  }

  /** Enters the caller's hospital in the transaction of `db`. */
  private async entered(db: EntityManager, bounds: RequestBounds): Promise<HospitalTransaction> {
    const { caller } = this;
    // No statement of a call runs for so long that PostgreSQL gains by compiling it, which takes a tenth of a second.
    const [row] = await db.query<ScopeRow[]>(
      `SELECT id, time_zone AS "timeZone", language, policy, policy_version AS "policyVersion", networks,
              now, (now AT TIME ZONE time_zone)::date AS today
         FROM hospital_entered($1, $2), (SELECT program_now() AS now) AS clock,
              set_config('lock_timeout', $3, true) AS lock_timeout, set_config('statement_timeout', $4, true) AS statement_timeout,
              set_config('idle_in_transaction_session_timeout', $5, true) AS idle_timeout,
              set_config('jit', 'off', true) AS jit`,
      [caller.hospitalId, patientScopeSetting(caller), bounds.lock, bounds.statement, bounds.idle],
    );
    if (!row) throw new Error(`Hospital ${caller.hospitalId} does not exist.`);
    const { now, today, ...hospital } = row;
    const guidelines = new HospitalGuidelines(db, hospital.id);
    const guideline = await guidelines.find(hospital.policy.guideline);
    return {
      ...{ db, caller, guidelines, now, today },
      hospital: { ...hospital, guideline },
      keys: (stored = []) => this.cipher.keysOf(db, hospital.id, stored),
    };
  }

  /** The waiting work of all hospitals: ids, states and times, no content. */
  async acrossHospitals<T>(look: (db: EntityManager) => Promise<T>): Promise<T> {
    return this.dataSource.transaction(async (db) => {
      await db.query('SET LOCAL ROLE nedwatch_sweep');
      return look(db);
    });
  }

  /**
   * The rows of one such question, which has no parameters and looks for few rows in an index: waiting work is asked for
   * many times a second. Costs one message to the database instead of four.
   */
  async askAcrossHospitals<T extends object>(question: string): Promise<readonly T[]> {
    return inOneMessage<T>(this.dataSource, ['SET LOCAL ROLE nedwatch_sweep', ...BY_INDEX, question]);
  }
}

/**
 * Before PostgreSQL has counted the rows, it would read whole tables. A bitmap scan reads entries of the index that have
 * died, again each time until the next vacuum; an index scan marks them.
 */
const BY_INDEX = ['SET LOCAL enable_seqscan = off', 'SET LOCAL enable_bitmapscan = off'];

/** Whether the call has an entry that names these patients: a call that reads in several transactions is one entry. */
const isRecorded = (audited: AuditedCall, patients: ReadonlySet<string>): boolean =>
  audited.recorded && [...patients].every((id) => audited.patients.has(id));

async function recordDone(
  { db, caller }: HospitalTransaction,
  audited: AuditedCall,
  patients: ReadonlySet<string>,
): Promise<void> {
  await recordAudit(db, caller, audited, { outcome: 'done', status: null, patients: [...patients] });
  await audited.alsoWrites?.(db);
  audited.recorded = true;
  for (const id of patients) audited.patients.add(id);
}

/** Notes the patients that `work` shows in the entry of the transaction that is joined, unless `work` throws. */
async function notingAll<T>(work: () => Promise<T>): Promise<T> {
  const patients = new Set<string>();
  const done = await seen.run(patients, work);
  for (const id of patients) notePatient(id);
  return done;
}

/** A service of a transaction that is shared. What it throws is taken back where that ends. */
async function inside<T>(
  joined: JoinedTransaction,
  work: (tx: HospitalTransaction) => Promise<T>,
): Promise<T> {
  try {
    return await work(joined.tx);
  } catch (error) {
    joined.hasFailed = true;
    throw error;
  }
}

/**
 * Runs `look` as if the caller saw every patient of the hospital: for a question whose answer may reveal that a
 * patient exists, but not who it is.
 */
export const beyondPatientScope = <T>(
  tx: Pick<HospitalTransaction, 'db' | 'caller'>,
  look: () => Promise<T>,
): Promise<T> => inPatientScope(tx, '', look);

/** Runs `look` as if the caller saw only the patients of `scope`, which is the setting that row security reads. */
export async function inPatientScope<T>(
  { db, caller }: Pick<HospitalTransaction, 'db' | 'caller'>,
  scope: string,
  look: () => Promise<T>,
): Promise<T> {
  const own = patientScopeSetting(caller);
  if (scope === own) return look();
  const set = (value: string): Promise<unknown> =>
    db.query(`SELECT set_config('nedwatch.reach', $1, true)`, [value]);
  await set(scope);
  const found = await look();
  await set(own);
  return found;
}

/** Whether the transaction has changed or locked anything. */
async function hasWritten(db: EntityManager): Promise<boolean> {
  const [row] = await db.query<{ written: boolean }[]>(
    'SELECT pg_current_xact_id_if_assigned() IS NOT NULL AS written',
  );
  return row?.written !== false;
}
