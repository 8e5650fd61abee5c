import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyRequest } from 'fastify';
import { RequestDurations } from '../platform/http/request-durations.js';
import type { Config } from '../platform/config.js';
import { callAt } from '../platform/http/program-calls.js';
import { isWithin, rangeOf } from '../platform/outbound/address-range.js';
import { runAs, type RunningWork } from '../platform/running-work.js';
import { outerTraceOf } from '../platform/tracing/outer-trace.js';
import { Tracing } from '../platform/tracing/tracing.js';
import type { Identified } from '../tenancy/request-caller.js';
import { operationId } from './operation-ids.js';

/** Open for as long as its page is. */
const LIVE_STREAM = 'streamChanges';

/**
 * Names the work of each request by the operation id of its call, for traces and the log of slow statements, and counts
 * its duration. To be called before any other hook is added.
 */
export function nameRequests(app: NestFastifyApplication, { trustedProxies }: Config): void {
  const server = app.getHttpAdapter().getInstance();
  const tracing = app.get(Tracing);
  const durations = app.get(RequestDurations);
  const proxies = trustedProxies.flatMap((written) => rangeOf(written) ?? []);
  const works = new WeakMap<FastifyRequest, RunningWork>();
  server.addHook('onRequest', (request, _reply, next) => {
    const name = workName(request);
    const span = tracing.isOn
      ? tracing.beginRequest(name, { outer: trustedTrace(request, proxies) })
      : undefined;
    const work = { name, span };
    works.set(request, work);
    runAs(work, next);
  });
  // The body arrives by events of the connection, which know nothing of the request.
  server.addHook('preValidation', (request, _reply, next) => {
    const work = works.get(request);
    if (work === undefined) next();
    else runAs(work, next);
  });
  server.addHook('onResponse', (request: FastifyRequest & Identified, reply, next) => {
    const { name, span } = works.get(request) ?? {};
    if (name !== LIVE_STREAM) durations.count(reply.statusCode, reply.elapsedTime);
    span?.note({
      ...{ hospital: request.caller?.hospitalId, roles: request.caller?.roles, status: reply.statusCode },
    });
    span?.end(reply.statusCode >= 500);
    next();
  });
}

/** The operation id; for other addresses, such as pages, their route. Never the address itself, which may name a patient. */
function workName({ method, routeOptions: { url } }: FastifyRequest): string {
  if (url === undefined) return `${method} unknown address`;
  if (callAt(method, url) === undefined) return `${method} ${url}`;
  const verb = method === 'HEAD' ? 'GET' : method;
  return operationId(verb.toLowerCase(), url.replace(/:(\w+)/g, '{$1}'));
}

/** A client could give its requests the ids of another's trace, so only proxies of the operator are believed. */
const trustedTrace = (
  { raw: { socket }, headers }: FastifyRequest,
  proxies: readonly string[],
): ReturnType<typeof outerTraceOf> =>
  isWithin(socket.remoteAddress ?? '', proxies) ? outerTraceOf(headers.traceparent) : undefined;
