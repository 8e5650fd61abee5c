import { createHash } from 'node:crypto';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { z } from 'zod';
import { PURPOSES } from '../tenancy/audit-entry.js';
import { OPEN_CALLS } from '../tenancy/rights.js';
import { Problem } from '../platform/http/problem.js';
import { operationId } from './operation-ids.js';

const PROBLEM = {
  description: 'What is wrong, and with which field (RFC 9457)',
  content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
};

const TAGS: Readonly<Record<string, string>> = {
  patients: 'Patients, their events, consent, export and erasure',
  schedules: 'What is due for each patient, and why',
  results: 'Results of exams: seen by people, judged by clinicians',
  decisions: "Clinicians' decisions for one patient",
  previews: 'What a change would do; a preview stores nothing',
  worklist: 'The open items of all patients',
  planning: 'Proposed visits, and the load of the coming days against capacity',
  'work calendar': 'Public holidays, make-up workdays, and the days of the hospital',
  statistics: 'Adherence, inspection reports and dates for research',
  'patient messages': 'Messages to patients, and their replies',
  guidelines: "The published guidelines, and the hospital's own protocols",
  policy: "The hospital's policy, and its change for all patients",
  imports: 'Rosters and events from files',
  exchange: "Messages of the hospital's other systems",
  calendar: 'Calendars to which people subscribe',
  webhooks: 'Endpoints that receive reminders and events, and their deliveries',
  audit: 'Who saw and did what',
  'sign-in': 'Passwords, authenticators and sessions',
  me: "The caller's own account",
  people: 'Who works in the hospital',
  'api-keys': 'Keys for other systems',
  hospitals: 'The hospitals of this installation',
  'single sign-on': "The hospital's own OpenID Connect provider",
};
const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;

/** Each of them is sufficient. */
const KNOWN_CALLER: Record<string, string[]>[] = [{ bearer: [] }, { cookie: [] }];

/** Whether the call needs no credential. */
const isOpen = (method: string, path: string): boolean =>
  OPEN_CALLS.includes(`${method.toUpperCase()} ${path.replace('/api/v1', '').replace(/\{(\w+)\}/g, ':$1')}`);

/** The document of the whole API: every call, every field, and the common format of refusals. */
export function openApiDocument(app: NestFastifyApplication): OpenAPIObject {
  const description = new DocumentBuilder()
    .setTitle('nedwatch')
    .setDescription(
      'Surveillance after colorectal cancer and its liver metastases: patients, plans, worklist, reminders. ' +
        'Clinical dates are calendar days of the hospital; instants are RFC 3339. ' +
        'When the same caller repeats a POST that changes something with the same Idempotency-Key and body (files included) ' +
        'within seven days, it is carried out once. The repetition returns the first answer with the header ' +
        'Idempotency-Replayed. Calls whose answer shows a secret once are exempt. Another body or address: 422 ' +
        'idempotency-key-reused. While the first is carried out: 409 request-in-progress. An answer of more than 1 MB: 409 ' +
        'answer-not-kept. When the limits of the caller have changed: 409 idempotent-limits-changed. ' +
        'Problems are in Chinese or English: by Accept-Language, otherwise in the language of the hospital. ' +
        'With a cookie, a request that changes something sends the header "X-Requested-With: nedwatch". ' +
        'Every call is audited with its purpose, which the header X-Purpose may name ' +
        `(${PURPOSES.join(', ')}); the default is TREAT.`,
    )
    .setVersion('1')
    .addBearerAuth({ type: 'http', scheme: 'bearer', description: 'An API key, or the token of a session' })
    .addCookieAuth('nedwatch-session', {
      ...{ type: 'apiKey', in: 'cookie', name: 'nedwatch-session' },
      description: 'Set by POST /sign-in. Over TLS its name begins with __Host-',
    })
    .build();
  const document = SwaggerModule.createDocument(app, description);
  const problem = z.toJSONSchema(Problem, { target: 'openapi-3.0', io: 'output' });
  const schemas = (document.components ??= {}).schemas ?? {};
  document.components.schemas = { ...schemas, Problem: problem as (typeof schemas)[string] };
  document.tags = Object.entries(TAGS).map(([name, text]) => ({ name, description: text }));
  for (const [path, item] of Object.entries(document.paths)) {
    for (const method of METHODS) {
      const operation = item[method];
      if (!operation) continue;
      operation.operationId = operationId(method, path);
      operation.security = isOpen(method, path) ? [] : KNOWN_CALLER;
      for (const response of Object.values(operation.responses)) {
        if (response && 'description' in response) response.description ||= operation.summary ?? '';
      }
      operation.responses = { ...operation.responses, default: PROBLEM };
    }
  }
  return document;
}

/** `/api/docs` for developers, `/api/openapi.json` for programs. */
export function publishOpenApi(app: NestFastifyApplication): void {
  // The page loads the document; embedded into its script, it would be rendered again for each reader.
  const empty = (): OpenAPIObject => ({}) as OpenAPIObject;
  SwaggerModule.setup('api/docs', app, empty, { raw: false, swaggerUrl: '/api/openapi.json' });
  const server = app.getHttpAdapter().getInstance();
  // Rendered once: anybody may read it, as often as they like.
  let written: { readonly body: Buffer; readonly tag: string } | undefined;
  server.get('/api/openapi.json', (request, reply) => {
    const { body, tag } = (written ??= withTag(Buffer.from(JSON.stringify(openApiDocument(app)))));
    void reply.headers({ etag: tag, 'cache-control': 'no-cache' });
    if (request.headers['if-none-match'] === tag) return reply.status(304).send();
    return reply.type('application/json; charset=utf-8').send(body);
  });
}

const withTag = (body: Buffer): { readonly body: Buffer; readonly tag: string } => ({
  body,
  tag: `"${createHash('sha256').update(body).digest('base64url')}"`,
});
