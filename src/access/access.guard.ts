import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { DomainError } from '../domain-error.js';
import { ApiKeys } from './api-keys.service.js';
import type { AuditedCall } from './audit-entry.js';
import { auditedCallOf, refuseUnknownPurpose } from './audit-answers.js';
import type { Caller } from './caller.js';
import { RateLimits } from './rate-limits.js';
import { mayCall, OPEN_CALLS, refuseUnproven, type Right, RIGHTS } from './rights.js';
import { cookieOf, refuseForgery } from './session-cookies.js';
import { SESSION_PREFIX, Sessions } from './sessions.service.js';
import { msg } from '../platform/messages/dictionary.js';

/** Who asks, once known; set by the guard, read by the interceptors. */
export interface Identified {
  caller?: Caller;
  audited?: AuditedCall;
}

const PREFIX = '/api/v1';

/** Lets nobody into the API who is not known, and nobody make a call that `rights.ts` does not give them. */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    private readonly apiKeys: ApiKeys,
    private readonly sessions: Sessions,
    private readonly rateLimits: RateLimits,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<FastifyRequest & Identified>();
    const route = request.routeOptions.url ?? '';
    if (!route.startsWith(`${PREFIX}/`)) return true;
    const call = `${request.method === 'HEAD' ? 'GET' : request.method} ${route.slice(PREFIX.length)}`;
    if (OPEN_CALLS.includes(call)) return true;
    const caller = await this.rateLimits.identify(request, () => this.callerOf(request));
    request.caller = caller;
    request.audited = auditedCallOf(request, call);
    await this.rateLimits.admit(request, caller);
    refuseUnknownPurpose(request);
    if (caller.session?.kind === 'cookie') refuseForgery(request);
    const right = RIGHTS[call];
    if (right === undefined || !mayCall(caller, right)) throw refusal(call, caller, right);
    refuseUnproven(call, caller, right);
    return true;
  }

  /** By what is sent along: a session's token, a key, or, where neither is, the cookie of a browser. */
  private async callerOf(request: FastifyRequest): Promise<Caller | undefined> {
    const [, sent] = /^Bearer\s+(\S+)$/i.exec(request.headers.authorization ?? '') ?? [];
    const kept = request.headers.authorization === undefined ? cookieOf(request, 'session') : undefined;
    const token = kept ?? (sent?.startsWith(SESSION_PREFIX) ? sent : undefined);
    const caller =
      token !== undefined
        ? await this.sessions.callerOf(token, request.ip)
        : sent !== undefined
          ? await this.apiKeys.callerOf(sent, request.ip)
          : undefined;
    // A cookie is not taken as a token, nor a token as a cookie: forgery is looked for by the kind.
    const isTaken =
      caller?.session === undefined || (caller.session.kind === 'cookie') === (kept !== undefined);
    return isTaken ? caller : undefined;
  }
}

const KINDS = {
  person: msg('caller-person'),
  key: msg('caller-key'),
  program: msg('caller-program'),
} as const;

function refusal(call: string, { kind, roles, scopes }: Caller, right: Right | undefined): DomainError {
  const who = { call, roles, kind: KINDS[kind] };
  const why =
    right?.own && kind !== 'person'
      ? msg('people-only', { call })
      : right && scopes !== null && !scopes.includes(right.scope)
        ? msg('not-in-scope', { ...who, scopes, scope: right.scope })
        : msg('not-allowed', who);
  return new DomainError('forbidden', 'not-allowed', why);
}
