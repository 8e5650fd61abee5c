import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { DataSource } from 'typeorm';
import type { Config } from '../platform/config.js';
import type { Message } from '../guideline/message.js';
import { problem, type Refusal } from '../platform/http/problem.js';
import { PROBLEM_TYPE } from '../platform/http/refusal-forms.js';
import { msg, render } from '../platform/messages/dictionary.js';
import { languageFor, languageHeaders } from '../platform/messages/language.js';
import { Readiness } from '../platform/readiness.js';

const OPEN_TO_WORKERS = ['/health/live', '/health/ready', '/metrics'];

const ANSWER_WITHIN_MS = 5000;

/**
 * `/health/live`: this process answers. `/health/ready`: its database answers too, with every migration, and the
 * process can do its background work: a worker that could deliver nothing is not ready, nor is a process that ends.
 * Fastify's own routes, so that neither guard nor prefix applies to them.
 */
export function addHealth(app: NestFastifyApplication, config: Config, dataSource: DataSource): void {
  const server = app.getHttpAdapter().getInstance();
  server.get('/health/live', () => ({ status: 'ok' }));
  const readiness = app.get(Readiness);
  let looking: Promise<Message | undefined> | undefined;
  server.get('/health/ready', async (request, reply) => {
    if (readiness.isEnding)
      return refuse(request, reply, { status: 503, code: 'not-ready', text: msg('is-ending') });
    // One query serves all simultaneous requests, so that a database that hangs holds one connection, and not one for
    // each request.
    looking ??= whyNotReady(dataSource, readiness).finally(() => (looking = undefined));
    const fault = await inTime(looking);
    if (fault === undefined) {
      const warnings = readiness.warnings().map((warning) => render(warning, languageFor(request)));
      return { status: 'ok', ...(warnings.length > 0 && { warnings }) };
    }
    return refuse(request, reply, { status: 503, code: 'not-ready', text: fault });
  });
  server.addHook('preClose', (done) => {
    readiness.isEnding = true;
    done();
  });
  // A proxy or client that keeps connections must have none left when the process closes its port.
  server.addHook('onSend', (_request, reply, _payload, done) => {
    if (readiness.isEnding) void reply.header('connection', 'close');
    done();
  });
  if (config.role !== 'worker') return;
  server.addHook('onRequest', async (request, reply) => {
    if (OPEN_TO_WORKERS.includes(request.url.split('?')[0] ?? '')) return;
    await refuse(request, reply, { status: 404, code: 'worker-only', text: msg('worker-only') });
  });
}

function refuse(request: FastifyRequest, reply: FastifyReply, refusal: Refusal): FastifyReply {
  const language = languageFor(request);
  return reply
    .status(refusal.status)
    .type(PROBLEM_TYPE)
    .headers(languageHeaders(language))
    .send(JSON.stringify(problem(refusal, language)));
}

async function whyNotReady(dataSource: DataSource, readiness: Readiness): Promise<Message | undefined> {
  try {
    const behind = await dataSource.showMigrations();
    if (behind) return msg('lacks-migrations');
  } catch {
    return msg('database-out-of-reach');
  }
  return readiness.fault();
}

/** Limits the wait, because a database that hangs gives no answer. */
async function inTime(fault: Promise<Message | undefined>): Promise<Message | undefined> {
  let late: NodeJS.Timeout | undefined;
  const timeout = new Promise<Message>((resolve) => {
    late = setTimeout(() => resolve(msg('no-answer-in-time')), ANSWER_WITHIN_MS);
  });
  try {
    return await Promise.race([fault, timeout]);
  } finally {
    clearTimeout(late);
  }
}
