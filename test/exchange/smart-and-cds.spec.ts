import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { generateKeyPair, SignJWT } from 'jose';
import { anotherHospital } from '../support/another-hospital.js';
import { startApp, type TestApp } from '../support/app.js';
import { chartOpened } from '../support/exchange-calls.js';
import { givenPatient, person, type Ward } from '../support/prepared-calls.js';
import { ORIGIN, SignedClient } from '../support/signed-client.js';
import { givenPerson } from '../support/signed-in.js';
import { WebhookReceiver } from '../support/webhook-receiver.js';

let t: TestApp;
let ward: Ward;
let foreign: Ward & { readonly code: string };
let client: SignedClient;
beforeAll(async () => {
  t = await startApp({ clock: '2026-11-01T09:00:00+08:00', role: 'api', publicUrl: ORIGIN });
  ward = { hospitalId: t.hospitalId, key: t.adminKey };
  const { id: hospitalId, key, code } = await anotherHospital(t);
  foreign = { hospitalId, key, code };
  client = await SignedClient.made(t);
  await client.register();
});
afterAll(() => t.close());

const refusal = ({ status, body }: { status: number; body: { error?: string } }) => [status, body.error];

describe('a machine that signs in with its own key', () => {
  test('finds in the configuration where, and how', async () => {
    const { body } = await t.get('/fhir/.well-known/smart-configuration', { authorization: '' });
    expect(body).toMatchObject({
      token_endpoint: `${ORIGIN}/api/v1/token`,
      token_endpoint_auth_signing_alg_values_supported: ['RS384', 'ES384'],
      grant_types_supported: ['client_credentials'],
    });
  });

  test.each(['RS384', 'ES384'] as const)(
    '%s: gets a token of five minutes, which the API takes',
    async (alg) => {
      const machine = await SignedClient.made(t, alg);
      await machine.register();
      const { status, body, headers } = await machine.token('patients:read');
      expect([status, body.token_type, body.expires_in, body.scope]).toEqual([
        200,
        'bearer',
        300,
        'patients:read',
      ]);
      expect(headers['cache-control']).toBe('no-store');
      const authorization = `Bearer ${body.access_token as string}`;
      expect((await t.get('/patients', { authorization })).status).toBe(200);
      expect((await t.post('/patients', person(), { authorization })).body.code).toBe('not-allowed');
    },
  );

  test('the token ends after five minutes, and with its registration at once', async () => {
    const machine = await SignedClient.made(t);
    await machine.register();
    const [first, second] = [await machine.bearer('patients:read'), await machine.bearer('patients:read')];
    const start = await t.now();
    await t.setClock(new Date(start.getTime() + 299_000).toISOString());
    expect((await t.get('/patients', first)).status).toBe(200);
    await t.setClock(new Date(start.getTime() + 301_000).toISOString());
    expect((await t.get('/patients', first)).status).toBe(401);
    await t.setClock(start.toISOString());
    await t.request('DELETE', `/api-keys/${machine.id}`);
    expect((await t.get('/patients', second)).status).toBe(401);
    expect(refusal(await machine.token('patients:read'))).toEqual([401, 'invalid_client']);
  });

  test('an assertion counts once', async () => {
    const assertion = await client.assertion();
    const [first, second] = await Promise.all([
      client.token('patients:read', assertion),
      client.token('patients:read', assertion),
    ]);
    expect([first.status, second.status].sort()).toEqual([200, 401]);
    expect(refusal(await client.token('patients:read', assertion))).toEqual([401, 'invalid_client']);
  });

  test('every wrong assertion is refused, in the form of RFC 6749', async () => {
    const now = Math.floor((await t.now()).getTime() / 1000);
    const other = await SignedClient.made(t);
    other.id = client.id;
    const secret = new SignJWT({ iss: client.id, sub: client.id, jti: 'x', aud: `${ORIGIN}/api/v1/token` });
    const wrong: Readonly<Record<string, string>> = {
      'another key': await other.assertion(),
      'another audience': await client.assertion({ aud: 'https://elsewhere.example/token' }),
      'another subject': await client.assertion({ sub: randomUUID() }),
      'no subject': await client.assertion({ sub: undefined }),
      'an unknown client': await client.assertion({ iss: randomUUID(), sub: randomUUID() }),
      'no jti': await client.assertion({ jti: undefined }),
      'no end': await client.assertion({ exp: undefined }),
      'an end in the past': await client.assertion({ exp: now - 60 }),
      'an end too far away': await client.assertion({ exp: now + 600 }),
      'a begin in the future': await client.assertion({ nbf: now + 600 }),
      'an unknown kid': await client.assertion({}, { kid: 'two' }),
      'a shared secret': await secret
        .setProtectedHeader({ alg: 'HS256', kid: 'one' })
        .setExpirationTime(now + 60)
        .sign(Buffer.alloc(32, 1)),
      'no signature': `${Buffer.from('{"alg":"none"}').toString('base64url')}.${(await client.assertion()).split('.')[1]!}.`,
      'no token': 'x',
      'a kilobyte': 'x.'.repeat(500),
    };
    for (const [what, assertion] of Object.entries(wrong))
      expect([what, ...refusal(await client.token('patients:read', assertion))]).toEqual([
        what,
        401,
        'invalid_client',
      ]);
    const refused = await t.dataSource.query<unknown[]>(
      `SELECT FROM audit_event WHERE call = 'POST /token' AND outcome = 'refused' AND caller_id = $1`,
      [client.id],
    );
    expect(refused.length).toBeGreaterThanOrEqual(8);
  });

  test('another grant, scope or form is refused', async () => {
    expect(refusal(await client.token('patients:read', undefined, { grant_type: 'password' }))).toEqual([
      ...[400, 'unsupported_grant_type'],
    ]);
    expect(refusal(await client.token(''))).toEqual([400, 'invalid_scope']);
    expect(refusal(await client.token('openid launch'))).toEqual([400, 'invalid_scope']);
    expect(refusal(await client.token('people:write'))).toEqual([400, 'invalid_scope']);
    expect(refusal(await client.token('a'.repeat(5000)))).toEqual([400, 'invalid_scope']);
    const json = await t.post('/token', { grant_type: 'client_credentials' }, { authorization: '' });
    expect(refusal(json)).toEqual([401, 'invalid_client']);
  });

  test('a scope is never more than the roles and limits of the registration', async () => {
    const limited = await SignedClient.made(t);
    await limited.register({ scopes: ['patients:read'] });
    const wanted = 'system/Patient.rs system/Patient.cruds system/AuditEvent.rs patients:write patients:read';
    expect((await limited.token(wanted)).body.scope).toBe('system/Patient.rs patients:read');
  });

  test('a scope for FHIR resources opens no other call', async () => {
    const headers = await client.bearer('system/*.cruds');
    expect((await t.get('/patients', headers)).body.code).toBe('not-allowed');
  });

  test('a scope for one type of resources reads that type, and nothing beside it', async () => {
    const id = await givenPatient(t, ward);
    const limited = await client.bearer('system/Patient.rs');
    const status = async (path: string, headers = limited) => (await t.get(`/fhir${path}`, headers)).status;
    expect([await status(`/Patient/${id}`), await status(`/Patient?_id=${id}`)]).toEqual([200, 200]);
    expect(await status(`/Condition?patient=${id}`)).toBe(403);
    expect(await status(`/Patient/${id}/$everything`)).toBe(403);
    const conditions = await client.bearer('system/Condition.rs');
    expect(await status(`/Condition?patient=${id}`, conditions)).toBe(200);
    expect(await status(`/Condition?patient=${id}&_include=Condition:patient`, conditions)).toBe(403);
    const form = { payload: `patient=${id}&_include=Condition:patient` };
    const asForm = { ...conditions, 'content-type': 'application/x-www-form-urlencoded' };
    expect((await t.request('POST', '/fhir/Condition/_search', { ...form, headers: asForm })).status).toBe(
      403,
    );
    const all = await client.bearer('system/*.rs');
    expect(await status(`/Patient/${id}/$everything`, all)).toBe(200);
    expect(await status(`/AuditEvent`, all)).toBe(403);
  });

  test('keys at an address are read there, and a key that is not there is refused', async () => {
    const machine = await SignedClient.made(t);
    const server = await WebhookReceiver.start();
    server.answer = async () => ({
      ...{ status: 200, headers: { 'content-type': 'application/json' } },
      body: JSON.stringify({ keys: [await machine.publicKey()] }),
    });
    await machine.register({ keySet: { url: `${server.url}/keys` } });
    expect((await machine.token('patients:read')).status).toBe(200);
    expect((await machine.token('patients:read')).status).toBe(200);
    expect(server.arrivals.length).toBe(1);
    const moved = await machine.assertion({}, { jku: 'https://elsewhere.example/keys' });
    expect(refusal(await machine.token('patients:read', moved))).toEqual([401, 'invalid_client']);
    server.answer = () => ({ status: 200, body: 'x'.repeat(200_000) });
    await machine.register({ keySet: { url: `${server.url}/many` } });
    expect(refusal(await machine.token('patients:read'))).toEqual([401, 'invalid_client']);
    await server.stop();
  });

  test('private and weak keys, and addresses without TLS, are not registered', async () => {
    const machine = await SignedClient.made(t);
    const key = await machine.publicKey();
    const { privateKey } = await generateKeyPair('ES384', { extractable: true });
    const { d } = await crypto.subtle.exportKey('jwk', privateKey);
    const sets = {
      '/keySet/keys/0/d': { keys: [{ ...key, d }] },
      '/keySet/keys/0': { keys: [{ ...key, x: 'AAAA' }] },
      '/keySet/keys': { keys: [key, key] },
      '/keySet/url': { url: 'http://elsewhere.example/keys' },
      '/keySet': { keys: [key], url: 'https://elsewhere.example/keys' },
    };
    for (const [pointer, keySet] of Object.entries(sets)) {
      const { status, body } = await machine.register({ keySet });
      expect([status, body.errors[0].pointer]).toEqual([422, pointer]);
    }
  });
});

describe('cards in the chart of another system', () => {
  const path = '/cds-services/surveillance';
  const opened = async (payload: object, headers: Record<string, string> = {}) =>
    t.request('POST', path, { payload, headers: { ...(await client.signed(path)), ...headers } });
  const identified = (mrn: string, facts: object = {}) => ({
    identifier: [
      {
        type: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v2-0203', code: 'MR' }] },
        value: mrn,
      },
    ],
    birthDate: '1960-05-05',
    ...facts,
  });
  const givenChart = async (where = ward) => {
    const id = await givenPatient(t, where);
    const { body } = await t.get(`/patients/${id}`, { authorization: `Bearer ${where.key}` });
    return { id, mrn: body.mrn as string };
  };

  test('the services are open, in the language of the reader', async () => {
    const zh = await t.get('/cds-services', { authorization: '', 'accept-language': 'zh' });
    expect(zh.body.services[0]).toMatchObject({
      ...{ hook: 'patient-view', id: 'surveillance', title: '结直肠癌术后随访' },
      prefetch: { patient: 'Patient/{{context.patientId}}' },
    });
  });

  test('say what is due, why, by which section, and where the plan is', async () => {
    const { id, mrn } = await givenChart();
    const { body } = await opened(chartOpened('123', identified(mrn)), { 'accept-language': 'zh' });
    const { body: schedule } = await t.get(`/patients/${id}/schedule`);
    const open = (schedule.items as { id: string; status: string }[]).filter(({ status }) =>
      ['due', 'overdue'].includes(status),
    );
    expect(open.length).toBeGreaterThan(0);
    expect(body.cards.map(({ uuid }: { uuid: string }) => uuid).sort()).toEqual(
      open.map((item) => item.id).sort(),
    );
    expect(body.cards[0]).toMatchObject({
      ...{
        indicator: 'warning',
        summary: expect.stringMatching(/已逾期：应于 2026-\d\d-\d\d 完成，已过 \d+ 天$/),
      },
      source: { label: expect.stringMatching(/指南.*，|,/) },
      links: [{ type: 'absolute', url: `${ORIGIN}/patients/${id}` }],
      detail: expect.stringMatching(/2026-01-15 \+ .* → 2026/),
    });
  });

  test('there are none for an unknown patient, another birth date, another hospital, and an untyped number', async () => {
    const { mrn } = await givenChart();
    const theirs = await givenChart(foreign);
    const cards = async (prefetch: object, patientId = '123') =>
      (await opened(chartOpened(patientId, prefetch))).body.cards as unknown[];
    expect((await cards(identified(mrn))).length).toBeGreaterThan(0);
    expect(await cards(identified('nobody'))).toEqual([]);
    expect(await cards(identified(mrn, { birthDate: '1960-05-06' }))).toEqual([]);
    expect(await cards({ identifier: [{ value: mrn }] })).toEqual([]);
    expect(await cards(identified(theirs.mrn))).toEqual([]);
    expect(await cards(identified(theirs.mrn), theirs.id)).toEqual([]);
    const { body } = await opened(chartOpened(theirs.id));
    expect(body.code).toBe('prefetch-required');
  });

  test('only a machine that signs this very call, once, gets cards', async () => {
    const { mrn } = await givenChart();
    const payload = chartOpened('123', identified(mrn));
    const status = async (headers: Record<string, string>) =>
      (await t.request('POST', path, { payload, headers })).status;
    const once = await client.signed(path);
    expect([await status(once), await status(once)]).toEqual([200, 401]);
    expect(await status({ authorization: '' })).toBe(401);
    expect(await status(await client.signed('/cds-services/other'))).toBe(401);
    expect(await status(await client.signed(path, { tenant: randomUUID() }))).toBe(401);
    expect(await status(await client.signed(path, { tenant: undefined, iss: `urn:uuid:${client.id}` }))).toBe(
      200,
    );
    const stranger = await SignedClient.made(t);
    await stranger.register({ roles: ['auditor'] });
    expect(await status(await stranger.signed(path))).toBe(403);
  });

  test('a wrong request is refused by field, an unknown service by name', async () => {
    const { body } = await opened({ hook: 'order-select', hookInstance: 'x' });
    expect(body.errors.map(({ pointer }: { pointer: string }) => pointer)).toEqual(['/hook', '/context']);
    const other = '/cds-services/other';
    const missing = await t.request('POST', other, {
      ...{ payload: chartOpened('1', {}), headers: await client.signed(other) },
    });
    expect([missing.status, missing.body.code]).toEqual([404, 'cds-service-not-found']);
  });
});

describe('a link into a patient', () => {
  const open = async (query: object, session?: string) => {
    const headers = session === undefined ? {} : { cookie: `nedwatch-session=${session}` };
    const url = `/open/patient?${new URLSearchParams(Object.entries(query)).toString()}`;
    const answer = await t.app.inject({
      method: 'GET',
      url,
      headers: { 'accept-language': 'en', ...headers },
    });
    return { status: answer.statusCode, to: answer.headers.location, page: answer.payload };
  };
  const signedIn = async (limits: object = {}) => {
    const { login, password } = await givenPerson(t, limits);
    const answer = await t.app.inject({
      ...{ method: 'POST', url: '/api/v1/sign-in' },
      payload: { hospital: 'nedwatch', login, password, as: 'cookie' },
    });
    return /nedwatch-session=([^;]+)/.exec(String(answer.headers['set-cookie']))![1]!;
  };

  test('leads a signed-in person to the page, by number or id, and is audited', async () => {
    const id = await givenPatient(t, ward, { mrn: '门诊 7&8' });
    const session = await signedIn();
    for (const query of [
      { identifier: '门诊 7&8' },
      { identifier: 'MR|门诊 7&8', hospital: 'nedwatch' },
      { identifier: `urn:nedwatch:hospital:${t.hospitalId}:mrn|门诊 7&8` },
      { patient: id },
    ])
      expect(await open(query, session)).toMatchObject({ status: 302, to: `/patients/${id}` });
    const [audited] = await t.dataSource.query<[{ patients: string[] }]>(
      `SELECT patients FROM audit_event WHERE call = 'GET /open/patient' ORDER BY recorded_at DESC LIMIT 1`,
    );
    expect(audited.patients).toEqual([id]);
  });

  test('says so for an unknown patient, another kind of number, and a patient whom the person may not see', async () => {
    const session = await signedIn({ departments: ['liver'] });
    const hidden = await givenPatient(t, ward, { mrn: 'H-1', department: 'bowel', responsibleNurse: '某人' });
    for (const query of [
      { identifier: 'nobody' },
      { identifier: 'H-1' },
      { patient: hidden },
      { identifier: 'SS|H-1' },
    ]) {
      const { status, page } = await open(query, session);
      expect([status, page.includes('No patient with this number')]).toEqual([404, true]);
    }
    expect((await open({ identifier: 'H-1', hospital: foreign.code }, session)).status).toBe(403);
    expect((await open({ identifier: 'H-1', hospital: 'nowhere' }, session)).status).toBe(404);
  });

  test('leads nowhere else, whatever it contains', async () => {
    const session = await signedIn();
    for (const identifier of [
      '//evil.example',
      'https://evil.example',
      '"><script>alert(1)</script>',
      '\r\nx: y',
    ]) {
      const known = await open({ identifier }, session);
      const unknown = await open({ identifier });
      expect([known.status, known.to, unknown.to]).toEqual([404, undefined, undefined]);
      expect(unknown.page).not.toContain('<script');
      expect(/url=([^"]*)"/.exec(unknown.page)![1]).toMatch(/^\/open\/patient\?/);
    }
    for (const query of [{}, { identifier: 'a', patient: randomUUID() }, { identifier: 'a', step: 'evil' }])
      expect((await open(query)).status).toBe(400);
  });

  test('without a session: one more request for the cookie, and then the way to sign in', async () => {
    const id = randomUUID();
    expect((await open({ patient: id })).page).toContain('step=here');
    expect(await open({ patient: id, step: 'here' })).toMatchObject({ status: 302, to: `/patients/${id}` });
    const page = await open({ identifier: 'x', hospital: 'nedwatch', step: 'here' });
    expect([page.status, page.page.includes('Sign in, and then open the link again')]).toEqual([200, true]);
    expect((await open({ identifier: 'x', step: 'signed-in' })).page).toContain('Allow cookies');
  });
});
