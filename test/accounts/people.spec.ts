import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ROLES } from '../../src/tenancy/caller.js';
import { type Answer, startApp, type TestApp } from '../support/app.js';
import { givenPatient } from '../support/prepared-calls.js';
import { as, codeNow, enrolTotp, givenPerson, PASSWORD, signIn, stepUp } from '../support/signed-in.js';

let t: TestApp;
let admin: string;
beforeAll(async () => {
  t = await startApp({ clock: '2026-11-02T08:00:00+08:00', role: 'api' });
  admin = (await givenPerson(t, { roles: ['hospital_admin'] })).session;
});
afterAll(() => t.close());

const statusAndCode = ({ status, body }: Answer): unknown[] => [status, body?.code];
const patch = (path: string, payload: object, session = admin): Promise<Answer> =>
  t.request('PATCH', path, { payload, headers: as(session) });
const works = async (session: string): Promise<boolean> => (await t.get('/me', as(session))).status === 200;

describe('a set-up code', () => {
  const registered = async (login: string) =>
    (await t.post('/people', { login, name: `Name of ${login}`, roles: ['nurse'] }, as(admin))).body;

  test('lets its person choose a password once', async () => {
    const { setupCode } = await registered('once');
    expect(statusAndCode(await signIn(t, { login: 'once', setupCode }))).toEqual([
      403,
      'new-password-required',
    ]);
    const by = { login: 'once', setupCode, newPassword: PASSWORD };
    expect((await signIn(t, by)).status).toBe(200);
    expect(statusAndCode(await signIn(t, by))).toEqual([401, 'sign-in-failed']);
    expect((await signIn(t, { login: 'once', password: PASSWORD })).status).toBe(200);
  });

  test('is accepted in any spelling for three days', async () => {
    const { setupCode } = await registered('read-aloud');
    const typed = String(setupCode)
      .toUpperCase()
      .replaceAll('-', ' ')
      .replaceAll('0', 'O')
      .replaceAll('1', 'l');
    const by = { login: 'read-aloud', newPassword: PASSWORD };
    expect((await signIn(t, { ...by, setupCode: typed })).status).toBe(200);
    const { setupCode: late, setupExpiresAt } = await registered('late');
    const before = await t.now();
    expect(Math.round((Date.parse(setupExpiresAt as string) - before.getTime()) / 3_600_000)).toBe(72);
    await t.setClock(new Date(before.getTime() + 73 * 3_600_000).toISOString());
    expect((await signIn(t, { login: 'late', setupCode: late, newPassword: PASSWORD })).status).toBe(401);
    await t.setClock(before.toISOString());
  });

  test('is not stored for repetition', async () => {
    const headers = { ...as(admin), 'idempotency-key': 'people-1' };
    const person = { login: 'repeated', name: 'Repeated', roles: ['nurse'] };
    const { body } = await t.post('/people', person, headers);
    expect(statusAndCode(await t.post('/people', person, headers))).toEqual([409, 'login-taken']);
    const kept = JSON.stringify(await t.dataSource.query('SELECT body FROM idempotent_answer'));
    expect(kept).not.toContain(body.setupCode);
  });

  test('of a reset forces a new password, ends the sessions, and forgets the authenticator if asked', async () => {
    const person = await givenPerson(t);
    const { secret } = await enrolTotp(t, person);
    const reset = (clearTotp: boolean) => t.post(`/people/${person.id}/reset`, { clearTotp }, as(admin));
    const { login } = person;
    const { setupCode } = (await reset(false)).body;
    expect(await works(person.session)).toBe(false);
    expect((await signIn(t, { login, password: PASSWORD, totp: await codeNow(t, secret) })).status).toBe(401);
    const by = { login, setupCode, newPassword: 'another plum tree' };
    expect(statusAndCode(await signIn(t, by))).toEqual([403, 'second-factor-required']);
    expect((await signIn(t, { ...by, totp: await codeNow(t, secret, 1) })).status).toBe(200);
    const cleared = { login, setupCode: (await reset(true)).body.setupCode as string, newPassword: PASSWORD };
    expect((await signIn(t, cleared)).status).toBe(200);
  });
});

describe('a login', () => {
  test('is unique in any spelling; several people may have one name', async () => {
    const person = { login: 'Ｗang.Fang', name: '王芳', roles: ['nurse'] };
    const { body } = await t.post('/people', person, as(admin));
    expect(body.login).toBe('wang.fang');
    expect(statusAndCode(await t.post('/people', { ...person, login: 'wang.fang' }, as(admin)))).toEqual([
      409,
      'login-taken',
    ]);
    const again = await t.post('/people', { ...person, login: 'wang.fang2' }, as(admin));
    expect(statusAndCode(again)).toEqual([201, undefined]);
    const other = await givenPerson(t);
    expect(statusAndCode(await patch(`/people/${other.id}`, { name: '王芳' }))).toEqual([200, undefined]);
  });

  test.each([
    ['/login', { login: 'two words' }],
    ['/login', { login: '' }],
    ['/roles', { roles: [] }],
    ['/roles', { roles: ['nurse', 'nurse'] }],
    ['/roles/0', { roles: ['surgeon'] }],
    ['/departments', { departments: [] }],
    ['/password', { password: PASSWORD }],
  ])('%s is refused where it is not right', async (pointer, wrong) => {
    const person = { login: 'right', name: 'Right', roles: ['nurse'], ...wrong };
    const { status, body } = await t.post('/people', person, as(admin));
    expect([status, body.errors[0].pointer]).toEqual([422, pointer]);
  });

  test('may exist in another hospital too, and is not valid in this one', async () => {
    const { body: other } = await t.post('/hospitals', {
      ...{ name: 'Other', code: 'other-1', administrator: { login: 'twin', name: 'Twin' } },
    });
    await givenPerson(t, { login: 'twin' });
    const { setupCode } = other.administrator;
    const by = { login: 'twin', setupCode, newPassword: 'a sentence of her own' };
    expect((await signIn(t, by)).status).toBe(401);
    const there = await signIn(t, { ...by, hospital: 'Other-1' });
    const { body: me } = await t.get('/me', as(there.body.token as string));
    expect([me.hospital.code, me.roles]).toEqual(['other-1', ['hospital_admin']]);
    expect((await t.get('/people', as(there.body.token as string))).body.items).toHaveLength(1);
  });
});

describe('a removal takes effect with the next request', () => {
  test('a person who is disabled', async () => {
    const { id, session, login } = await givenPerson(t);
    expect(await works(session)).toBe(true);
    await patch(`/people/${id}`, { state: 'disabled' });
    expect(await works(session)).toBe(false);
    expect((await signIn(t, { login, password: PASSWORD })).status).toBe(401);
    await patch(`/people/${id}`, { state: 'active' });
    expect(await works(session)).toBe(false);
    expect((await signIn(t, { login, password: PASSWORD })).status).toBe(200);
  });

  test('a role: the sessions end', async () => {
    const { id, session } = await givenPerson(t, { roles: ['nurse', 'clinician'] });
    await patch(`/people/${id}`, { roles: ['clinician', 'nurse'] });
    expect(await works(session)).toBe(true);
    await patch(`/people/${id}`, { roles: ['nurse'] });
    expect(await works(session)).toBe(false);
  });

  test('a department', async () => {
    const ward = { hospitalId: t.hospitalId, key: t.adminKey };
    const patient = await givenPatient(t, ward, { department: 'liver' });
    const { id, session } = await givenPerson(t, { departments: ['liver'] });
    expect((await t.get(`/patients/${patient}`, as(session))).status).toBe(200);
    await patch(`/people/${id}`, { departments: ['bowel'] });
    expect((await t.get(`/patients/${patient}`, as(session))).status).toBe(404);
  });

  test('a session, one or all, by an administrator', async () => {
    const { id, session, login } = await givenPerson(t);
    const { body: second } = await signIn(t, { login, password: PASSWORD });
    const { body: list } = await t.get(`/people/${id}/sessions`, as(admin));
    expect(list.items).toHaveLength(2);
    const end = (path: string) =>
      t.request('DELETE', `/people/${id}/sessions${path}`, { headers: as(admin) });
    expect((await end(`/${list.items[0].id as string}`)).status).toBe(204);
    expect([await works(session), await works(second.token as string)]).toEqual([true, false]);
    expect((await end('')).status).toBe(204);
    expect(await works(session)).toBe(false);
  });
});

test('a nurse who sees only her own patients sees those for whom she is responsible', async () => {
  const ward = { hospitalId: t.hospitalId, key: t.adminKey };
  const { name, session } = await givenPerson(t, { ownPatientsOnly: true });
  const mine = await givenPatient(t, ward, { responsibleNurse: name });
  const another = await givenPatient(t, ward, { responsibleNurse: 'Somebody else' });
  const statuses = await Promise.all(
    [mine, another].map(async (id) => (await t.get(`/patients/${id}`, as(session))).status),
  );
  expect(statuses).toEqual([200, 404]);
});

describe('people cannot give more rights than their own', () => {
  test('an administrator gives every role but the platform operator’s', async () => {
    for (const role of ROLES) {
      const person = { login: `as-${role}`, name: `As ${role}`, roles: [role] };
      expect(statusAndCode(await t.post('/people', person, as(admin)))).toEqual(
        role === 'platform_operator' ? [403, 'not-yours-to-give'] : [201, undefined],
      );
    }
    const both = await givenPerson(t, { roles: ['hospital_admin', 'platform_operator'] });
    const operator = { login: 'operator-2', name: 'Operator 2', roles: ['platform_operator'] };
    expect((await t.post('/people', operator, as(both.session))).status).toBe(201);
  });

  test('an administrator cannot change the account of a platform operator', async () => {
    const operator = await givenPerson(t, { roles: ['platform_operator'] });
    const path = `/people/${operator.id}`;
    const answers = [
      await t.post(`${path}/reset`, {}, as(admin)),
      await patch(path, { roles: ['nurse'] }),
      await patch(path, { state: 'disabled' }),
      await t.request('DELETE', `${path}/sessions`, { headers: as(admin) }),
    ];
    expect(answers.map(statusAndCode)).toEqual(answers.map(() => [403, 'not-yours-to-give']));
  });

  test('people cannot change their own rights', async () => {
    const self = await givenPerson(t, { roles: ['hospital_admin'] });
    for (const own of [
      { roles: ['hospital_admin', 'clinician'] },
      { departments: null },
      { ownPatientsOnly: false },
      { state: 'disabled' },
    ])
      expect(statusAndCode(await patch(`/people/${self.id}`, own, self.session))).toEqual([
        403,
        'own-rights',
      ]);
    expect((await patch(`/people/${self.id}`, { language: 'en' }, self.session)).status).toBe(200);
  });

  test('an administrator of some departments cannot give access to others', async () => {
    const limited = await givenPerson(t, { roles: ['hospital_admin'], departments: ['liver', 'bowel'] });
    const give = async (login: string, departments: string[] | null) =>
      statusAndCode(
        await t.post('/people', { login, name: login, roles: ['nurse'], departments }, as(limited.session)),
      );
    expect(await give('of-liver', ['liver'])).toEqual([201, undefined]);
    expect(await give('of-lung', ['liver', 'lung'])).toEqual([403, 'not-yours-to-give']);
    expect(await give('of-all', null)).toEqual([403, 'not-yours-to-give']);
  });

  test('the last active administrator cannot be removed', async () => {
    const { body: other } = await t.post('/hospitals', {
      ...{ name: 'Lonely', code: 'lonely', administrator: { login: 'only', name: 'Only' } },
    });
    const { setupCode, id } = other.administrator;
    const first = await signIn(t, { hospital: 'lonely', login: 'only', setupCode, newPassword: PASSWORD });
    const only = { key: await stepUp(t, first.body.token as string), hospital: 'lonely' };
    const second = await givenPerson(t, { roles: ['hospital_admin'] }, only);
    expect((await patch(`/people/${second.id}`, { state: 'disabled' }, only.key)).status).toBe(200);
    await patch(`/people/${second.id}`, { state: 'active' }, only.key);
    const again = await signIn(t, { hospital: 'lonely', login: second.login, password: PASSWORD });
    const session = await stepUp(t, again.body.token as string);
    const both = await Promise.all([
      patch(`/people/${id as string}`, { roles: ['nurse'] }, session),
      patch(`/people/${second.id}`, { state: 'disabled' }, only.key),
    ]);
    expect(both.filter(({ status }) => status === 200)).toHaveLength(1);
    const [{ left }] = await t.dataSource.query<[{ left: number }]>(
      `SELECT count(*) AS left FROM person WHERE hospital_id = $1 AND state = 'active' AND roles @> '{hospital_admin}'`,
      [other.id],
    );
    expect(left).toBe(1);
  });

  test('a key of the hospital cannot remove the last active administrator', async () => {
    const { body: other } = await t.post('/hospitals', {
      ...{ name: 'Lonelier', code: 'lonelier', administrator: { login: 'only', name: 'Only' } },
    });
    const { setupCode, id } = other.administrator;
    const first = await signIn(t, { hospital: 'lonelier', login: 'only', setupCode, newPassword: PASSWORD });
    const { body } = await t.post(
      '/api-keys',
      { name: 'machine', roles: ['hospital_admin'] },
      as(await stepUp(t, first.body.token as string)),
    );
    for (const change of [{ state: 'disabled' }, { roles: ['nurse'] }])
      expect(statusAndCode(await patch(`/people/${id as string}`, change, body.key as string))).toEqual([
        409,
        'last-administrator',
      ]);
  });
});

describe('hospitals', () => {
  test('can be added and changed by the operator, who sees no patients', async () => {
    const operator = await givenPerson(t, { roles: ['platform_operator'] });
    const hospital = { name: 'Third', code: 'third', timeZone: 'Asia/Urumqi', language: 'en' };
    const added = await t.post(
      '/hospitals',
      { ...hospital, administrator: { login: 'boss', name: 'Boss' } },
      as(operator.session),
    );
    expect([added.status, added.body]).toEqual([
      201,
      expect.objectContaining({ ...hospital, passwordPolicy: 'asvs5', idleMinutes: 15 }),
    ]);
    const path = `/hospitals/${added.body.id as string}`;
    expect((await patch(path, { name: 'Third, renamed' }, operator.session)).body.name).toBe(
      'Third, renamed',
    );
    const { body: list } = await t.get('/hospitals?limit=500', as(operator.session));
    expect(list.items.map(({ name }: { name: string }) => name)).toContain('Third, renamed');
    for (const call of ['/patients', '/worklist', '/people', '/audit-events', '/policy'])
      expect((await t.get(call, as(operator.session))).status).toBe(403);
  });

  test('follow a guideline from the first day on', async () => {
    const { body: added } = await t.post('/hospitals', {
      ...{ name: 'Fourth', code: 'fourth', administrator: { login: 'boss', name: 'Boss' } },
    });
    const { setupCode } = added.administrator;
    const boss = await signIn(t, { hospital: 'fourth', login: 'boss', setupCode, newPassword: PASSWORD });
    const ward = { hospitalId: added.id as string, key: await stepUp(t, boss.body.token as string) };
    const { session } = await givenPerson(t, {}, { key: ward.key, hospital: 'fourth' });
    const patient = await givenPatient(t, { ...ward, key: session });
    const { body } = await t.get(`/patients/${patient}/schedule`, as(session));
    expect(body.items.length).toBeGreaterThan(5);
  });

  test.each([
    ['/timeZone', { timeZone: 'Beijing' }, 422],
    ['/code', { code: 'Two words' }, 422],
    ['/code', { code: 'nedwatch' }, 409],
    ['/name', { name: '' }, 422],
    ['/idleMinutes', { idleMinutes: 61 }, 422],
  ])('%s is refused where it is not right', async (pointer, wrong, status) => {
    const hospital = {
      name: 'Fifth',
      code: 'fifth',
      administrator: { login: 'boss', name: 'Boss' },
      ...wrong,
    };
    const refused = await t.post('/hospitals', hospital);
    expect([refused.status, refused.body.errors[0].pointer]).toEqual([status, pointer]);
    const changed = await patch(`/hospitals/${await elsewhere()}`, wrong, t.adminKey);
    expect([changed.status, changed.body.errors[0].pointer]).toEqual([status, pointer]);
  });

  async function elsewhere(): Promise<string> {
    const { body } = await t.get('/hospitals?limit=500');
    return (body.items as { id: string; code: string }[]).find(({ code }) => code !== 'nedwatch')!.id;
  }
});

describe('the author of a record', () => {
  const DECISION = { kind: 'profile', profile: 'minimal', reason: 'agreed' };

  test('is the signed-in person, whatever the request says', async () => {
    const { name, session } = await givenPerson(t, { roles: ['clinician'] });
    const id = await givenPatient(t, { hospitalId: t.hospitalId, key: session });
    const decide = (statusAndCode: object) =>
      t.post(`/patients/${id}/decisions`, { ...DECISION, ...statusAndCode }, as(session));
    expect((await decide({})).body.decision.author).toBe(name);
    const second = await decide({ author: 'Dr. Chen' });
    expect(second.body.decision.author).toBe(name);
    const path = `/patients/${id}/decisions/${second.body.id as string}/revoke`;
    const revoked = await t.post(path, { author: 'Dr. Chen', reason: 'not agreed' }, as(session));
    expect(revoked.body.decision.revokedBy).toBe(name);
    const rules = { ned_markers: { offFrom: '2027-01-01', author: 'Dr. Chen', reason: 'costs' } };
    const change = { policy: { rules }, author: 'Dr. Chen', reason: 'costs' };
    const { body } = await t.post('/plan-changes', change, as(session));
    expect([body.author, body.policy.rules.ned_markers.author]).toEqual([name, name]);
  });

  test('of a medical decision is a clinician; nurses may assign exams', async () => {
    const { session } = await givenPerson(t, { roles: ['nurse', 'head_nurse'] });
    const doctor = await givenPerson(t, { roles: ['clinician'] });
    const id = await givenPatient(t, { hospitalId: t.hospitalId, key: session });
    expect(statusAndCode(await t.post(`/patients/${id}/decisions`, DECISION, as(session)))).toEqual([
      403,
      'clinician-decides',
    ]);
    const { body } = await t.post(`/patients/${id}/decisions`, DECISION, as(doctor.session));
    const revoke = `/patients/${id}/decisions/${body.id as string}/revoke`;
    expect(statusAndCode(await t.post(revoke, { reason: 'not agreed' }, as(session)))).toEqual([
      403,
      'clinician-decides',
    ]);
  });
});
