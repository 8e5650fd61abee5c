import type { FastifyRequest } from 'fastify';
import { DomainError } from '../domain-error.js';
import { msg } from '../messages/dictionary.js';

const PREFIX = '/api/v1';

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
  /** `calls`: method and path below `/api/v1`, in the form of routes: `GET /sso/:hospital/:provider/start`. */
  constructor(private readonly calls: readonly string[]) {}

  includes({ method, routeOptions: { url = '' } }: FastifyRequest): boolean {
    return !url.startsWith(`${PREFIX}/`) || this.calls.includes(`${method} ${url.slice(PREFIX.length)}`);
  }
}
