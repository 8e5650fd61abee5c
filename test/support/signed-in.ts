import { randomUUID } from 'node:crypto';
import { expect } from '@jest/globals';
import type { Role } from '../../src/tenancy/caller.js';
import { codeOf, stepAt } from '../../src/accounts/sign-in/totp.js';
import type { Answer, TestApp } from './app.js';

/** A person of the hospital, with the known credentials. */
export interface SignedInPerson {
  readonly id: string;
  readonly login: string;
  readonly name: string;
  readonly password: string;
}

export const PASSWORD = 'plum tree by the river gate';

/** Without a credential, unless the headers contain one. */
export const anonymously = (
  t: TestApp,
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
  path: string,
  payload?: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> => t.request(method, path, { payload, headers: { authorization: '', ...headers } });

/** Sends the body of POST /sign-in. */
export const signIn = (
  t: TestApp,
  body: object,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> =>
  anonymously(t, 'POST', '/sign-in', { hospital: 'nedwatch', as: 'token', ...body }, headers);

interface Facts {
  readonly roles?: readonly Role[];
  readonly login?: string;
  readonly name?: string;
  readonly departments?: readonly string[] | null;
  readonly ownPatientsOnly?: boolean;
}

/** Proves password and code again, so that the session can change access rights. */
export async function stepUp(t: TestApp, session: string, proof: object = {}): Promise<string> {
  const { status } = await t.post('/me/step-up', { password: PASSWORD, ...proof }, as(session));
  expect(status).toBe(200);
  return session;
}

/**
 * Registers a person, who then chooses `PASSWORD`; those who may change access rights have stepped up. With another
 * hospital's key and code: there.
 */
export async function givenPerson(
  t: TestApp,
  { roles = ['nurse'], login = `login-${randomUUID()}`, ...facts }: Facts = {},
  { key, hospital }: { readonly key: string; readonly hospital: string } = {
    key: t.adminKey,
    hospital: 'nedwatch',
  },
): Promise<SignedInPerson & { readonly session: string }> {
  const name = facts.name ?? `Name ${randomUUID()}`;
  const { status, body } = await t.post(
    '/people',
    { roles, login, ...facts, name },
    { authorization: `Bearer ${key}` },
  );
  expect({ status, errors: body.errors as unknown }).toEqual({ status: 201, errors: undefined });
  const { setupCode } = body as { setupCode: string };
  const first = await signIn(t, { hospital, login, setupCode, newPassword: PASSWORD });
  expect(first.status).toBe(200);
  const session = first.body.token as string;
  if (roles.some((role) => /admin|operator|head/.test(role))) await stepUp(t, session);
  return {
    ...{ id: body.id as string, login: body.login as string, name, password: PASSWORD },
    session,
  };
}

/** The headers of a signed-in person. */
export const as = (session: string): Record<string, string> => ({ authorization: `Bearer ${session}` });

/** The code of an authenticator with this base32 secret, `ahead` steps from now. */
export async function codeNow(t: TestApp, secret: string, ahead = 0): Promise<string> {
  return codeOf(fromBase32(secret), stepAt(await t.now()) + ahead);
}

function fromBase32(text: string): Buffer {
  const bits = [...text]
    .map((letter) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0'))
    .join('');
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => parseInt(byte, 2)));
}

/** Enrols an authenticator; returns its secret and the recovery codes. */
export async function enrolTotp(
  t: TestApp,
  { session, password }: { readonly session: string; readonly password: string },
): Promise<{ secret: string; recoveryCodes: string[] }> {
  const { body } = await t.post('/me/totp', { password }, as(session));
  const secret = body.secret as string;
  const code = await codeNow(t, secret, -1);
  const confirmed = await t.post('/me/totp/confirm', { code }, as(session));
  expect(confirmed.status).toBe(200);
  return { secret, recoveryCodes: confirmed.body.recoveryCodes as string[] };
}
