import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Person } from '../person.entity.js';
import { setCookie } from './session-cookies.js';
import type { Session } from './session.entity.js';
import type { SignInContext } from './sessions.service.js';
import type { SessionStartedView, SessionView } from './sign-in-schemas.js';

export const signInContextOf = (request: FastifyRequest, kind: Session['kind']): SignInContext => ({
  kind,
  address: request.ip,
  userAgent: request.headers['user-agent'] ?? '',
});

/** Delivers the token of a new session: to a browser as a cookie, to a program in the body. */
export function startedView(
  request: FastifyRequest,
  reply: FastifyReply,
  kind: Session['kind'],
  { person, token, expiresAt }: { readonly person: Person; readonly token: string; readonly expiresAt: Date },
): SessionStartedView {
  if (kind === 'cookie') setCookie(request, reply, 'session', token);
  const { id, login, name, roles } = person;
  return {
    person: { id, login, name, roles },
    expiresAt: expiresAt.toISOString(),
    ...(kind === 'token' && { token }),
  };
}

export const sessionView = (session: Session, currentId: string | undefined): SessionView => ({
  id: session.id,
  kind: session.kind,
  address: session.address,
  device: session.device,
  startedAt: session.startedAt.toISOString(),
  lastSeenAt: session.lastSeenAt.toISOString(),
  expiresAt: session.expiresAt.toISOString(),
  current: session.id === currentId,
});
