import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { AdministratorKeyWatch } from '../../src/accounts/api-keys/administrator-key-watch.js';
import { RIGHTS } from '../../src/tenancy/rights.js';
import { type Answer, startApp, type TestApp } from '../support/app.js';
import { givenPatient } from '../support/prepared-calls.js';
import { as, codeNow, enrolTotp, givenPerson, PASSWORD, signIn, stepUp } from '../support/signed-in.js';

let t: TestApp;
beforeAll(async () => {
  t = await startApp({ clock: '2026-11-02T08:00:00+08:00', role: 'api' });
});
afterAll(() => t.close());

const REFUSED = [403, 'not-yours-to-give'];
const statusAndCode = ({ status, body }: Answer): unknown[] => [status, body?.code];
const ADMIN = { name: 'administrator', roles: ['hospital_admin'] };
const NURSE = { roles: ['nurse'] };

interface Made {
  readonly id: string;
  readonly key: string;
}
async function givenKey(limits: object = {}, by = t.adminKey): Promise<Made> {
  const { status, body } = await t.post('/api-keys', { ...ADMIN, ...limits }, as(by));
  expect({ status, errors: body.errors as unknown }).toEqual({ status: 201, errors: undefined });
  return body as Made;
}
const register = (by: string, person: object): Promise<Answer> => {
  const login = randomUUID();
  return t.post('/people', { login, name: login, ...person }, as(by));
};
const patch = (by: string, path: string, payload: object): Promise<Answer> =>
  t.request('PATCH', path, { payload, headers: as(by) });
const remove = (by: string, path: string): Promise<Answer> => t.request('DELETE', path, { headers: as(by) });
const works = async (credential: string): Promise<boolean> =>
  (await t.get('/me', as(credential))).status === 200;

describe('a key limited to scopes', () => {
  test('registers no person whose roles exceed the scopes', async () => {
    const { key } = await givenKey({ scopes: ['people:write', 'people:read'] });
    for (const role of ['hospital_admin', 'nurse', 'clinician', 'head_nurse', 'integration', 'auditor'])
      expect([role, ...statusAndCode(await register(key, { roles: [role] }))]).toEqual([role, ...REFUSED]);
    const wide = await givenKey({
      scopes: [
        'people:write',
        'guidelines:read',
        'patients:read',
        'policy:read',
        'audit:read',
        'people:read',
      ],
    });
    expect((await register(wide.key, { roles: ['auditor'] })).status).toBe(201);
  });

  test('cannot take over an account with more rights', async () => {
    const { key } = await givenKey({ scopes: ['people:write', 'people:read'] });
    const nurse = await givenPerson(t);
    const path = `/people/${nurse.id}`;
    const answers = [
      await t.post(`${path}/reset`, {}, as(key)),
      await patch(key, path, { roles: ['hospital_admin'] }),
      await patch(key, path, { state: 'disabled' }),
      await t.post(`${path}/identities`, { provider: 'any', subject: 'mine' }, as(key)),
      await remove(key, `${path}/sessions`),
    ];
    expect(answers.map(statusAndCode)).toEqual(answers.map(() => REFUSED));
    expect(await works(nurse.session)).toBe(true);
  });
});

describe('addresses and expiry', () => {
  test('of a key limit the keys that it creates', async () => {
    const { key } = await givenKey({ addresses: ['127.0.0.0/8'], expiresInDays: 2 });
    for (const wider of [
      {},
      { addresses: null },
      { addresses: ['0.0.0.0/0'] },
      { addresses: ['127.0.0.0/7'] },
      { addresses: ['127.0.0.1', '10.0.0.1'] },
      { addresses: ['::/0'] },
      { addresses: ['127.0.0.1'], expiresInDays: 3 },
    ])
      expect([wider, ...statusAndCode(await t.post('/api-keys', { ...ADMIN, ...wider }, as(key)))]).toEqual([
        ...[wider, ...REFUSED],
      ]);
    const { body } = await t.post('/api-keys', { ...ADMIN, addresses: ['127.0.0.1'] }, as(key));
    expect(Date.parse(body.expiresAt as string)).toBeLessThanOrEqual(
      (await t.now()).getTime() + 2 * 86_400_000,
    );
  });

  test('pass to the accounts that it registers', async () => {
    const { key } = await givenKey({ addresses: ['127.0.0.0/8'], expiresInDays: 1 });
    for (const wider of [{ addresses: null }, { expiresAt: null }, { expiresAt: '2027-01-01T00:00:00Z' }])
      expect(statusAndCode(await register(key, { ...NURSE, ...wider }))).toEqual(REFUSED);
    const login = randomUUID();
    const { body } = await register(key, { login, ...NURSE });
    expect(body.addresses).toEqual(['127.0.0.0/8']);
    const { setupCode } = body as { setupCode: string };
    const first = await signIn(t, { login, setupCode, newPassword: PASSWORD });
    const session = first.body.token as string;
    const from = async (remoteAddress: string, url: string, payload?: object): Promise<number> => {
      const method = payload ? ('POST' as const) : ('GET' as const);
      const headers = payload ? {} : as(session);
      return (await t.app.inject({ method, url: `/api/v1${url}`, remoteAddress, headers, payload }))
        .statusCode;
    };
    const credentials = { hospital: 'nedwatch', login, password: PASSWORD, as: 'token' };
    expect([await from('127.0.0.9', '/me'), await from('10.0.0.1', '/me')]).toEqual([200, 401]);
    expect(await from('10.0.0.1', '/sign-in', credentials)).toBe(401);
    const before = await t.now();
    await t.setClock(new Date(before.getTime() + 86_300_000).toISOString());
    expect((await signIn(t, { login, password: PASSWORD })).status).toBe(200);
    await t.setClock(new Date(before.getTime() + 86_500_000).toISOString());
    expect((await signIn(t, { login, password: PASSWORD })).status).toBe(401);
    await t.setClock(before.toISOString());
  });

  test('keep a key from taking over an account that has no such limit', async () => {
    const { key } = await givenKey({ expiresInDays: 1 });
    const nurse = await givenPerson(t);
    expect(statusAndCode(await t.post(`/people/${nurse.id}/reset`, {}, as(key)))).toEqual(REFUSED);
    expect(statusAndCode(await patch(key, `/people/${nurse.id}`, { roles: ['nurse', 'clinician'] }))).toEqual(
      REFUSED,
    );
    expect((await patch(key, `/people/${nurse.id}`, { state: 'disabled' })).status).toBe(200);
  });
});

describe('departments', () => {
  test('keep a key from revoking keys that see more, and from every operator’s key', async () => {
    const { key: limited } = await givenKey({ departments: ['liver'] });
    const whole = await givenKey();
    expect(statusAndCode(await remove(limited, `/api-keys/${whole.id}`))).toEqual(REFUSED);
    const operator = await givenKey({ roles: ['platform_operator', 'hospital_admin'] });
    expect(statusAndCode(await remove(whole.key, `/api-keys/${operator.id}`))).toEqual(REFUSED);
    const scoped = await givenKey({ scopes: ['people:write'] });
    expect(statusAndCode(await remove(scoped.key, `/api-keys/${whole.id}`))).toEqual(REFUSED);
    expect([await works(whole.key), await works(operator.key)]).toEqual([true, true]);
    const own = await givenKey({ departments: ['liver'], roles: ['nurse'] });
    expect((await remove(limited, `/api-keys/${own.id}`)).status).toBe(204);
  });

  test('and every other limit keep a caller from identity providers', async () => {
    const provider = () => ({
      ...{ code: `p-${randomUUID().slice(0, 8)}`, name: 'Mine', clientId: 'nedwatch', autoCreate: true },
      ...{ issuer: `https://${randomUUID()}.example`, roleMap: { all: ['hospital_admin'] } },
    });
    const { body: set } = await t.post('/sso-providers', provider());
    for (const limits of [
      { departments: ['liver'] },
      { scopes: ['people:write'] },
      { addresses: ['127.0.0.0/8'] },
      { expiresInDays: 1 },
    ]) {
      const { key } = await givenKey(limits);
      expect(statusAndCode(await t.post('/sso-providers', provider(), as(key)))).toEqual(REFUSED);
      expect(
        statusAndCode(await patch(key, `/sso-providers/${set.id as string}`, { autoCreate: true })),
      ).toEqual(REFUSED);
    }
  });

  test('cannot be bypassed with the name of a nurse of another department', async () => {
    const ward = { hospitalId: t.hospitalId, key: t.adminKey };
    const patient = await givenPatient(t, ward, { department: 'bowel', responsibleNurse: 'Nurse Elsewhere' });
    const { key: limited } = await givenKey({ departments: ['liver'], roles: ['hospital_admin', 'nurse'] });
    const person = { ...NURSE, departments: ['liver'], name: 'nurse  elsewhere' };
    expect(statusAndCode(await register(limited, person))).toEqual(REFUSED);
    expect(statusAndCode(await register(limited, { ...person, name: 'x', login: 'nurse' }))[0]).toBe(201);
    const { body: other } = await register(limited, { ...person, name: 'Another' });
    const path = `/people/${other.id as string}`;
    const named = { name: 'Nurse Elsewhere', personId: other.id as string, author: 'Dr. Chen' };
    const mapped = await t.request('PUT', '/nurse-names', { payload: named, headers: as(limited) });
    expect(statusAndCode(mapped)).toEqual(REFUSED);
    const { key: namesake } = await givenKey(
      { name: 'Nurse Elsewhere', departments: ['liver'], ...NURSE },
      limited,
    );
    expect((await t.get(`/patients/${patient}`, as(namesake))).status).toBe(404);
    expect(statusAndCode(await patch(limited, path, { name: 'Nurse Elsewhere' }))[0]).toBe(403);
  });
});

test('revoking a key revokes the keys that it created and its unused set-up codes', async () => {
  const stolen = await givenKey();
  const child = await givenKey({}, stolen.key);
  const grandchild = await givenKey({}, child.key);
  const login = randomUUID();
  const { body } = await register(stolen.key, { login, ...NURSE });
  expect((await remove(t.adminKey, `/api-keys/${stolen.id}`)).status).toBe(204);
  expect([await works(child.key), await works(grandchild.key)]).toEqual([false, false]);
  const late = await signIn(t, { login, setupCode: body.setupCode as string, newPassword: PASSWORD });
  expect(late.status).toBe(401);
});

describe('a stolen session of an administrator', () => {
  const stolen = async () => {
    const { id, login } = await givenPerson(t, { roles: ['hospital_admin'] });
    return { id, login, session: (await signIn(t, { login, password: PASSWORD })).body.token as string };
  };

  test('changes no access rights before password and code are proven again', async () => {
    const { session } = await stolen();
    const victim = await givenPerson(t, { roles: ['hospital_admin'] });
    const machine = await givenKey();
    const calls = Object.entries(RIGHTS).filter(([, { stepUp }]) => stepUp);
    expect(calls.length).toBeGreaterThan(10);
    for (const [call] of calls.filter(([, { roles }]) => roles.includes('hospital_admin'))) {
      const [method, route] = call.split(' ') as ['POST', string];
      const path = route.replace(':id', route.startsWith('/api-keys') ? machine.id : victim.id);
      const refused = await t.request(method, path, { payload: {}, headers: as(session) });
      expect([call, ...statusAndCode(refused)]).toEqual([call, 403, 'step-up-required']);
    }
    expect(await works(victim.session)).toBe(true);
  });

  test('cannot reset its own account, even after a step-up', async () => {
    const { id, session } = await stolen();
    await stepUp(t, session);
    expect(statusAndCode(await t.post(`/people/${id}/reset`, { clearTotp: true }, as(session)))).toEqual([
      403,
      'own-reset',
    ]);
  });

  test('steps up by password and, where one is enrolled, by a code, for five minutes and for itself alone', async () => {
    const person = await givenPerson(t, { roles: ['hospital_admin'] });
    const { secret, recoveryCodes } = await enrolTotp(t, person);
    const { login, session: own } = person;
    const signedIn = await signIn(t, { login, password: PASSWORD, recoveryCode: recoveryCodes[0] });
    const session = signedIn.body.token as string;
    const tried = async (proof: object) =>
      (await t.post('/me/step-up', { password: PASSWORD, ...proof }, as(session))).body.errors[0]
        .code as string;
    expect(await tried({})).toBe('code-required');
    expect(await tried({ code: '000000' })).toBe('wrong-code');
    expect(await tried({ password: 'not this one' })).toBe('wrong-password');
    expect(statusAndCode(await register(session, NURSE))).toEqual([403, 'step-up-required']);
    const code = await codeNow(t, secret);
    await stepUp(t, session, { code });
    expect(await tried({ code })).toBe('wrong-code');
    expect((await register(session, NURSE)).status).toBe(201);
    const third = await signIn(t, { login, password: PASSWORD, recoveryCode: recoveryCodes[1] });
    expect(statusAndCode(await register(third.body.token as string, NURSE))).toEqual([
      403,
      'step-up-required',
    ]);
    const before = await t.now();
    await t.setClock(new Date(before.getTime() + 301_000).toISOString());
    expect(statusAndCode(await register(session, NURSE))).toEqual([403, 'step-up-required']);
    await t.setClock(before.toISOString());
    expect(await works(own)).toBe(true);
  });

  test('does not guess codes with a known password', async () => {
    const person = await givenPerson(t);
    await enrolTotp(t, person);
    const guess = () => t.post('/me/step-up', { password: PASSWORD, code: '000000' }, as(person.session));
    const answers = [];
    for (let n = 0; n < 7; n++) answers.push((await guess()).status);
    expect(answers.slice(-1)).toEqual([429]);
  });
});

test('keys lose each right that the administrator who created them loses', async () => {
  const admin = await givenPerson(t, { roles: ['hospital_admin'] });
  const whole = await givenKey({}, admin.session);
  const liver = await givenKey({ departments: ['liver'] }, admin.session);
  await patch(t.adminKey, `/people/${admin.id}`, { departments: ['liver'] });
  expect([await works(whole.key), await works(liver.key)]).toEqual([false, true]);
  await patch(t.adminKey, `/people/${admin.id}`, { state: 'disabled' });
  expect(await works(liver.key)).toBe(false);
});

describe('a hospital that requires a second factor', () => {
  const require = (roles: readonly string[], by = t.adminKey): Promise<Answer> =>
    t.request('PUT', '/second-factor-requirement', { payload: { roles }, headers: as(by) });

  test('lets people of these roles do nothing before they enrol', async () => {
    const [nurse, auditor] = [await givenPerson(t), await givenPerson(t, { roles: ['auditor'] })];
    expect((await require(['nurse'])).body).toEqual({ roles: ['nurse'] });
    expect((await t.get('/second-factor-requirement')).body).toEqual({ roles: ['nurse'] });
    const worklist = async (session: string) => statusAndCode(await t.get('/worklist', as(session)));
    expect(await worklist(nurse.session)).toEqual([403, 'second-factor-needed']);
    expect(await worklist(auditor.session)).toEqual([200, undefined]);
    const again = await signIn(t, { login: nurse.login, password: PASSWORD });
    expect(await worklist(again.body.token as string)).toEqual([403, 'second-factor-needed']);
    const { recoveryCodes } = await enrolTotp(t, nurse);
    expect(await worklist(nurse.session)).toEqual([200, undefined]);
    const renewed = await t.post(
      '/me/password',
      { password: PASSWORD, newPassword: `another ${PASSWORD}` },
      as(nurse.session),
    );
    expect(await worklist(renewed.body.token as string)).toEqual([200, undefined]);
    const removed = { password: `another ${PASSWORD}`, recoveryCode: recoveryCodes[0] };
    const headers = as(renewed.body.token as string);
    expect((await t.request('DELETE', '/me/totp', { headers, payload: removed })).status).toBe(204);
    expect(await worklist(renewed.body.token as string)).toEqual([403, 'second-factor-needed']);
    await require([]);
  });

  test('can be set by administrators of the whole hospital only', async () => {
    const { key } = await givenKey({ departments: ['liver'] });
    expect(statusAndCode(await require([], key))).toEqual(REFUSED);
    expect((await require(['surgeon'])).body.errors[0].pointer).toBe('/roles/0');
  });
});

describe('the administrator secret of the first start', () => {
  test('is reported as active on the status page and in the log once the hospital has an administrator', async () => {
    await givenPerson(t, { roles: ['hospital_admin'] });
    const { body } = await t.get('/status');
    expect(body.administratorKeys).toEqual([
      { id: expect.any(String), lastFour: 'test', lastUsedAt: expect.any(String) },
    ]);
    const { body: other } = await t.post('/hospitals', {
      ...{ name: 'Without', code: 'without', administrator: { login: 'only', name: 'Only' } },
    });
    const { setupCode } = other.administrator as { setupCode: string };
    const by = { hospital: 'without', login: 'only', setupCode, newPassword: PASSWORD };
    const session = (await signIn(t, by)).body.token as string;
    expect((await t.get('/status', as(session))).body.administratorKeys).toEqual([]);

    const warned: unknown[] = [];
    Logger.overrideLogger({
      log: () => undefined,
      error: () => undefined,
      warn: (text) => warned.push(text),
    });
    await t.app.get(AdministratorKeyWatch).warn();
    Logger.overrideLogger(false);
    expect(warned).toEqual([
      expect.stringContaining(`DELETE /api/v1/api-keys/${body.administratorKeys[0].id}`),
    ]);
  });

  test('can be revoked by operators only, and keys of other systems stay', async () => {
    const { body } = await t.get('/status');
    const path = `/api-keys/${body.administratorKeys[0].id as string}`;
    const admin = await givenPerson(t, { roles: ['hospital_admin'] });
    expect(statusAndCode(await remove(admin.session, path))).toEqual(REFUSED);
    const machine = await givenKey({ roles: ['integration'] });
    const operator = await givenPerson(t, { roles: ['hospital_admin', 'platform_operator'] });
    expect((await remove(operator.session, path)).status).toBe(204);
    expect([await works(t.adminKey), await works(machine.key)]).toEqual([false, true]);
    expect((await t.get('/status', as(operator.session))).body.administratorKeys).toEqual([]);
  });
});
