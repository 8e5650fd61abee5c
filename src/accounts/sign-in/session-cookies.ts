import { parseCookie, stringifySetCookie } from 'cookie';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DomainError } from '../../platform/domain-error.js';
import { msg } from '../../platform/messages/dictionary.js';

type Kept = 'session' | 'device' | 'oidcState';

const YEAR_SECONDS = 365 * 86_400;
/** How long a browser may be away at an identity provider. */
const OIDC_STATE_SECONDS = 600;

const LIFETIME = { session: {}, device: { maxAge: YEAR_SECONDS }, oidcState: { maxAge: OIDC_STATE_SECONDS } };

// Over TLS the prefix prevents other hosts of the domain and unencrypted answers from setting the cookie.
const nameOf = (kept: Kept, { protocol }: FastifyRequest): string =>
  `${protocol === 'https' ? '__Host-' : ''}nedwatch-${kept}`;

/** The value that the browser received earlier. */
export function cookieOf(request: FastifyRequest, kept: Kept): string | undefined {
  const { cookie } = request.headers;
  return cookie === undefined ? undefined : parseCookie(cookie)[nameOf(kept, request)];
}

/** Sets the cookie in a browser, invisible to scripts and sent to this site's own pages alone; null deletes it. */
export function setCookie(
  request: FastifyRequest,
  reply: FastifyReply,
  kept: Kept,
  value: string | null,
): void {
  const written = stringifySetCookie(nameOf(kept, request), value ?? '', {
    ...{ path: '/', httpOnly: true, secure: request.protocol === 'https' },
    // A browser that returns from another site must still send the cookie.
    sameSite: kept === 'oidcState' ? 'lax' : 'strict',
    ...(value === null ? { maxAge: 0 } : LIFETIME[kept]),
  });
  void reply.header('set-cookie', written);
}

const SAFE = ['GET', 'HEAD', 'OPTIONS'];

/**
 * Refuses (403) a request that changes something with a cookie unless a page of this site made it. A page of another
 * site can make a browser send forms with the cookie, but neither a custom header nor JSON from the same origin.
 */
export function refuseForgery({ method, headers, host }: FastifyRequest): void {
  if (SAFE.includes(method) || headers['x-requested-with'] === 'nedwatch') return;
  const json = /^application\/(.+\+)?json\b/.test(headers['content-type'] ?? '');
  const site = headers['sec-fetch-site'];
  const own = site === undefined ? hostOf(headers.origin) === host : site === 'same-origin';
  if (json && own) return;
  throw new DomainError('forbidden', 'csrf', msg('csrf'));
}

const hostOf = (origin: string | undefined): string | undefined =>
  origin !== undefined && URL.canParse(origin) ? new URL(origin).host : undefined;
