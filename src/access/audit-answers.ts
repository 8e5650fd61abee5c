import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { problem } from '../platform/http/problem.js';
import { REFUSAL_FORMS, type RefusalForm, writtenRefusal } from '../platform/http/refusal-forms.js';
import { msg } from '../platform/messages/dictionary.js';
import { languageFor, languageHeaders } from '../platform/messages/language.js';
import type { AuditedCall } from '../tenancy/audit-entry.js';
import type { Caller } from '../tenancy/caller.js';
import { HospitalScope } from '../tenancy/hospital-scope.js';
import { UnknownCallers } from './unknown-callers.js';

const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;

/** The ids that a refused call named. The rest of a request is free text and is not recorded. */
const namedBy = (params: unknown): Readonly<Record<string, string>> | undefined => {
  const named = Object.entries((params ?? {}) as Record<string, string>).filter(([, id]) => UUID.test(id));
  return named.length > 0 ? Object.fromEntries(named) : undefined;
};

const LIMITED_REMEMBERED = 10_000;
const RETRY_SECONDS = 5;

/**
 * Ensures that every answer is in the audit trail before it is sent. Records a call whose transactions recorded
 * nothing, because it was refused or had none. Answers 503 when recording fails.
 */
@Injectable()
export class AuditAnswers implements OnModuleInit {
  private readonly limited = new Map<string, number>();

  constructor(
    private readonly host: HttpAdapterHost<FastifyAdapter>,
    private readonly scope: HospitalScope,
    private readonly unknown: UnknownCallers,
    @Inject(REFUSAL_FORMS) private readonly forms: readonly RefusalForm[],
  ) {}

  onModuleInit(): void {
    this.host.httpAdapter
      .getInstance()
      .addHook('onSend', (request, reply, payload) => this.record(request, reply, payload));
  }

  /**
   * A refused caller over the rate limit is recorded once a minute; otherwise the limit would not protect the
   * database.
   */
  private isRepeatedLimit({ kind, id }: Caller, status: number): boolean {
    if (status !== 429) return false;
    const minute = Math.floor(performance.now() / 60_000);
    const repeated = this.limited.get(`${kind} ${id}`) === minute;
    if (this.limited.size >= LIMITED_REMEMBERED) this.limited.clear();
    this.limited.set(`${kind} ${id}`, minute);
    return repeated;
  }

  private async record(
    request: FastifyRequest & { caller?: Caller; audited?: AuditedCall },
    reply: FastifyReply,
    payload: unknown,
  ): Promise<unknown> {
    const { caller, audited, params, ip } = request;
    const refused = reply.statusCode >= 400;
    if (caller === undefined && reply.statusCode === 401) this.unknown.count(ip);
    if (caller === undefined || audited === undefined || (audited.recorded && !refused)) return payload;
    if (this.isRepeatedLimit(caller, reply.statusCode)) return payload;
    try {
      await this.scope.run(caller, () =>
        this.scope.recordAlone(audited, {
          outcome: refused ? 'refused' : 'done',
          status: reply.statusCode,
          detail: refused ? namedBy(params) : undefined,
        }),
      );
      audited.recorded = true;
      return payload;
    } catch {
      const language = languageFor(request);
      const refusal = problem({ status: 503, code: 'not-audited', text: msg('not-audited') }, language);
      const { contentType, body } = writtenRefusal(this.forms, request.url, refusal);
      void reply
        .status(503)
        .headers({ 'content-type': contentType, 'retry-after': RETRY_SECONDS, ...languageHeaders(language) });
      return body;
    }
  }
}
