import type { FastifyRequest } from 'fastify';
import { DomainError } from '../platform/domain-error.js';
import { msg } from '../platform/messages/dictionary.js';
import { type AuditedCall, PURPOSES } from './audit-entry.js';
import type { Caller } from './caller.js';

/** The caller of a request, set by authentication; read by the guard, the interceptors and the request shares. */
export interface Identified {
  caller?: Caller;
  audited?: AuditedCall;
}

/** The audited part of a request; the purpose comes from the caller, in `X-Purpose`. */
export function auditedCallOf(request: FastifyRequest, call: string): AuditedCall {
  const header = request.headers['x-purpose'];
  const purpose = PURPOSES.find((one) => one === header) ?? 'TREAT';
  return { call, address: request.ip, requestId: request.id, purpose, recorded: false, patients: new Set() };
}

/** An unknown purpose is refused: recording another one would be untrue. */
export function refuseUnknownPurpose({ headers }: FastifyRequest): void {
  const header = headers['x-purpose'];
  if (header === undefined || PURPOSES.some((one) => one === header)) return;
  throw new DomainError('malformed', 'unknown-purpose', msg('unknown-purpose', { purposes: PURPOSES }));
}
