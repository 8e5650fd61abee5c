import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { FhirResource } from 'fhir/r4.js';
import { DomainError } from '../../platform/domain-error.js';
import { msg } from '../../platform/messages/dictionary.js';
import { FHIR_JSON } from './fhir-refusals.js';

const PLAIN_JSON = 'application/json; charset=utf-8';

/** What `_format` and `Accept` can ask for, and how the answer is then labelled. */
const FORMATS: Readonly<Record<string, string>> = {
  'application/fhir+json': FHIR_JSON,
  'application/json+fhir': FHIR_JSON,
  json: FHIR_JSON,
  'application/json': PLAIN_JSON,
  'text/json': PLAIN_JSON,
  '*/*': FHIR_JSON,
  'application/*': FHIR_JSON,
};

const plain = (mediaType: string): string => (mediaType.split(';')[0] ?? '').trim().toLowerCase();

/** The content type of the answer; undefined: the request accepts no JSON. `_format` goes before `Accept`. */
export function answerTypeOf({
  query,
  headers,
}: Pick<FastifyRequest, 'query' | 'headers'>): string | undefined {
  const { _format: format } = query as { readonly _format?: string | readonly string[] };
  if (format !== undefined) {
    // In an address, + is a blank.
    const asked = plain(typeof format === 'string' ? format : (format[0] ?? '')).replace(' ', '+');
    return Object.hasOwn(FORMATS, asked) ? FORMATS[asked] : undefined;
  }
  const accepted = (headers.accept ?? '*/*').split(',').map(plain);
  return accepted.flatMap((one) => (Object.hasOwn(FORMATS, one) ? [FORMATS[one]] : []))[0];
}

/** Refuses (406) requests at `/fhir` that do not accept JSON. */
@Injectable()
export class JsonAnswers implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    if (answerTypeOf(request) === undefined)
      throw new DomainError('not-acceptable', 'fhir-json-only', msg('fhir-json-only'));
    return true;
  }
}

/** Labels the answer as FHIR. */
export function answer<T extends FhirResource>(request: FastifyRequest, reply: FastifyReply, resource: T): T {
  void reply.header('content-type', answerTypeOf(request) ?? FHIR_JSON);
  return resource;
}

/**
 * The same for a resource that is read: with its version as `ETag`, and 304 without a body where `If-None-Match` names
 * that version.
 */
export function answerVersion(
  request: FastifyRequest,
  reply: FastifyReply,
  resource: FhirResource,
): FhirResource | undefined {
  const { versionId, lastUpdated } = resource.meta ?? {};
  if (versionId !== undefined) void reply.header('etag', `W/"${versionId}"`);
  if (lastUpdated !== undefined) void reply.header('last-modified', new Date(lastUpdated).toUTCString());
  const known = (request.headers['if-none-match'] ?? '')
    .split(',')
    .map((tag) => tag.trim().replace(/^W\//, ''));
  if (versionId !== undefined && known.includes(`"${versionId}"`)) {
    void reply.status(304);
    return undefined;
  }
  return answer(request, reply, resource);
}
