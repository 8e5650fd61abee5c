import { createHash, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Caller } from '../tenancy/caller.js';
import { patientScopeSetting } from '../tenancy/caller.js';
import type { SealContext } from '../encryption/hospital-keys.js';
import { beyondPatientScope, HospitalScope, type HospitalTransaction } from '../tenancy/hospital-scope.js';
import { seesIdentity } from '../tenancy/rights.js';
import type { EntityManager } from 'typeorm';
import { isBusy } from '../platform/http/http.js';
import { AfterOutage } from './after-outage.js';

const KEPT = '7 days';
/** A crashed process holds its key for so long. */
const CLAIMED_MINUTES = 2;
/** The report of an import of about 15,000 rows. */
const LONGEST_BODY_BYTES = 1_000_000;
/** For one hospital. Beyond this, the oldest entries of the callers with the most entries are dropped. */
export const ANSWERS_AT_MOST = 50_000;
export const BODIES_AT_MOST_BYTES = 64_000_000;
/** The limits are checked after this many answers or bytes of one hospital. */
const LOOKED_AT_AFTER = { answers: 100, bytes: 8_000_000 };

/** A key of one caller in its stored form: two callers may choose the same key. */
export interface CallersKey {
  readonly caller: Caller;
  readonly stored: string;
  readonly call: string;
  /** Distinguishes this request from another one with the key. In place of the digest until the request has ended. */
  readonly claim: Buffer;
}

export const callersKey = (caller: Caller, key: string, call: string): CallersKey => ({
  ...{ caller, call, claim: randomBytes(16) },
  stored: createHash('sha256')
    .update(JSON.stringify([caller.kind, caller.id, key]))
    .digest('hex'),
});

/** In place of a status: what the request did is committed, and its answer is not kept yet, or never will be. */
export const CARRIED_OUT = 0;

/** An earlier request with the key. */
export interface EarlierRequest {
  /** Null while the request runs. */
  readonly status: number | null;
  /** Whether it began so lately that it may still run. */
  readonly isNew: boolean;
  /** SHA-256 of address and body; once the answer is kept. */
  readonly digest: Buffer;
  /** Whether the caller's limits at that time are the present ones. */
  readonly sameLimits: boolean;
}

/** An answer that may be repeated, and the patients that it names. */
export interface KeptAnswer {
  readonly body: string;
  readonly patients: readonly string[];
}

/** The answers of POST requests with an `Idempotency-Key`, for seven days. */
@Injectable()
export class KeptAnswers {
  private readonly afterOutage = new AfterOutage(CLAIMED_MINUTES * 60_000);
  private readonly since = new Map<string, { answers: number; bytes: number }>();

  constructor(private readonly scope: HospitalScope) {}

  /** Claims the key for this request; returns the earlier request that has it. */
  async take(key: CallersKey): Promise<EarlierRequest | undefined> {
    try {
      return await this.claim(key);
    } catch (error) {
      this.afterOutage.later(() => this.giveUp(key)); // the claim may have been committed all the same
      throw error;
    }
  }

  private async claim({ caller, stored, call, claim }: CallersKey): Promise<EarlierRequest | undefined> {
    return this.within(caller, async ({ db }) => {
      const taken = await db.query<unknown[]>(
        `WITH forgotten AS (DELETE FROM idempotent_answer
           WHERE hospital_id = $1 AND key <> $2 AND created_at < program_now() - interval '${KEPT}')
         INSERT INTO idempotent_answer AS kept (hospital_id, key, request_hash, caller_id, call, limits)
         VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (hospital_id, key) DO UPDATE SET request_hash = excluded.request_hash, limits = excluded.limits, created_at = program_now()
           WHERE kept.status IS NULL AND kept.created_at < program_now() - interval '${CLAIMED_MINUTES} minutes'
         RETURNING true`,
        [caller.hospitalId, stored, claim, caller.id, call, limitsOf(caller)],
      );
      if (taken.length > 0) return undefined;
      const [earlier] = await db.query<EarlierRequest[]>(
        `SELECT status, request_hash AS digest, limits = $3 AS "sameLimits",
                created_at > program_now() - interval '${CLAIMED_MINUTES} minutes' AS "isNew" FROM idempotent_answer
          WHERE hospital_id = $1 AND key = $2`,
        [caller.hospitalId, stored, limitsOf(caller)],
      );
      return earlier ?? { status: null, digest: Buffer.alloc(0), sameLimits: true, isNew: true };
    });
  }

  /**
   * Keeps the answer. If the answer is too large, or names a patient who was erased meanwhile, keeps only that the
   * request was carried out. Where the database is away, keeps it later: the request has succeeded.
   */
  async keep(
    { caller, stored, claim }: CallersKey,
    digest: Buffer,
    { status, body, patients }: { status: number; body: unknown; patients: readonly string[] },
  ): Promise<void> {
    const text = JSON.stringify(body ?? null);
    const bytes = Buffer.byteLength(text);
    const keep = async (tx: HospitalTransaction): Promise<void> => {
      await tx.db.query(ERASURE_WAITS, [tx.hospital.id]);
      const isKept = bytes <= LONGEST_BODY_BYTES && !(await nameErased(tx, patients));
      const sealed = isKept ? (await tx.keys()).seal(text, sealContextOf(stored)) : null;
      await tx.db.query(
        `UPDATE idempotent_answer SET request_hash = $3, status = $4, body = $5, patients = $6
          WHERE hospital_id = $1 AND key = $2 AND coalesce(status, ${CARRIED_OUT}) = ${CARRIED_OUT} AND request_hash = $7`,
        [tx.hospital.id, stored, digest, status, sealed, isKept ? patients : [], claim],
      );
    };
    await this.afterOutage.run(async () => {
      await this.within(caller, keep);
      await this.keepBounds(caller, bytes);
    });
  }

  /** In the transaction of the request: once that is committed, the request is not carried out again. */
  async noteCarriedOut(db: EntityManager, { caller, stored, claim }: CallersKey): Promise<void> {
    await db.query(
      `UPDATE idempotent_answer SET status = ${CARRIED_OUT}
        WHERE hospital_id = $1 AND key = $2 AND status IS NULL AND request_hash = $3`,
      [caller.hospitalId, stored, claim],
    );
  }

  /**
   * Releases the key: the request was refused and has changed nothing. Where the database was away, releases it as soon as
   * that answers, unless the request was committed all the same: then it says so from now on.
   */
  async release(key: CallersKey, error: unknown): Promise<void> {
    await this.afterOutage.run(() => (isBusy(error) ? this.giveUp(key) : this.forget(key)));
  }

  private async giveUp({ caller, stored, claim }: CallersKey): Promise<void> {
    await this.within(caller, ({ db }) =>
      db.query(
        `WITH committed AS (UPDATE idempotent_answer SET created_at = created_at - interval '${CLAIMED_MINUTES} minutes'
           WHERE hospital_id = $1 AND key = $2 AND status = ${CARRIED_OUT} AND request_hash = $3)
         DELETE FROM idempotent_answer WHERE hospital_id = $1 AND key = $2 AND status IS NULL AND request_hash = $3`,
        [caller.hospitalId, stored, claim],
      ),
    );
  }

  private async forget({ caller, stored, claim }: CallersKey): Promise<void> {
    await this.within(caller, ({ db }) =>
      db.query(
        `DELETE FROM idempotent_answer WHERE hospital_id = $1 AND key = $2 AND request_hash = $3
            AND coalesce(status, ${CARRIED_OUT}) = ${CARRIED_OUT}`,
        [caller.hospitalId, stored, claim],
      ),
    );
  }

  /**
   * Opens the kept answer in a transaction of the caller, and lets `record` audit it. `hidden`: the caller may no
   * longer see every patient in it; `dropped`: its body was not kept.
   */
  async open(
    { caller, stored }: CallersKey,
    record: (tx: HospitalTransaction, patients: readonly string[]) => Promise<void>,
  ): Promise<KeptAnswer | 'hidden' | 'dropped'> {
    return this.within(caller, async (tx) => {
      const [row] = await tx.db.query<{ body: string | null; patients: string[]; seen: number }[]>(
        `SELECT body, patients, (SELECT count(*)::integer FROM patient p WHERE p.hospital_id = $1 AND p.id = ANY (patients)) AS seen
           FROM idempotent_answer WHERE hospital_id = $1 AND key = $2`,
        [tx.hospital.id, stored],
      );
      if (row && row.seen < row.patients.length) return 'hidden';
      if (!row?.body) return 'dropped';
      await record(tx, row.patients);
      const keys = await tx.keys([row.body]);
      return { body: keys.open(row.body, sealContextOf(stored)), patients: row.patients };
    });
  }

  /**
   * Drops what exceeds the hospital's limits: first whole entries, then the bodies of the callers with the largest
   * shares.
   */
  private async keepBounds(caller: Caller, bytes: number): Promise<void> {
    const since = this.since.get(caller.hospitalId) ?? { answers: 0, bytes: 0 };
    const now = { answers: since.answers + 1, bytes: since.bytes + bytes };
    const isTime = now.answers >= LOOKED_AT_AFTER.answers || now.bytes >= LOOKED_AT_AFTER.bytes;
    this.since.set(caller.hospitalId, isTime ? { answers: 0, bytes: 0 } : now);
    if (isTime)
      await this.within(caller, ({ db, hospital }) =>
        db.query(DROP_BEYOND, [hospital.id, ANSWERS_AT_MOST, BODIES_AT_MOST_BYTES]),
      );
  }

  private within<T>(caller: Caller, work: (tx: HospitalTransaction) => Promise<T>): Promise<T> {
    return this.scope.run(caller, () => this.scope.unaudited(work));
  }
}

const sealContextOf = (stored: string): SealContext => ({
  table: 'idempotent_answer',
  column: 'body',
  row: stored,
});

/** Everything that determines what an answer may show to the caller. */
const limitsOf = (caller: Caller): Buffer => {
  const { roles, scopes, patientScope } = caller;
  const sorted = (words: readonly string[] | null): string[] | null => words && [...words].sort();
  const limited = {
    ...caller,
    patientScope: { ...patientScope, departments: sorted(patientScope.departments) },
  };
  return createHash('sha256')
    .update(
      JSON.stringify([sorted(roles), sorted(scopes), patientScopeSetting(limited), seesIdentity(caller)]),
    )
    .digest();
};

/** An erasure holds this advisory lock exclusively, so that no answer about the patient is kept at the same time. */
export const ERASURE_LOCK = `hashtextextended('idempotent answers ' || $1, 0)`;
const ERASURE_WAITS = `SELECT pg_advisory_xact_lock_shared(${ERASURE_LOCK})`;

const nameErased = (tx: HospitalTransaction, patients: readonly string[]): Promise<boolean> =>
  patients.length === 0
    ? Promise.resolve(false)
    : beyondPatientScope(tx, async () => {
        const [{ erased }] = await tx.db.query<[{ erased: boolean }]>(
          `SELECT EXISTS (SELECT FROM patient WHERE hospital_id = $1 AND id = ANY ($2) AND erased_at IS NOT NULL) AS erased`,
          [tx.hospital.id, patients],
        );
        return erased;
      });

// A caller's newest answer ranks before any other caller's older ones. One process at a time is enough.
// IS TRUE makes PostgreSQL hash the keys. A join or an array would compare all pairs of rows where it takes the table for
// nearly empty.
const DROP_BEYOND = `
  WITH turn AS MATERIALIZED (SELECT pg_try_advisory_xact_lock(hashtextextended('idempotent bounds ' || $1, 0)) AS mine),
  own AS (
    SELECT key, row_number() OVER newest AS place, sum(coalesce(octet_length(body), 0)) OVER newest AS bytes, octet_length(body) AS size
      FROM idempotent_answer, turn WHERE hospital_id = $1::uuid AND status IS NOT NULL AND mine
    WINDOW newest AS (PARTITION BY caller_id ORDER BY created_at DESC, key ROWS UNBOUNDED PRECEDING)),
  ranked AS (
    SELECT key, row_number() OVER (ORDER BY place, key) AS place, sum(size) OVER (ORDER BY bytes, key ROWS UNBOUNDED PRECEDING) AS bytes
      FROM own),
  dropped AS (
    DELETE FROM idempotent_answer
     WHERE hospital_id = $1::uuid AND (key IN (SELECT key FROM ranked WHERE place > $2)) IS TRUE)
  UPDATE idempotent_answer SET body = NULL, patients = '{}'
   WHERE hospital_id = $1::uuid AND (key IN (SELECT key FROM ranked WHERE place <= $2 AND bytes > $3)) IS TRUE AND body IS NOT NULL`;
