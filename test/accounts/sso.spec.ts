import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { generateKeyPair, SignJWT } from 'jose';
import { type Answer, startApp, type TestApp } from '../support/app.js';
import { Browser } from '../support/browser.js';
import { CLIENT_SECRET, type IdentityProvider, startIdentityProvider } from '../support/identity-provider.js';
import { givenPatient } from '../support/prepared-calls.js';
import { rogueProvider } from '../support/rogue-provider.js';
import { anonymously, as, givenPerson, PASSWORD, signIn } from '../support/signed-in.js';

let t: TestApp;
let admin: string;
let base: string;
let idp: IdentityProvider;
let providerId: string;
beforeAll(async () => {
  t = await startApp({ role: 'api' });
  await t.app.listen(0, '127.0.0.1');
  base = (await t.app.getUrl()).replace('[::1]', '127.0.0.1');
  idp = await startIdentityProvider(base);
  admin = (await givenPerson(t, { roles: ['hospital_admin'] })).session;
  const { body } = await t.post('/sso-providers', provider(), as(admin));
  providerId = body.id as string;
});
afterAll(async () => {
  idp.stop();
  await t.close();
});

const provider = (limits: object = {}) => ({
  ...{ code: 'hospital', name: 'The hospital', clientId: 'nedwatch' },
  ...{ issuer: idp.issuer, clientSecret: CLIENT_SECRET },
  roleMap: { 'oncology-nurses': ['nurse'], 'oncology-doctors': ['clinician'] },
  autoCreate: true,
  ...limits,
});
const change = (patch: object): Promise<Answer> =>
  t.request('PATCH', `/sso-providers/${providerId}`, { payload: patch, headers: as(admin) });

const visitor = (account: string): Browser => new Browser(account, base);

async function signedIn(account: string): Promise<Browser> {
  const browser = visitor(account);
  const answer = await browser.visit(await browser.leave());
  expect(answer.status).toBe(200);
  return browser;
}
const refusedAs = async (answer: Response): Promise<unknown[]> => [
  answer.status,
  ((await answer.json()) as { code: string }).code,
];

test('a link into a patient goes through the provider to the patient, and nowhere else', async () => {
  const id = await givenPatient(t, { hospitalId: t.hospitalId, key: t.adminKey }, { mrn: 'L 1&2' });
  const browser = visitor('alice');
  const link = `${base}/open/patient?hospital=nedwatch&identifier=${encodeURIComponent('MR|L 1&2')}`;
  // The browser comes from another site: its session arrives with the next request only.
  const here = refreshOf(await (await browser.visit(link)).text());
  const arrived = await (await browser.visit(await browser.leave(`${base}${here}`))).text();
  const opened = await browser.visit(`${base}${refreshOf(arrived)}`);
  expect([opened.status, opened.headers.get('location')]).toEqual([302, `/patients/${id}`]);
  expect((await browser.visit(link)).headers.get('location')).toBe(`/patients/${id}`);
  const unknown = await browser.visit(`${base}/open/patient?hospital=nedwatch&identifier=nobody`);
  expect([unknown.status, await unknown.text()]).toEqual([404, expect.stringContaining('没有此编号的患者')]);
  const elsewhere = await visitor('boris').leave(
    `${base}/api/v1/sso/nedwatch/hospital/start?identifier=${encodeURIComponent('//evil.example')}`,
  );
  expect(new URL(elsewhere).origin).toBe(base);
});

const refreshOf = (page: string): string =>
  /content="0;url=([^"]*)"/.exec(page)![1]!.replaceAll('&amp;', '&');

test('an administrator tests a provider: what it answers, and the address to allow there', async () => {
  const tested = await t.post(`/sso-providers/${providerId}/test`, undefined, as(admin));
  expect(tested.body).toMatchObject({ fault: null, keys: expect.any(Number) });
  expect(tested.body.keys).toBeGreaterThan(0);
  expect(tested.body.redirectUri).toMatch(/\/api\/v1\/sso\/nedwatch\/hospital\/callback$/);
  const silent = { ...provider(), code: 'silent', issuer: 'http://127.0.0.1:11' };
  const { body } = await t.post('/sso-providers', silent, as(admin));
  const { body: failed } = await t.post(`/sso-providers/${body.id as string}/test`, undefined, as(admin));
  expect(failed).toMatchObject({ signInAt: null, keys: 0, fault: expect.any(String) });
});

describe('signing in elsewhere', () => {
  test('registers an unknown person with the roles of the claims, and recognizes the person the next time', async () => {
    const first = await signedIn('boris');
    const { body } = await first.me();
    expect(body).toMatchObject({ name: 'Boris', login: 'boris', roles: ['clinician', 'nurse'] });
    const again = await (await signedIn('boris')).me();
    expect(again.body.id).toBe(body.id);
    const { body: person } = await t.get(`/people/${body.id as string}`, as(admin));
    expect([person.createdBy, person.passwordSet]).toEqual(['sso:hospital', false]);
    expect((await signIn(t, { login: 'boris', password: PASSWORD })).status).toBe(401);
  });

  test('gives a session like any other: its cookie hidden, its changes protected', async () => {
    const browser = visitor('alice');
    const answer = await browser.visit(await browser.leave());
    const cookies = answer.headers.getSetCookie();
    expect(cookies.find((one) => one.startsWith('nedwatch-session='))).toMatch(/HttpOnly; SameSite=Strict$/);
    expect(browser.cookies.get(base)?.has('nedwatch-journey')).toBe(false);
    const forged = await browser.visit(`${base}/api/v1/sign-out`, { method: 'POST' });
    expect(await refusedAs(forged)).toEqual([403, 'csrf']);
  });

  test('is audited with the person', async () => {
    const { body } = await (await signedIn('alice')).me();
    const [row] = await t.dataSource.query<unknown[]>(
      `SELECT outcome, caller_kind AS kind, caller_id AS who FROM audit_event
        WHERE call = 'GET /sso/:hospital/:provider/callback' ORDER BY recorded_at DESC, id DESC LIMIT 1`,
    );
    expect(row).toEqual({ outcome: 'done', kind: 'person', who: body.id });
  });

  test('is refused without a role in the claims, and for new people where registration is off', async () => {
    const clara = visitor('clara');
    expect(await refusedAs(await clara.visit(await clara.leave()))).toEqual([403, 'not-known-here']);
    await change({ autoCreate: false });
    const twin = visitor('twin');
    expect(await refusedAs(await twin.visit(await twin.leave()))).toEqual([403, 'not-known-here']);
    await change({ autoCreate: true });
  });

  test('never links a new person to an existing account by name', async () => {
    const own = await givenPerson(t, { login: 'namesake', name: 'Namesake', roles: ['head_nurse'] });
    const { body } = await (await signedIn('twin')).me();
    expect(body).toMatchObject({ login: 'namesake-2', name: 'Namesake-2', roles: ['nurse'] });
    expect(body.id).not.toBe(own.id);
  });

  test('uses the account and roles that an administrator has linked', async () => {
    const person = await givenPerson(t, { roles: ['head_nurse'] });
    const link = (id: string) =>
      t.post(`/people/${id}/identities`, { provider: 'hospital', subject: 'linked' }, as(admin));
    expect([(await link(person.id)).status, (await link(person.id)).status]).toEqual([204, 204]);
    const other = await givenPerson(t);
    expect((await link(other.id)).body.code).toBe('subject-taken');
    const browser = await signedIn('linked');
    expect((await browser.me()).body).toMatchObject({ id: person.id, roles: ['head_nurse'] });
    await t.request('PATCH', `/people/${person.id}`, { payload: { state: 'disabled' }, headers: as(admin) });
    expect((await browser.me()).status).toBe(401);
    const again = visitor('linked');
    expect(await refusedAs(await again.visit(await again.leave()))).toEqual([403, 'not-known-here']);
  });

  test('an administrator ends a link with its sessions, and not the identity by which an account began', async () => {
    const person = await givenPerson(t, { roles: ['nurse'] });
    const identities = (id: string) => t.get(`/people/${id}/identities`, as(admin));
    const unlink = (id: string, subject: string) =>
      t.post(`/people/${id}/identities/unlink`, { provider: 'hospital', subject }, as(admin));
    await t.post(`/people/${person.id}/identities`, { provider: 'hospital', subject: 'leaver' }, as(admin));
    const browser = await signedIn('leaver');
    expect((await identities(person.id)).body.items).toEqual([
      expect.objectContaining({ provider: 'hospital', subject: 'leaver', createdByProvider: false }),
    ]);
    expect((await unlink(person.id, 'leaver')).status).toBe(204);
    expect((await unlink(person.id, 'leaver')).status).toBe(204); // repeated, it changes nothing
    expect((await browser.me()).status).toBe(401);
    expect((await identities(person.id)).body.items).toEqual([]);

    const { id } = (await (await signedIn('twin')).me()).body as { id: string };
    const [own] = (await identities(id)).body.items as { subject: string; createdByProvider: boolean }[];
    expect(own).toMatchObject({ createdByProvider: true });
    expect(await unlink(id, own!.subject)).toMatchObject({
      ...{ status: 409, body: { code: 'identity-of-provider' } },
    });
    expect((await unlink(person.id, own!.subject)).status).toBe(204); // of another person: nothing to end
    expect((await identities(id)).body.items).toHaveLength(1);
  });

  test('follows the claims: a role that they no longer give is gone, and so are the sessions', async () => {
    const browser = await signedIn('boris');
    await change({ roleMap: { 'oncology-doctors': ['clinician'] } });
    const again = await signedIn('boris');
    expect((await again.me()).body.roles).toEqual(['clinician']);
    expect((await browser.me()).status).toBe(401);
    await change({ roleMap: provider().roleMap });
  });

  test('never removes the last administrator', async () => {
    const { body } = await (await signedIn('lead')).me();
    expect(body.roles).toEqual(['clinician']);
    const id = body.id as string;
    const make = (roles: string[]) =>
      t.request('PATCH', `/people/${id}`, { payload: { roles }, headers: as(admin) });
    expect((await make(['hospital_admin', 'clinician'])).status).toBe(200);
    expect((await (await signedIn('lead')).me()).body.roles).toEqual(['clinician']); // there is another one
    await make(['hospital_admin', 'clinician']);
    const others = `UPDATE person SET state = $2 WHERE id <> $1 AND roles @> '{hospital_admin}'`;
    await t.dataSource.query(others, [id, 'disabled']);
    const last = await signedIn('lead');
    expect([...((await last.me()).body.roles as string[])].sort()).toEqual(['clinician', 'hospital_admin']);
    await t.dataSource.query(others, [id, 'active']);
    expect((await make(['clinician'])).status).toBe(200);
  });

  test('permits changing access rights once the provider has asked for the password again', async () => {
    await change({ roleMap: { 'oncology-doctors': ['hospital_admin'] } });
    const restart = `${base}/api/v1/sso/nedwatch/hospital/start?reauthenticate=true`;
    const browser = await signedIn('lead');
    const made = async (by: Browser) => {
      const body = JSON.stringify({ login: randomUUID(), name: 'Somebody', roles: ['nurse'] });
      const headers = { 'content-type': 'application/json', 'x-requested-with': 'nedwatch' };
      const answer = await by.visit(`${base}/api/v1/people`, { method: 'POST', headers, body });
      return [answer.status, ((await answer.json()) as { code?: string }).code];
    };
    expect(await made(browser)).toEqual([403, 'step-up-required']);
    // A session at the provider is not enough: the program requests a new sign-in, and its time.
    const asked = new URL((await browser.visit(restart)).headers.get('location')!).searchParams;
    expect([asked.get('prompt'), asked.get('max_age')]).toEqual(['login', '0']);
    expect((await browser.visit(await browser.leave(restart))).status).toBe(200);
    expect(await made(browser)).toEqual([201, undefined]);
    await change({ roleMap: provider().roleMap });
  });

  test('counts as a second factor where the provider is trusted with it', async () => {
    const require = (roles: string[]) =>
      t.request('PUT', '/second-factor-requirement', { payload: { roles } });
    expect((await require(['nurse'])).status).toBe(200);
    const worklist = async (browser: Browser) => (await browser.visit(`${base}/api/v1/worklist`)).status;
    expect(await worklist(await signedIn('alice'))).toBe(403);
    await change({ secondFactorTrusted: true });
    expect(await worklist(await signedIn('alice'))).toBe(200);
    await change({ secondFactorTrusted: false });
    await require([]);
  });

  test('can be finished only in the browser that started it, once, and within ten minutes', async () => {
    const browser = visitor('alice');
    const back = await browser.leave();
    const other = visitor('alice');
    expect(await refusedAs(await other.visit(back))).toEqual([401, 'sso-failed']);
    await other.leave();
    expect(await refusedAs(await other.visit(back))).toEqual([401, 'sso-failed']);
    expect((await browser.visit(back)).status).toBe(200);
    expect(await refusedAs(await browser.visit(back))).toEqual([401, 'sso-failed']);

    const late = visitor('alice');
    const backLate = await late.leave();
    const now = await t.now();
    await t.setClock(new Date(now.getTime() + 601_000).toISOString());
    expect(await refusedAs(await late.visit(backLate))).toEqual([401, 'sso-failed']);
    await t.setClock(now.toISOString());
  });

  test.each([
    ['state', (url: URL) => url.searchParams.set('state', 'another')],
    ['code', (url: URL) => url.searchParams.set('code', 'another')],
    ['issuer', (url: URL) => url.searchParams.set('iss', 'http://127.0.0.1:9')],
    ['answer at all', (url: URL) => (url.search = '')],
    ['consent', (url: URL) => (url.search = `?error=access_denied&state=${url.searchParams.get('state')!}`)],
  ])('comes to nothing without the right %s', async (_, spoil) => {
    const browser = visitor('alice');
    const url = new URL(await browser.leave());
    spoil(url);
    expect(await refusedAs(await browser.visit(url.href))).toEqual([401, 'sso-failed']);
    expect((await browser.me()).status).toBe(401);
  });

  test('asks with PKCE, state and nonce', async () => {
    const answer = await visitor('alice').visit(`${base}/api/v1/sso/nedwatch/hospital/start`);
    const { searchParams } = new URL(answer.headers.get('location')!);
    expect(searchParams.get('code_challenge_method')).toBe('S256');
    for (const name of ['code_challenge', 'state', 'nonce'])
      expect(searchParams.get(name)).toMatch(/^[\w-]{43}$/);
  });

  test('is refused for another hospital or provider, and for a provider that is switched off', async () => {
    const start = (path: string) => anonymously(t, 'GET', `/sso/${path}/start`);
    for (const path of ['nowhere/hospital', 'nedwatch/another'])
      expect((await start(path)).body.code).toBe('sso-provider-not-found');
    const browser = await signedIn('alice');
    await change({ enabled: false });
    expect((await browser.me()).status).toBe(401);
    expect((await start('nedwatch/hospital')).body.code).toBe('sso-provider-not-found');
    await change({ enabled: true });
  });
});

describe('back-channel logout', () => {
  const send = (code: string, token: string): Promise<Response> =>
    fetch(`${base}/api/v1/sso/nedwatch/${code}/logout`, {
      method: 'POST',
      body: new URLSearchParams({ logout_token: token }),
    });

  test('ends the session when the person signs out at the provider', async () => {
    const browser = await signedIn('alice');
    const other = await signedIn('alice');
    const asked = await browser.visit(`${idp.issuer}/session/end`);
    const form = await asked.text();
    const xsrf = /name="xsrf" value="([^"]+)"/.exec(form)![1]!;
    await browser.visit(`${idp.issuer}/session/end/confirm`, {
      method: 'POST',
      body: new URLSearchParams({ xsrf, logout: 'yes' }),
    });
    expect((await browser.me()).status).toBe(401);
    expect((await other.me()).status).toBe(200);
  });

  test('is accepted with a fresh logout token of the issuer for this program, once', async () => {
    const { server, issuer: from, sign } = await rogueProvider();
    const { body: added } = await t.post(
      '/sso-providers',
      provider({ code: 'second', issuer: from, clientSecret: null }),
      as(admin),
    );
    const person = await givenPerson(t);
    await t.post(`/people/${person.id}/identities`, { provider: 'second', subject: 'p-1' }, as(admin));
    const running = async (): Promise<number> => {
      const [{ n }] = await t.dataSource.query<[{ n: number }]>(
        'SELECT count(*) AS n FROM session WHERE provider_id = $1 AND ended_at IS NULL',
        [added.id],
      );
      return n;
    };
    await t.dataSource.query(
      'UPDATE session SET provider_id = $1, provider_session = $2 WHERE person_id = $3',
      [...[added.id, 'sid-1', person.id]],
    );
    const seconds = Math.floor(new Date().getTime() / 1000);
    const right = {
      ...{ iss: from, aud: 'nedwatch', sub: 'p-1', sid: 'sid-1', iat: seconds },
      events: { 'http://schemas.openid.net/event/backchannel-logout': {} },
    };
    const token = (claims: object) => sign({ ...right, jti: randomUUID(), ...claims });
    for (const wrong of [
      { iss: idp.issuer },
      { aud: 'somebody-else' },
      { iat: seconds - 3600 },
      { nonce: 'an ID token in disguise' },
      { events: {} },
      { sub: undefined, sid: undefined },
      { jti: undefined },
    ])
      expect(await refusedAs(await send('second', await token(wrong)))).toEqual([
        400,
        'logout-token-refused',
      ]);
    const { privateKey } = await generateKeyPair('ES256');
    const forged = await new SignJWT({ ...right, jti: 'x' })
      .setProtectedHeader({ alg: 'ES256', kid: 'one' })
      .sign(privateKey);
    expect((await send('second', forged)).status).toBe(400);
    const unsigned = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${forged.split('.')[1]!}.`;
    expect((await send('second', unsigned)).status).toBe(400);
    expect((await send('second', await token({ sid: 'another' }))).status).toBe(200);
    expect(await running()).toBe(1);
    const good = await token({});
    expect((await send('second', good)).status).toBe(200);
    expect(await running()).toBe(0);
    expect(await refusedAs(await send('second', good))).toEqual([400, 'logout-token-refused']);
    server.close();
  });

  test('is the only call with a form: another one refuses it', async () => {
    const answer = await fetch(`${base}/api/v1/sign-in`, {
      method: 'POST',
      body: new URLSearchParams({ hospital: 'nedwatch', login: 'somebody', password: PASSWORD }),
    });
    expect(await refusedAs(answer)).toEqual([415, 'unsupported-media-type']);
  });
});

describe('a provider', () => {
  test('never shows its secret', async () => {
    const { body } = await t.get('/sso-providers', as(admin));
    expect(body.items[0]).toMatchObject({ code: 'hospital', hasClientSecret: true });
    const [row] = await t.dataSource.query<[{ text: string; secret: Buffer }]>(
      'SELECT p::text AS text, client_secret AS secret FROM sso_provider p WHERE id = $1',
      [providerId],
    );
    expect(JSON.stringify(body) + row.text + row.secret.toString('latin1')).not.toContain(CLIENT_SECRET);
  });

  test.each([
    ['/issuer', { issuer: 'http://idp.example' }, 422],
    ['/issuer', { issuer: 'https://idp.example/?x=1' }, 422],
    ['/issuer', { issuer: 'ftp://idp.example' }, 422],
    ['/issuer', { issuer: 'idp' }, 422],
    ['/code', { code: 'hospital' }, 409],
    ['/roleMap/boss/0', { roleMap: { boss: ['platform_operator'] } }, 422],
  ])('%s is refused where it is not right', async (pointer, wrong, status) => {
    const refused = await t.post('/sso-providers', { ...provider({ code: 'third' }), ...wrong }, as(admin));
    expect([refused.status, refused.body.errors[0].pointer]).toEqual([status, pointer]);
  });

  test('that does not answer, or has a forbidden address, is refused by name', async () => {
    for (const [code, at] of [
      ['dead', 'http://127.0.0.1:9'],
      ['metadata', 'https://169.254.169.254'],
    ] as const) {
      await t.post('/sso-providers', provider({ code, issuer: at }), as(admin));
      const { status, body } = await anonymously(t, 'GET', `/sso/nedwatch/${code}/start`);
      expect([status, body.code]).toEqual([409, 'provider-unreachable']);
    }
  });
});
