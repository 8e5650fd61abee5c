import { Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyRequest } from 'fastify';
import { ApiKeys } from '../accounts/api-keys/api-keys.service.js';
import { auditedCallOf, type Identified } from '../tenancy/request-caller.js';
import type { Caller } from '../tenancy/caller.js';
import { RateLimits } from '../platform/http/rate-limits.js';
import { OPEN_CALLS } from '../tenancy/rights.js';
import { cookieOf } from '../accounts/sign-in/session-cookies.js';
import { SESSION_PREFIX, Sessions } from '../accounts/sign-in/sessions.service.js';

const PREFIX = '/api/v1';

/** The call in the notation of the table of rights; undefined outside the API. */
export function callOf({ method, routeOptions: { url = '' } }: FastifyRequest): string | undefined {
  if (!url.startsWith(`${PREFIX}/`)) return undefined;
  return `${method === 'HEAD' ? 'GET' : method} ${url.slice(PREFIX.length)}`;
}

/** Identifies the caller before the body is read, so that bodies of unknown callers cost nothing. */
@Injectable()
export class Authentication implements OnModuleInit {
  constructor(
    private readonly host: HttpAdapterHost<FastifyAdapter>,
    private readonly apiKeys: ApiKeys,
    private readonly sessions: Sessions,
    private readonly rateLimits: RateLimits,
  ) {}

  onModuleInit(): void {
    this.host.httpAdapter.getInstance().addHook('onRequest', (request) => this.identify(request));
  }

  private async identify(request: FastifyRequest & Identified): Promise<void> {
    const call = callOf(request);
    if (call === undefined || OPEN_CALLS.includes(call)) return;
    const caller = await this.rateLimits.identify(request, () => this.callerOf(request));
    request.caller = caller;
    request.audited = auditedCallOf(request, call);
    await this.rateLimits.admit(request, caller);
  }

  /** By the credential: a session's token, a key, or, without either, a browser's cookie. */
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
    // A cookie is not accepted as a token, nor a token as a cookie, because the check against request forgery depends
    // on the kind.
    const isTaken =
      caller?.session === undefined || (caller.session.kind === 'cookie') === (kept !== undefined);
    return isTaken ? caller : undefined;
  }
}
