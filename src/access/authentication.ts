import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyRequest } from 'fastify';
import { ApiKeys } from '../accounts/api-keys/api-keys.service.js';
import { ACCESS_TOKEN_PREFIX, AccessTokens } from '../accounts/signed-in-clients/access-tokens.js';
import { originOf } from '../accounts/signed-in-clients/own-addresses.js';
import { SignedCalls } from '../accounts/signed-in-clients/signed-calls.js';
import { auditedCallOf, type Identified } from '../tenancy/request-caller.js';
import { CONFIG, type Config } from '../platform/config.js';
import type { Caller } from '../tenancy/caller.js';
import { callAt } from '../platform/http/program-calls.js';
import { RateLimits } from '../platform/http/rate-limits.js';
import { OPEN_CALLS } from '../tenancy/rights.js';
import { cookieOf } from '../accounts/sign-in/session-cookies.js';
import { SESSION_PREFIX, Sessions } from '../accounts/sign-in/sessions.service.js';

/** The call in the notation of the table of rights; undefined outside the API. */
export const callOf = ({ method, routeOptions: { url = '' } }: FastifyRequest): string | undefined =>
  callAt(method, url);

/** Identifies the caller before the body is read, so that bodies of unknown callers cost nothing. */
@Injectable()
export class Authentication implements OnModuleInit {
  constructor(
    private readonly host: HttpAdapterHost<FastifyAdapter>,
    private readonly apiKeys: ApiKeys,
    @Inject(CONFIG) private readonly config: Pick<Config, 'publicUrl'>,
    private readonly signedCalls: SignedCalls,
    private readonly accessTokens: AccessTokens,
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

  private signedCallerOf(request: FastifyRequest, jwt: string): Promise<Caller> {
    const address = `${originOf(this.config, request)}${request.url.split('?')[0] ?? ''}`;
    return this.signedCalls.callerOf(jwt, address, auditedCallOf(request, callOf(request) ?? ''));
  }

  /** By the credential: the token of a session or machine, a key, or, without one, a browser's cookie. */
  private async callerOf(request: FastifyRequest): Promise<Caller | undefined> {
    const [, sent] = /^Bearer\s+(\S+)$/i.exec(request.headers.authorization ?? '') ?? [];
    const kept = request.headers.authorization === undefined ? cookieOf(request, 'session') : undefined;
    if (sent !== undefined && isSignedCall(request, sent)) return this.signedCallerOf(request, sent);
    const token = kept ?? (sent?.startsWith(SESSION_PREFIX) ? sent : undefined);
    const caller =
      token !== undefined
        ? await this.sessions.callerOf(token, request.ip)
        : sent?.startsWith(ACCESS_TOKEN_PREFIX)
          ? await this.accessTokens.callerOf(sent, request.ip)
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

/** CDS Hooks alone signs each call; its tokens have the three parts of a JSON Web Token. */
const isSignedCall = ({ routeOptions: { url = '' } }: FastifyRequest, sent: string): boolean =>
  url.startsWith('/cds-services/') && /^[\w-]+\.[\w-]+\.[\w-]+$/.test(sent);
