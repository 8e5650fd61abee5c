import { type Server, STATUS_CODES } from 'node:http';
import type { ServerOptions as SecureServerOptions } from 'node:https';
import type { Socket } from 'node:net';
import { setTimeout } from 'node:timers';
import { Logger } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyError, FastifyHttpOptions, FastifyReply, FastifyRequest } from 'fastify';
import ipaddr from 'ipaddr.js';
import { isWithin } from '../outbound/address-range.js';
import { OPEN_BODY_LIMIT_BYTES, OpenCalls, openBodyTooLarge } from './open-calls.js';
import { RateLimits } from './rate-limits.js';
import { readSlowly } from './unread-body.js';
import type { Config } from '../config.js';
import { DomainError } from '../domain-error.js';
import { JSON_LIMIT_BYTES } from './http.js';
import { problem, type Refusal } from './problem.js';
import { PROBLEM_TYPE, type RefusalForm, writtenRefusal } from './refusal-forms.js';
import type { CertificateAndKey } from './own-certificate.js';
import { msg } from '../messages/dictionary.js';
import { languageFor, languageHeaders } from '../messages/language.js';

const HEADER_BYTES = 16_384;
const HEADER_LINES = 100;
const URL_CHARACTERS = 8000;
const CONNECTIONS = 4000;
/** The time that the answer to a broken request has to leave. */
const FAREWELL_MS = 1000;

const NEVER_LIMITED = ['/health/live', '/health/ready', '/metrics'];
const DOCS = '/api/docs';

const contentSecurityPolicy = (styles: string): string =>
  `default-src 'none'; script-src 'self'; style-src ${styles}; img-src 'self' data:; font-src 'self'; ` +
  "connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/**
 * Headers of every answer. Strict-Transport-Security is left to the proxy that serves HTTPS: in a hospital the
 * program may be reached without HTTPS, and the header would bind all services of the same host name.
 */
const HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy': contentSecurityPolicy("'self'"),
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'x-frame-options': 'DENY',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-store',
};

/** Swagger UI writes styles into its page, and browsers may cache its files. */
const DOCS_HEADERS: Readonly<Record<string, string>> = {
  ...HEADERS,
  'content-security-policy': contentSecurityPolicy("'self' 'unsafe-inline'"),
  'cache-control': 'no-cache',
};

const CONNECTION = { maxHeaderSize: HEADER_BYTES, headersTimeout: 15_000, connectionsCheckingInterval: 5000 };

/**
 * Limits of size, duration and speed of reading; with a certificate the server serves only HTTPS. The code here uses
 * an HTTPS server exactly like an HTTP server, which its type does not express.
 */
export const serverOptions = (
  { trustedProxies }: Config,
  certificate: CertificateAndKey | undefined,
  forms: readonly RefusalForm[],
): FastifyHttpOptions<Server> => ({
  ...(certificate ? ({ https: secureConnection(certificate) } as object) : { http: CONNECTION }),
  requestTimeout: 120_000, // a roster of 20 MB over a line of 1.5 Mbit/s
  connectionTimeout: 900_000, // no data flows in either direction while a large import runs
  keepAliveTimeout: 72_000,
  maxRequestsPerSocket: 10_000,
  return503OnClosing: false, // what arrives at the last moment is still served
  bodyLimit: JSON_LIMIT_BYTES,
  trustProxy: trustedProxies.length > 0 && [...trustedProxies],
  frameworkErrors: refuseUnroutable(forms),
  clientErrorHandler: refuseBroken,
});

const secureConnection = (certificate: CertificateAndKey): SecureServerOptions => ({
  ...CONNECTION,
  ...certificate,
  minVersion: 'TLSv1.2',
  handshakeTimeout: 15_000,
});

/**
 * Applies to every route: the headers of every answer, and limits of size, rate and connections. `isKnown`: the
 * request has a caller.
 */
export function guardEdge(
  app: NestFastifyApplication,
  config: Config,
  isKnown: (request: FastifyRequest) => boolean,
): void {
  const server = app.getHttpAdapter().getInstance();
  const rateLimits = app.get(RateLimits);
  const openCalls = app.get(OpenCalls);
  server.addHook('onRequest', async (request, reply) => {
    const path = request.url.split('?')[0] ?? '';
    void reply.headers(path === DOCS || path.startsWith(`${DOCS}/`) ? DOCS_HEADERS : HEADERS);
    refuseOversized(request);
    if (bodyBytes(request) > OPEN_BODY_LIMIT_BYTES && openCalls.includes(request)) throw openBodyTooLarge();
    if (!NEVER_LIMITED.includes(path)) await rateLimits.admitUnknown(request);
  });
  server.addHook('onSend', async (request, reply) => {
    if (reply.statusCode === 401) await rateLimits.countFailure(request);
    if (reply.statusCode >= 400 && !isKnown(request)) readSlowly(request.raw);
    const type = reply.getHeader('content-type');
    if (typeof type === 'string' && TEXT_WITHOUT_CHARSET.test(type))
      void reply.header('content-type', `${type}; charset=utf-8`);
  });
  limitConnections(server.server, config);
}

/** The library sends the pages of the API reference without a charset; every text here is UTF-8. */
const TEXT_WITHOUT_CHARSET = /^(text\/[\w.+-]+|application\/javascript)$/;

/** The size that the sender declares; the parser counts a body without a declared size. */
const bodyBytes = ({ headers }: FastifyRequest): number => Number(headers['content-length'] ?? 0);

function refuseOversized({ raw, url }: FastifyRequest): void {
  if (url.length > URL_CHARACTERS)
    throw new DomainError(
      'address-too-long',
      'address-too-long',
      msg('address-too-long', { limit: URL_CHARACTERS }),
    );
  // Node would drop the rest silently.
  if (raw.rawHeaders.length / 2 > HEADER_LINES)
    throw new DomainError(
      'headers-too-large',
      'too-many-headers',
      msg('too-many-headers', { limit: HEADER_LINES }),
    );
}

/**
 * Limits the connections of one address so that others are still served; a trusted proxy has no limit. In a
 * measurement 400 slow readers delayed all others by seconds, 100 none.
 */
function limitConnections(server: Server, { trustedProxies, connectionsPerAddress }: Config): void {
  server.maxConnections = CONNECTIONS;
  server.maxHeadersCount = 0; // counted by refuseOversized
  const log = new Logger('Edge');
  const addresses = new Map<string, { open: number; warned: boolean }>();
  const proxies = trustedProxies.map(rangeOf);
  server.on('connection', (socket: Socket) => {
    const address = socket.remoteAddress ?? '';
    if (isWithin(address, proxies)) return;
    const counted = addresses.get(address) ?? { open: 0, warned: false };
    if (counted.open >= connectionsPerAddress) {
      if (!counted.warned) log.warn(tooManyFrom(address, connectionsPerAddress));
      counted.warned = true;
      socket.destroy();
      return;
    }
    counted.open++;
    addresses.set(address, counted);
    socket.once('close', () => {
      if (--counted.open === 0) addresses.delete(address);
    });
  });
}

const tooManyFrom = (address: string, limit: number): string =>
  `${address} has ${limit} connections open and gets no more. If it is a proxy, name it in ` +
  'NEDWATCH_TRUSTED_PROXIES; if many people share it, raise NEDWATCH_CONNECTIONS_PER_ADDRESS.';

const rangeOf = (range: string): string =>
  range.includes('/') ? range : `${range}/${ipaddr.parse(range).kind() === 'ipv6' ? 128 : 32}`;

/** A request that the router cannot parse reaches neither a route nor the error filter. */
const refuseUnroutable =
  (forms: readonly RefusalForm[]) =>
  ({ code }: FastifyError, request: FastifyRequest, reply: FastifyReply): void => {
    const refusal =
      code === 'FST_ERR_MAX_PARAM_LENGTH'
        ? { status: 414, code: 'address-too-long', text: msg('address-part-too-long') }
        : { status: 400, code: 'malformed', text: msg('address-malformed') };
    const language = languageFor(request);
    const { status, contentType, body } = writtenRefusal(forms, request.url, problem(refusal, language));
    void reply.headers({ ...HEADERS, ...languageHeaders(language) });
    void reply.status(status).type(contentType).send(body);
  };

/** In English, because the header with the sender's language could not be parsed. */
const BROKEN: Readonly<Record<string, Refusal>> = {
  ERR_HTTP_REQUEST_TIMEOUT: { status: 408, code: 'request-too-slow', text: msg('request-too-slow') },
  HPE_HEADER_OVERFLOW: {
    status: 431,
    code: 'headers-too-large',
    text: msg('headers-too-large', { limit: HEADER_BYTES }),
  },
};
const NOT_HTTP: Refusal = { status: 400, code: 'malformed', text: msg('not-http') };

interface BrokenRequest extends NodeJS.ErrnoException {
  readonly rawPacket?: unknown;
}

/**
 * A request that is not valid HTTP reaches no route. The answer goes out on the connection itself, which then closes.
 */
function refuseBroken(error: BrokenRequest, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const refusal = BROKEN[error.code ?? ''] ?? NOT_HTTP;
  const body = JSON.stringify(problem(refusal, 'en'));
  const head = [
    `HTTP/1.1 ${refusal.status} ${STATUS_CODES[refusal.status] ?? ''}`,
    ...Object.entries({ ...HEADERS, ...languageHeaders('en') }).map(([name, value]) => `${name}: ${value}`),
    `content-type: ${PROBLEM_TYPE}`,
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
  ];
  const { rawPacket } = error;
  const asksForHead = Buffer.isBuffer(rawPacket) && rawPacket.toString('latin1', 0, 5) === 'HEAD ';
  socket.end(`${head.join('\r\n')}\r\n\r\n${asksForHead ? '' : body}`);
  setTimeout(() => socket.destroy(), FAREWELL_MS).unref();
}
