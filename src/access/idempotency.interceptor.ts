import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { catchError, concatMap, from, type Observable, throwError } from 'rxjs';
import { DomainError, invalid } from '../platform/domain-error.js';
import { msg } from '../platform/messages/dictionary.js';
import type { Identified } from '../tenancy/request-caller.js';
import { recordAudit } from '../tenancy/audit-entry.js';
import {
  callersKey,
  type CallersKey,
  CARRIED_OUT,
  type EarlierRequest,
  KeptAnswers,
} from './kept-answers.js';
import { bodyDigest, digestByReading, digestWhileRead } from './request-digest.js';
import { RIGHTS } from '../tenancy/rights.js';

const LONGEST_KEY = 255;

type KnownRequest = FastifyRequest & Required<Identified>;

/**
 * A POST that changes something and has an `Idempotency-Key` runs once for each caller and key. A repetition within
 * seven days returns the first answer. It is refused when the caller may now see less, or when the answer was not
 * kept. A refused request changes nothing, so the key may be used again for the corrected one.
 */
@Injectable()
export class IdempotencyInterceptor implements NestInterceptor {
  constructor(private readonly answers: KeptAnswers) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const http = context.switchToHttp();
    const request = http.getRequest<FastifyRequest & Identified>();
    const sent = request.headers['idempotency-key'];
    if (!isKnown(request) || typeof sent !== 'string' || !isKept(request)) return next.handle();
    if (sent.length > LONGEST_KEY)
      throw new DomainError(
        'malformed',
        'idempotency-key-too-long',
        msg('idempotency-key-too-long', { limit: LONGEST_KEY }),
      );
    const reply = http.getResponse<FastifyReply>();
    const key = callersKey(request.caller, sent, request.audited.call);
    const digest = bodyDigest(request);
    return from(this.answers.take(key)).pipe(
      concatMap((earlier) =>
        earlier
          ? from(this.repeat(request, reply, key, earlier))
          : this.carryOut(request, reply, key, digest, next),
      ),
    );
  }

  private carryOut(
    request: KnownRequest,
    reply: FastifyReply,
    key: CallersKey,
    digest: Buffer | undefined,
    next: CallHandler,
  ): Observable<unknown> {
    const digestRead = digest === undefined ? digestWhileRead(request) : () => digest;
    if (!RIGHTS[request.audited.call]?.sameAgain)
      request.audited.alsoWrites = (db) => this.answers.noteCarriedOut(db, key);
    return next.handle().pipe(
      catchError((error: unknown) =>
        from(this.answers.release(key, error)).pipe(concatMap(() => throwError(() => error))),
      ),
      concatMap(async (body: unknown) => {
        const patients = [...request.audited.patients];
        await this.answers.keep(key, digestRead(), { status: reply.statusCode, body, patients });
        return body;
      }),
    );
  }

  /** The first answer, recorded with the patients that it names; or the reason why it cannot be repeated. */
  private async repeat(
    request: KnownRequest,
    reply: FastifyReply,
    key: CallersKey,
    { status, digest, sameLimits, isNew }: EarlierRequest,
  ): Promise<unknown> {
    if (status === null || (status === CARRIED_OUT && isNew))
      throw new DomainError('conflict', 'request-in-progress', msg('request-in-progress'));
    if (status === CARRIED_OUT) throw answerNotKept();
    const sent = bodyDigest(request) ?? (await digestByReading(request));
    if (!digest.equals(sent)) throw invalid('idempotency-key-reused', msg('idempotency-key-reused'), []);
    if (!sameLimits) throw limitsChanged();
    const { audited, caller } = request;
    const kept = await this.answers.open(key, ({ db }, patients) =>
      recordAudit(db, caller, audited, { outcome: 'done', status, patients }),
    );
    if (kept === 'hidden') throw limitsChanged();
    if (kept === 'dropped') throw answerNotKept();
    audited.recorded = true;
    void reply.status(status).header('idempotency-replayed', 'true');
    return JSON.parse(kept.body) as unknown;
  }
}

const isKnown = (request: FastifyRequest & Identified): request is KnownRequest =>
  request.caller !== undefined && request.audited !== undefined;

/**
 * Whether the answer is kept: not for a call that can simply be repeated, nor for an answer with a secret that is
 * shown once.
 */
function isKept({ method, audited: { call } }: KnownRequest): boolean {
  const { secret, reads } = RIGHTS[call] ?? {};
  return method === 'POST' && !secret && !reads;
}

const answerNotKept = (): DomainError =>
  new DomainError('conflict', 'answer-not-kept', msg('answer-not-kept'));

const limitsChanged = (): DomainError =>
  new DomainError('conflict', 'idempotent-limits-changed', msg('idempotent-limits-changed'));
