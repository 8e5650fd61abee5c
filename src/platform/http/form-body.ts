import type { FastifyInstance, FastifyRequest } from 'fastify';
import { DomainError } from '../domain-error.js';
import { msg } from '../messages/dictionary.js';

/** Less than a call without a credential may send. */
const FORM_LIMIT_BYTES = 30_000;

/**
 * The routes that take a form: the back-channel logout of OpenID Connect, the token endpoint of OAuth, and a search of FHIR
 * with no parameter in its address.
 */
const TAKE_FORMS = [
  /^\/api\/v1\/sso\/:hospital\/:provider\/logout$/,
  /^\/api\/v1\/token$/,
  /^\/fhir\/\w+\/_search$/,
];

/** Parses forms for these routes only, because a page of any site can send a form. Others refuse them (415). */
export function parseForms(server: Pick<FastifyInstance, 'addContentTypeParser'>): void {
  server.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string', bodyLimit: FORM_LIMIT_BYTES },
    (request: FastifyRequest, body: string | Buffer, done) => {
      const { url = '' } = request.routeOptions;
      if (TAKE_FORMS.some((route) => route.test(url))) done(null, fieldsOf(body.toString()));
      else done(new DomainError('unsupported', 'unsupported-media-type', msg('json-required')));
    },
  );
}

/** The fields of a form; one that is given several times has a list. */
function fieldsOf(body: string): Record<string, string | string[]> {
  const fields = new Map<string, string[]>();
  for (const [name, value] of new URLSearchParams(body))
    fields.set(name, [...(fields.get(name) ?? []), value]);
  return Object.fromEntries(
    [...fields].map(([name, values]) => [name, values.length > 1 ? values : (values[0] ?? '')]),
  );
}
