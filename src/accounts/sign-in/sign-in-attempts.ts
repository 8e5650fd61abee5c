import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { tooMany } from '../../platform/domain-error.js';
import { networkOf } from '../../platform/outbound/address-range.js';
import type { HospitalTransaction } from '../../tenancy/hospital-scope.js';
import { msg } from '../../platform/messages/dictionary.js';

const LONGEST_WAIT_SECONDS = 900;
const FORGOTTEN_AFTER = '1 day';

/** A counter, and how many failures are free before each further one doubles the wait. */
interface Counted {
  readonly digest: string;
  readonly free: number;
}

const counted = (free: number, ...what: readonly string[]): Counted => ({
  digest: createHash('sha256').update(JSON.stringify(what)).digest('hex'),
  free,
});

/**
 * Slows down guessing without locking out the person. A guess from a device on which this person has never signed in
 * counts against the login at that address and, more slowly, against the login as a whole. A guess from a known
 * device counts against that device alone. So guesses from elsewhere do not lock the person out.
 */
@Injectable()
export class SignInAttempts {
  /**
   * Counts one attempt before its result is known. Throws (429) when it came too soon; that attempt is not counted.
   */
  async take(
    { db, hospital }: HospitalTransaction,
    login: string,
    from: { readonly address: string; readonly device: Buffer | undefined },
  ): Promise<Attempt> {
    const counts = from.device
      ? [counted(5, 'device', login, from.device.toString('hex'))]
      : [counted(5, 'address', login, networkOf(from.address)), counted(20, 'login', login)];
    for (const one of counts) await count(db, hospital.id, one);
    return new Attempt(counts);
  }

  /** The same for a signed-in person who proves the identity again. */
  async takeAgain({ db, hospital }: HospitalTransaction, sessionId: string): Promise<Attempt> {
    const one = counted(5, 'session', sessionId);
    await count(db, hospital.id, one);
    return new Attempt([one]);
  }
}

/** An attempt that was counted as a failure, until it is corrected. */
export class Attempt {
  constructor(private readonly counts: readonly Counted[]) {}

  /** The attempt was no guess, though not sufficient: undoes its count. */
  async undo({ db, hospital }: HospitalTransaction): Promise<void> {
    await db.query(
      `UPDATE sign_in_attempt SET failures = greatest(0, failures - 1) WHERE hospital_id = $1 AND counted = ANY ($2)`,
      [hospital.id, this.counts.map(({ digest }) => digest)],
    );
  }

  /** The attempt was right: resets the count here, and removes one failure from the login as a whole. */
  async forgive({ db, hospital }: HospitalTransaction): Promise<void> {
    const [here, whole] = this.counts.map(({ digest }) => digest);
    await db.query('DELETE FROM sign_in_attempt WHERE hospital_id = $1 AND counted = $2', [
      hospital.id,
      here,
    ]);
    await db.query(
      `UPDATE sign_in_attempt SET failures = greatest(0, failures - 1) WHERE hospital_id = $1 AND counted = $2`,
      [hospital.id, whole ?? null],
    );
    await db.query(
      `DELETE FROM sign_in_attempt WHERE hospital_id = $1 AND last_at < program_now() - interval '${FORGOTTEN_AFTER}'`,
      [hospital.id],
    );
  }
}

/** One statement, so that each of many simultaneous guesses is counted before the next is checked. */
async function count(db: EntityManager, hospitalId: string, { digest, free }: Counted): Promise<void> {
  const wait = `make_interval(secs => CASE WHEN failed.n < $3 THEN 0
                  ELSE least(${LONGEST_WAIT_SECONDS}, power(2, least(failed.n - $3, 20))) END)`;
  const taken = await db.query<unknown[]>(
    `INSERT INTO sign_in_attempt AS a (hospital_id, counted, failures, last_at, blocked_until)
     VALUES ($1, $2, 1, program_now(), program_now())
     ON CONFLICT (hospital_id, counted) DO UPDATE SET
       (failures, last_at, blocked_until) =
         (SELECT failed.n, program_now(), program_now() + ${wait}
            FROM (SELECT CASE WHEN a.last_at < program_now() - interval '${FORGOTTEN_AFTER}' THEN 1
                              ELSE a.failures + 1 END AS n) AS failed)
       WHERE a.blocked_until <= program_now()
     RETURNING true`,
    [hospitalId, digest, free],
  );
  if (taken.length > 0) return;
  const [{ seconds }] = await db.query<[{ seconds: number }]>(
    `SELECT ceil(extract(epoch FROM blocked_until - program_now()))::integer AS seconds
       FROM sign_in_attempt WHERE hospital_id = $1 AND counted = $2`,
    [hospitalId, digest],
  );
  throw tooMany('too-many-attempts', msg('too-many-attempts'), Math.max(1, seconds));
}
