import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startApp, type TestApp } from '../support/app.js';
import { Browser } from '../support/browser.js';
import { rogueProvider, type RogueProvider } from '../support/rogue-provider.js';
import { RIGHTS } from '../../src/tenancy/rights.js';
import { as, givenPerson, PASSWORD, signIn } from '../support/signed-in.js';

const NURSE_SCOPES = new Set(
  Object.values(RIGHTS).flatMap(({ roles, scope }) => (roles.includes('nurse') ? [scope] : [])),
);

let t: TestApp;
let provider: RogueProvider;
let base: string;
beforeAll(async () => {
  t = await startApp({ role: 'api' });
  await t.app.listen(0, '127.0.0.1');
  base = (await t.app.getUrl()).replace('[::1]', '127.0.0.1');
  provider = await rogueProvider();
  const admin = await givenPerson(t, { roles: ['hospital_admin'] });
  const input = { code: 'rogue', name: 'Rogue', issuer: provider.issuer, clientId: 'nedwatch' };
  expect((await t.post('/sso-providers', input, as(admin.session))).status).toBe(201);
  const linked = { provider: 'rogue', subject: 'p-1' };
  expect((await t.post(`/people/${admin.id}/identities`, linked, as(admin.session))).status).toBe(204);
});
afterAll(async () => {
  provider.server.close();
  await t.close();
});

const secondsAgo = (seconds: number): number => Math.floor(new Date().getTime() / 1000) - seconds;

/** Returns from the provider with an ID token that has these claims in addition to the required ones. */
async function arrive(claims: object, { reauthenticate = false } = {}) {
  const browser = new Browser('p-1', base);
  const path = `${base}/api/v1/sso/nedwatch/rogue`;
  const left = await browser.visit(`${path}/start?reauthenticate=${reauthenticate}`);
  const asked = new URL(left.headers.get('location')!).searchParams;
  provider.giveIdToken({
    ...{ iss: provider.issuer, aud: 'nedwatch', sub: 'p-1', nonce: asked.get('nonce') },
    ...{ iat: secondsAgo(0), exp: secondsAgo(-300) },
    ...claims,
  });
  const back = new URLSearchParams({ code: 'any', state: asked.get('state')! });
  const answer = await browser.visit(`${path}/callback?${back.toString()}`);
  return { browser, answer };
}

test('the tokens of the provider reach neither the page nor a cookie', async () => {
  const { browser, answer } = await arrive({ amr: ['mfa'] });
  const page = await answer.text();
  const cookies = JSON.stringify([...browser.cookies.values()].map((jar) => [...jar]));
  expect(page).toContain('nedwatch');
  expect(cookies).toContain('nedwatch-session');
  expect(page + cookies).not.toMatch(/of a test|eyJ/);
});

describe('a second factor at the provider', () => {
  beforeAll(async () => {
    const payload = { roles: ['hospital_admin'] };
    expect((await t.request('PUT', '/second-factor-requirement', { payload })).status).toBe(200);
  });
  afterAll(() => t.request('PUT', '/second-factor-requirement', { payload: { roles: [] } }));

  test.each([
    ['mfa among several methods', { amr: ['pwd', 'otp', 'mfa'] }, 200],
    ['mfa alone', { amr: ['mfa'] }, 200],
    ['no amr', {}, 403],
    ['two methods without mfa', { amr: ['pwd', 'otp'] }, 403],
    ['mfa as a text, not in a list', { amr: 'mfa' }, 403],
    ['a method that only contains the letters', { amr: ['mfa-less'] }, 403],
    ['mfa in another claim', { acr: 'mfa', amr: ['pwd'] }, 403],
  ])('%s', async (_, claims, expected) => {
    const { browser, answer } = await arrive(claims);
    expect(answer.status).toBe(200);
    const people = await browser.visit(`${base}/api/v1/people`);
    const { code } = (await people.json()) as { code?: string };
    expect([people.status, code]).toEqual([expected, expected === 200 ? undefined : 'second-factor-needed']);
  });
});

/** The provider's claims give these roles from now on; unknown people are registered. */
const change = async (patch: object): Promise<void> => {
  const { body } = await t.get('/sso-providers');
  const { id } = (body.items as { id: string }[])[0]!;
  expect((await t.request('PATCH', `/sso-providers/${id}`, { payload: patch })).status).toBe(200);
};
const ROLE_MAP = { nurses: ['nurse'], doctors: ['clinician'], both: ['nurse', 'clinician'] };

describe('a set-up code of an account whose roles come from claims', () => {
  beforeAll(() => change({ autoCreate: true, roleMap: ROLE_MAP }));

  test.each([
    ['ends when the claims give another role', 'doctors', 401],
    ['ends when the claims give one more role', 'both', 401],
    ['stays when the claims give the same role', 'nurses', 200],
  ])('%s', async (_, group, expected) => {
    const sub = randomUUID();
    const { browser } = await arrive({ sub, groups: 'nurses', preferred_username: sub });
    const { body: me } = await browser.me();
    expect(me.roles).toEqual(['nurse']);
    const { body } = await t.post(`/people/${me.id as string}/reset`, {});
    const setupCode = body.setupCode as string;
    expect((await arrive({ sub, groups: group })).answer.status).toBe(200);
    const entered = await signIn(t, { login: me.login as string, setupCode, newPassword: PASSWORD });
    expect(entered.status).toBe(expected);
  });
});

describe('an account linked to a subject', () => {
  const LIMITS = { name: 'limited', roles: ['hospital_admin'] };
  /** A key with these limits, and a person within them whom the key links to a subject of its own. */
  async function linked(limits: object, person: object = {}) {
    const { body: key } = await t.post('/api-keys', { ...LIMITS, ...limits });
    const login = randomUUID();
    const by = as(key.key as string);
    const { status, body } = await t.post('/people', { login, name: login, roles: ['nurse'], ...person }, by);
    expect(status).toBe(201);
    const sub = randomUUID();
    const path = `/people/${body.id as string}`;
    const link = (headers = by) => t.post(`${path}/identities`, { provider: 'rogue', subject: sub }, headers);
    expect((await link()).status).toBe(204);
    const { browser, answer } = await arrive({ sub });
    expect(answer.status).toBe(200);
    expect((await browser.me()).body.id).toBe(body.id);
    const widen = (payload: object, headers = {}) => t.request('PATCH', path, { payload, headers });
    return { by, sub, path, keyId: key.id as string, browser, link, widen };
  }
  const comesIn = async (sub: string): Promise<number> => (await arrive({ sub })).answer.status;
  beforeAll(() => change({ autoCreate: false }));

  const LIVER = { departments: ['liver'] };
  test.each([
    ['all departments', LIVER, LIVER, { departments: null }],
    ['another department', LIVER, LIVER, { departments: ['liver', 'lung'] }],
    ['from everywhere', { addresses: ['127.0.0.0/8'] }, {}, { addresses: null }],
    ['without end', { expiresInDays: 2 }, {}, { expiresAt: null }],
    ['the role of an operator', {}, {}, { roles: ['nurse', 'platform_operator'] }],
  ])('is no longer reached from there once it is given %s', async (_, limits, person, wider) => {
    const { sub, browser, widen } = await linked(limits, person);
    expect((await widen(wider)).status).toBe(200);
    expect((await browser.me()).status).toBe(401);
    expect(await comesIn(sub)).toBe(403);
  });

  test('stays linked when it gets rights that the linker could give', async () => {
    const { sub, browser, by, widen } = await linked(LIVER, { ...LIVER, ownPatientsOnly: true });
    expect((await widen({ ownPatientsOnly: false })).status).toBe(200);
    expect((await browser.me()).status).toBe(200);
    expect((await widen({ roles: ['nurse', 'clinician'] }, by)).status).toBe(200);
    expect((await widen({ departments: ['liver'], name: randomUUID() })).status).toBe(200);
    expect(await comesIn(sub)).toBe(200);
  });

  test('stays linked when a person with more rights has linked it again', async () => {
    const { sub, link, widen } = await linked(LIVER, LIVER);
    expect((await link({})).status).toBe(204);
    expect((await widen({ departments: null })).status).toBe(200);
    expect(await comesIn(sub)).toBe(200);
  });

  test.each([
    ['was revoked', (id: string) => t.request('DELETE', `/api-keys/${id}`)],
    [
      'is not known, as before this version',
      () => t.dataSource.query('UPDATE person_identity SET linked_by = NULL'),
    ],
  ])('is no longer reached once it gets more and the one who linked it %s', async (_, away) => {
    const { sub, keyId, widen } = await linked({});
    await away(keyId);
    expect(await comesIn(sub)).toBe(200);
    expect((await widen({ roles: ['nurse', 'clinician'] })).status).toBe(200);
    expect(await comesIn(sub)).toBe(403);
  });

  test('is unlinked once its claims give more rights than the linker could give', async () => {
    await change({ autoCreate: true, roleMap: { ...ROLE_MAP, admins: ['hospital_admin'] } });
    const own = randomUUID();
    const { browser } = await arrive({ sub: own, groups: 'nurses', preferred_username: own });
    const path = `/people/${(await browser.me()).body.id as string}`;
    const expiresAt = new Date((await t.now()).getTime() + 86_400_000).toISOString();
    expect((await t.request('PATCH', path, { payload: { expiresAt } })).status).toBe(200);
    const nurse = await t.post('/api-keys', { ...LIMITS, scopes: ['people:write', ...NURSE_SCOPES] });
    expect(nurse.status).toBe(201);
    const sub = randomUUID();
    const by = as(nurse.body.key as string);
    expect((await t.post(`${path}/identities`, { provider: 'rogue', subject: sub }, by)).status).toBe(204);
    await change({ autoCreate: false });
    expect(await comesIn(sub)).toBe(200);
    expect((await arrive({ sub: own, groups: 'admins' })).answer.status).toBe(200);
    expect(await comesIn(sub)).toBe(403);
    expect((await arrive({ sub: own, groups: 'admins' })).answer.status).toBe(200);
  });

  test('is unlinked by a reset with clearIdentities only', async () => {
    const { sub, path } = await linked({});
    expect((await t.post(`${path}/reset`, {})).status).toBe(200);
    expect(await comesIn(sub)).toBe(200);
    expect((await t.post(`${path}/reset`, { clearIdentities: true })).status).toBe(200);
    expect(await comesIn(sub)).toBe(403);
  });
});

describe('a step-up through the provider', () => {
  const register = async (browser: Browser): Promise<unknown[]> => {
    const body = JSON.stringify({ login: randomUUID(), name: randomUUID(), roles: ['nurse'] });
    const headers = { 'content-type': 'application/json', 'x-requested-with': 'nedwatch' };
    const answer = await browser.visit(`${base}/api/v1/people`, { method: 'POST', headers, body });
    return [answer.status, ((await answer.json()) as { code?: string }).code];
  };

  test('is accepted with a fresh auth_time', async () => {
    const { browser, answer } = await arrive({ auth_time: secondsAgo(5) }, { reauthenticate: true });
    expect(answer.status).toBe(200);
    expect(await register(browser)).toEqual([201, undefined]);
  });

  test.each([
    ['from ten minutes ago', { auth_time: secondsAgo(600) }],
    ['from two minutes ago', { auth_time: secondsAgo(120) }],
    ['that is missing', {}],
    ['that is a text', { auth_time: String(secondsAgo(5)) }],
    ['that lies ahead', { auth_time: secondsAgo(-3600) }],
    ['in milliseconds', { auth_time: secondsAgo(0) * 1000 }],
  ])('is refused with an auth_time %s, and no session begins', async (_, claims) => {
    const { browser, answer } = await arrive(claims, { reauthenticate: true });
    expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([401, 'sso-failed']);
    expect((await browser.me()).status).toBe(401);
  });

  test('is not part of signing in', async () => {
    const { browser, answer } = await arrive({ auth_time: secondsAgo(0) });
    expect(answer.status).toBe(200);
    expect(await register(browser)).toEqual([403, 'step-up-required']);
  });
});
