import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { DomainError } from '../domain-error.js';
import { ApiKeys } from './api-keys.service.js';
import type { AuditedCall } from './audit-entry.js';
import { auditedCallOf, refuseUnknownPurpose } from './audit-answers.js';
import type { Caller } from './caller.js';
import { RateLimits } from './rate-limits.js';
import { mayCall, OPEN_CALLS, RIGHTS } from './rights.js';

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
    private readonly rateLimits: RateLimits,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<FastifyRequest & Identified>();
    const route = request.routeOptions.url ?? '';
    if (!route.startsWith(`${PREFIX}/`)) return true;
    const call = `${request.method === 'HEAD' ? 'GET' : request.method} ${route.slice(PREFIX.length)}`;
    if (OPEN_CALLS.includes(call)) return true;
    const caller = await this.callerOf(request);
    request.caller = caller;
    request.audited = auditedCallOf(request, call);
    await this.rateLimits.admit(request, caller);
    refuseUnknownPurpose(request);
    const right = RIGHTS[call];
    if (right === undefined || !mayCall(caller, right)) throw refusal(call, caller);
    return true;
  }

  private async callerOf(request: FastifyRequest): Promise<Caller> {
    const [, key] = /^Bearer\s+(\S+)$/i.exec(request.headers.authorization ?? '') ?? [];
    const caller = key === undefined ? undefined : await this.apiKeys.callerOf(key, request.ip);
    if (caller) return caller;
    throw new DomainError(
      'unauthenticated',
      'key-required',
      'Send a valid API key as "Authorization: Bearer KEY".',
    );
  }
}

const refusal = (call: string, { kind, roles }: Caller): DomainError =>
  new DomainError(
    'forbidden',
    'not-allowed',
    `This ${kind} (${roles.join(', ')}) may not call ${call}. Ask an administrator of the hospital for the right.`,
  );
