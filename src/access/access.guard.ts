import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { DomainError } from '../platform/domain-error.js';
import { type Identified, refuseUnknownPurpose } from '../tenancy/request-caller.js';
import { callOf } from './authentication.js';
import type { Caller } from '../tenancy/caller.js';
import {
  isRefusedByService,
  mayCall,
  OPEN_CALLS,
  refuseUnproven,
  type Right,
  RIGHTS,
} from '../tenancy/rights.js';
import { grantsCall } from '../tenancy/resource-scopes.js';
import { grantsResource } from '../tenancy/smart-scopes.js';
import { refuseForgery } from '../accounts/sign-in/session-cookies.js';
import { msg } from '../platform/messages/dictionary.js';

/** Refuses every call that `rights.ts` does not permit to the caller, whom `Authentication` has identified. */
@Injectable()
export class AccessGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<FastifyRequest & Identified>();
    const call = callOf(request);
    if (call === undefined || OPEN_CALLS.includes(call)) return true;
    const { caller } = request;
    if (caller === undefined) throw new DomainError('unauthenticated', 'key-required', msg('key-required'));
    refuseUnknownPurpose(request);
    if (caller.session?.kind === 'cookie') refuseForgery(request);
    const right = RIGHTS[call];
    const isAllowed =
      right !== undefined &&
      (mayCall(caller, right) ||
        isRefusedByService(caller, right) ||
        mayUseToken(request, caller, call, right));
    if (!isAllowed) throw refusal(call, caller, right);
    refuseUnproven(call, caller, right);
    return true;
  }
}

/** The path names the type of a resource that is written. A search that includes others needs a token for every type. */
function mayUseToken(
  { query, body, params }: FastifyRequest,
  caller: Caller,
  call: string,
  right: Right,
): boolean {
  const { type } = params as { readonly type?: string };
  const ofType = type === undefined ? call : call.replace(':type', () => type);
  if (!grantsCall(caller, ofType, right)) return false;
  const parameters = [query, body].flatMap((sent) => Object.keys(sent ?? {}));
  return (
    !parameters.some((name) => /^_(rev)?include\b/.test(name)) ||
    grantsResource(caller.resources?.granted ?? [], '*', 'r')
  );
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
