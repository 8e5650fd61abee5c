import type { FastifyRequest } from 'fastify';
import { DomainError } from '../domain-error.js';
import { msg } from '../messages/dictionary.js';
import { callAt } from './program-calls.js';

/** The caller is not known yet, so no share limits it: 50 bodies of a megabyte would delay all others. */
export const OPEN_BODY_LIMIT_BYTES = 32_000;

export const openBodyTooLarge = (): DomainError =>
  new DomainError(
    'too-large',
    'body-too-large',
    msg('open-body-too-large', { limit: OPEN_BODY_LIMIT_BYTES }),
  );

/** The calls that need no credential: those named here, and every address outside the API, including unknown ones. */
export class OpenCalls {
  /** `calls`: as in the table of rights, in the form of routes: `GET /sso/:hospital/:provider/start`. */
  constructor(private readonly calls: readonly string[]) {}

  includes({ method, routeOptions: { url = '' } }: FastifyRequest): boolean {
    const call = callAt(method, url);
    return call === undefined || this.calls.includes(call);
  }
}
