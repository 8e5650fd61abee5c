import { createHash } from 'node:crypto';
import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { catchError, concatMap, from, type Observable, of, throwError } from 'rxjs';
import { DomainError } from '../domain-error.js';
import type { Identified } from './access.guard.js';
import type { Caller } from './caller.js';
import type { Place } from './hospital-keys.js';
import { HospitalScope, type HospitalTransaction } from './hospital-scope.js';
import { RIGHTS } from './rights.js';
import { msg } from '../platform/messages/dictionary.js';

const LONGEST_KEY = 255;
const KEPT = '7 days';

interface Answer {
  readonly sameRequest: boolean;
  readonly status: number | null;
  readonly body: string | null;
}

/**
 * A POST with an `Idempotency-Key` is carried out once: repeated within seven days, it answers as the first time did. A
 * refused request leaves nothing behind, so the key may be used again for the corrected one. An answer that shows a
 * secret once is not kept.
 */
@Injectable()
export class IdempotencyInterceptor implements NestInterceptor {
  constructor(private readonly scope: HospitalScope) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const http = context.switchToHttp();
    const request = http.getRequest<FastifyRequest & Identified>();
    const key = request.headers['idempotency-key'];
    const { caller, audited } = request;
    if (audited && RIGHTS[audited.call]?.secret) return next.handle();
    if (request.method !== 'POST' || typeof key !== 'string' || caller === undefined) return next.handle();
    if (key.length > LONGEST_KEY)
      throw new DomainError(
        'malformed',
        'idempotency-key-too-long',
        msg('idempotency-key-too-long', { limit: LONGEST_KEY }),
      );
    const reply = http.getResponse<FastifyReply>();
    return from(this.earlierAnswer(caller, key, hashOf(request, caller))).pipe(
      concatMap((earlier) => {
        if (earlier) {
          void reply.status(earlier.status ?? 200).header('idempotency-replayed', 'true');
          return of(JSON.parse(earlier.body ?? 'null') as unknown);
        }
        return next.handle().pipe(
          concatMap((body: unknown) => from(this.remember(caller, key, reply.statusCode, body))),
          catchError((error: unknown) =>
            from(this.forget(caller, key)).pipe(concatMap(() => throwError(() => error))),
          ),
        );
      }),
    );
  }

  /** Takes the key for this request; answers what an earlier one with the same key was told. */
  private async earlierAnswer(caller: Caller, key: string, hash: Buffer): Promise<Answer | undefined> {
    const earlier = await this.within(caller, async (tx) => {
      const taken = await tx.db.query<unknown[]>(
        `WITH forgotten AS (DELETE FROM idempotent_answer
           WHERE hospital_id = $1 AND key <> $2 AND created_at < program_now() - interval '${KEPT}')
         INSERT INTO idempotent_answer AS kept (hospital_id, key, request_hash) VALUES ($1, $2, $3)
         ON CONFLICT (hospital_id, key) DO UPDATE SET request_hash = excluded.request_hash, created_at = program_now()
           WHERE kept.status IS NULL AND kept.created_at < program_now() - interval '2 minutes'
         RETURNING true`, // a process that died in the middle holds its key for two minutes
        [caller.hospitalId, key, hash],
      );
      if (taken.length > 0) return 'none';
      const [answer] = await tx.db.query<Answer[]>(
        `SELECT request_hash = $3 AS "sameRequest", status, body FROM idempotent_answer WHERE hospital_id = $1 AND key = $2`,
        [caller.hospitalId, key, hash],
      );
      if (typeof answer?.body !== 'string') return answer;
      const keys = await tx.keys([answer.body]);
      return { ...answer, body: keys.open(answer.body, placeOf(key)) };
    });
    if (earlier === 'none') return undefined;
    if (!earlier || earlier.status === null)
      throw new DomainError('conflict', 'request-in-progress', msg('request-in-progress'));
    if (!earlier.sameRequest)
      throw new DomainError('conflict', 'idempotency-key-reused', msg('idempotency-key-reused'));
    return earlier;
  }

  private async remember(caller: Caller, key: string, status: number, body: unknown): Promise<unknown> {
    await this.within(caller, async (tx) => {
      const sealed = (await tx.keys()).seal(JSON.stringify(body ?? null), placeOf(key));
      await tx.db.query(
        `UPDATE idempotent_answer SET status = $3, body = $4 WHERE hospital_id = $1 AND key = $2`,
        [caller.hospitalId, key, status, sealed],
      );
    });
    return body;
  }

  private async forget(caller: Caller, key: string): Promise<void> {
    await this.within(caller, ({ db }) =>
      db.query(`DELETE FROM idempotent_answer WHERE hospital_id = $1 AND key = $2 AND status IS NULL`, [
        ...[caller.hospitalId, key],
      ]),
    );
  }

  private within<T>(caller: Caller, work: (tx: HospitalTransaction) => Promise<T>): Promise<T> {
    return this.scope.run(caller, () => this.scope.unaudited(work));
  }
}

const placeOf = (key: string): Place => ({ table: 'idempotent_answer', column: 'body', row: key });

// Another person's answer is not for this one.
const hashOf = ({ url, body, headers }: FastifyRequest, { id }: Caller): Buffer =>
  createHash('sha256')
    .update(JSON.stringify([id, url, body ?? headers['content-length'] ?? null]))
    .digest();

/** Forgets the kept answers of the hospital in which one of these words stands. */
export async function forgetAnswersWith(tx: HospitalTransaction, words: readonly string[]): Promise<void> {
  const kept = await tx.db.query<{ key: string; body: string }[]>(
    'SELECT key, body FROM idempotent_answer WHERE hospital_id = $1 AND body IS NOT NULL',
    [tx.hospital.id],
  );
  const keys = await tx.keys(kept.map(({ body }) => body));
  const those = kept.filter(({ key, body }) => {
    const answer = keys.open(body, placeOf(key));
    return words.some((word) => answer.includes(word));
  });
  await tx.db.query('DELETE FROM idempotent_answer WHERE hospital_id = $1 AND key = ANY ($2)', [
    tx.hospital.id,
    those.map(({ key }) => key),
  ]);
}
