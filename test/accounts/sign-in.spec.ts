import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Answer, startApp, type TestApp } from '../support/app.js';
import { anonymously, as, codeNow, enrolTotp, givenPerson, PASSWORD, signIn } from '../support/signed-in.js';

let t: TestApp;
beforeAll(async () => {
  t = await startApp({ clock: '2026-11-02T08:00:00+08:00', role: 'api' });
});
afterAll(() => t.close());

const DENIED = [401, 'sign-in-failed'];
const statusAndCode = ({ status, body }: Answer): unknown[] => [status, body?.code];
const cookiesOf = ({ headers }: Answer): string[] => [headers['set-cookie'] ?? []].flat().map(String);
const cookieHeader = (answer: Answer): string =>
  cookiesOf(answer)
    .map((cookie) => cookie.split(';')[0]!)
    .join('; ');
const later = async (minutes: number): Promise<void> =>
  t.setClock(new Date((await t.now()).getTime() + minutes * 60_000).toISOString());

describe('signing in', () => {
  test('gives a browser an HttpOnly cookie and no token', async () => {
    const { login, password } = await givenPerson(t);
    const answer = await signIn(t, { login, password, as: 'cookie' });
    expect([answer.status, answer.body.token, answer.body.person.login]).toEqual([200, undefined, login]);
    const cookies = cookiesOf(answer).sort();
    expect(cookies).toEqual([
      expect.stringMatching(
        /^nedwatch-device=dev_[\w-]{43}; Max-Age=31536000; Path=\/; HttpOnly; SameSite=Strict$/,
      ),
      expect.stringMatching(/^nedwatch-session=ses_[\w-]{65}; Path=\/; HttpOnly; SameSite=Strict$/),
    ]);
    const me = await anonymously(t, 'GET', '/me', undefined, { cookie: cookieHeader(answer) });
    expect([me.status, me.body.login]).toEqual([401, undefined]); // an Authorization header, even an empty one, takes precedence
    const byCookie = await t.app.inject({
      ...{ method: 'GET', url: '/api/v1/me', headers: { cookie: cookieHeader(answer) } },
    });
    expect([byCookie.statusCode, byCookie.json<{ login: string }>().login]).toEqual([200, login]);
  });

  test('over HTTPS gives a cookie with the __Host- prefix and the Secure attribute', async () => {
    const proxied = await startApp({ role: 'api', trustedProxies: ['127.0.0.1'] });
    const { login } = await givenPerson(proxied);
    const answer = await proxied.post(
      '/sign-in',
      { hospital: 'nedwatch', login, password: PASSWORD },
      { 'x-forwarded-proto': 'https' },
    );
    const cookies = [answer.headers['set-cookie']].flat().map(String);
    expect(cookies).toHaveLength(2);
    for (const cookie of cookies) {
      expect(cookie).toMatch(/^__Host-nedwatch-(session|device)=/);
      expect(cookie).toMatch(/; Path=\/.*; HttpOnly; Secure; SameSite=Strict/);
      expect(cookie).not.toContain('Domain');
    }
    await proxied.close();
  });

  test('gives a program a token and no cookie', async () => {
    const { login, password } = await givenPerson(t);
    const answer = await signIn(t, { login: login.toUpperCase(), password });
    expect([answer.status, cookiesOf(answer)]).toEqual([200, []]);
    expect(answer.body.token).toMatch(/^ses_[\w-]{65}$/);
    expect((await t.get('/me', as(answer.body.token as string))).body).toMatchObject({
      ...{ kind: 'person', login, roles: ['nurse'], hospital: { code: 'nedwatch' }, secondFactor: false },
    });
  });

  test('gives a token that is valid in a cookie or in a header, not in both', async () => {
    const { login, password, session } = await givenPerson(t);
    const kept = cookieHeader(await signIn(t, { login, password, as: 'cookie' }));
    const token = /nedwatch-session=([^;]+)/.exec(kept)![1]!;
    expect((await t.get('/me', as(token))).status).toBe(401);
    const inCookie = await t.app.inject({
      ...{ method: 'GET', url: '/api/v1/me', headers: { cookie: `nedwatch-session=${session}` } },
    });
    expect(inCookie.statusCode).toBe(401);
  });

  test('has the same answer for a wrong password, an unknown login or hospital, and a disabled or new account', async () => {
    const { login } = await givenPerson(t);
    const disabled = await givenPerson(t);
    await t.request('PATCH', `/people/${disabled.id}`, { payload: { state: 'disabled' } });
    const { body: waiting } = await t.post('/people', {
      ...{ login: 'waiting', name: 'Waiting', roles: ['nurse'] },
    });
    const answers = await Promise.all([
      signIn(t, { login, password: 'not this one, surely' }),
      signIn(t, { login: 'nobody', password: PASSWORD }),
      signIn(t, { hospital: 'nowhere', login, password: PASSWORD }),
      signIn(t, { login: disabled.login, password: PASSWORD }),
      signIn(t, { login: waiting.login, password: PASSWORD }),
      signIn(t, { login, setupCode: 'aaaa-aaaa-aaaa-aaaa', newPassword: PASSWORD }),
    ]);
    expect(new Set(answers.map(({ status, body }) => JSON.stringify([status, body]))).size).toBe(1);
    expect(statusAndCode(answers[0])).toEqual(DENIED);
  });

  test('stores no password, session, device or code in clear text', async () => {
    const person = await givenPerson(t);
    const kept = cookieHeader(await signIn(t, { login: person.login, password: PASSWORD, as: 'cookie' }));
    const { secret, recoveryCodes } = await enrolTotp(t, person);
    const { body: key } = await t.post('/api-keys', { name: 'machine', roles: ['integration'] });
    const secrets = [
      ...[PASSWORD, person.session, secret, key.key as string, recoveryCodes[0]!],
      ...kept.split('; ').map((cookie) => cookie.split('=')[1]!),
    ];
    const dump = JSON.stringify(
      await Promise.all(
        [
          'person',
          'session',
          'known_device',
          'api_key',
          'sign_in_attempt',
          'audit_event',
          'idempotent_answer',
        ].map((table) => t.dataSource.query(`SELECT x::text FROM ${table} x`)),
      ),
    );
    expect(
      secrets.filter((one) => dump.includes(one) || dump.includes(Buffer.from(one).toString('hex'))),
    ).toEqual([]);
    const [row] = await t.dataSource.query<[{ hash: string }]>(
      'SELECT password_hash AS hash FROM person WHERE id = $1',
      [person.id],
    );
    expect(row.hash).toMatch(/^\$argon2id\$/);
  });

  test('is audited with caller and address, whether it succeeds or not', async () => {
    const { login, id } = await givenPerson(t);
    await signIn(t, { login, password: 'not this one, surely' });
    await signIn(t, { login: 'an unknown login', password: PASSWORD });
    await signIn(t, { login, password: PASSWORD });
    const rows = await t.dataSource.query<unknown[]>(
      `SELECT outcome, status, caller_id AS who, address, detail ->> 'code' AS code FROM audit_event
        WHERE call = 'POST /sign-in' ORDER BY recorded_at DESC, id DESC LIMIT 3`,
    );
    expect(rows.reverse()).toEqual([
      { outcome: 'refused', status: 401, who: id, address: '127.0.0.1', code: 'sign-in-failed' },
      { outcome: 'refused', status: 401, who: 'unknown', address: '127.0.0.1', code: 'sign-in-failed' },
      { outcome: 'done', status: null, who: id, address: '127.0.0.1', code: null },
    ]);
  });
});

describe('an authenticator', () => {
  test('is required once its first code is confirmed, and each code is accepted once', async () => {
    const person = await givenPerson(t);
    const { login, session } = person;
    const { body: enrolled } = await t.post('/me/totp', { password: PASSWORD }, as(session));
    expect(enrolled.otpauthUri).toContain(`secret=${enrolled.secret as string}`);
    expect((await signIn(t, { login, password: PASSWORD })).status).toBe(200);
    expect((await t.post('/me/totp/confirm', { code: '000000' }, as(session))).body.errors[0].code).toBe(
      'wrong-code',
    );
    const code = await codeNow(t, enrolled.secret as string);
    expect((await t.post('/me/totp/confirm', { code }, as(session))).body.recoveryCodes).toHaveLength(10);

    const asked = await signIn(t, { login, password: PASSWORD });
    expect(statusAndCode(asked)).toEqual([403, 'second-factor-required']);
    expect(statusAndCode(await signIn(t, { login, password: PASSWORD, totp: code }))).toEqual(DENIED);
    const next = await codeNow(t, enrolled.secret as string, 1);
    expect((await signIn(t, { login, password: PASSWORD, totp: next })).status).toBe(200);
    expect(statusAndCode(await signIn(t, { login, password: PASSWORD, totp: next }))).toEqual(DENIED);
    expect(statusAndCode(await signIn(t, { login, password: 'not this one', totp: next }))).toEqual(DENIED);
  });

  test('guessing codes is slowed down, also with the known password and successful steps in between', async () => {
    const person = await givenPerson(t);
    await enrolTotp(t, person);
    const { login } = person;
    const answers: unknown[] = [];
    for (let n = 0; n < 5; n++) {
      answers.push((await signIn(t, { login, password: PASSWORD, totp: '000000' })).status);
      answers.push((await signIn(t, { login, password: PASSWORD })).status);
    }
    expect((await signIn(t, { login, password: PASSWORD, totp: '000000' })).status).toBe(429);
    expect(answers).toContain(401);
  });

  test('can be replaced by each recovery code once', async () => {
    const person = await givenPerson(t);
    const { recoveryCodes } = await enrolTotp(t, person);
    const by = { login: person.login, password: PASSWORD };
    const recoveryCode = recoveryCodes[3]!;
    expect(
      (await signIn(t, { ...by, recoveryCode: recoveryCode.toUpperCase().replaceAll('-', ' ') })).status,
    ).toBe(200);
    expect(statusAndCode(await signIn(t, { ...by, recoveryCode }))).toEqual(DENIED);
    expect((await signIn(t, { ...by, recoveryCode: recoveryCodes[4]! })).body.person.login).toBe(
      person.login,
    );
    expect((await t.get('/me', as(person.session))).body.recoveryCodesLeft).toBe(8);
  });

  test('is removed with password and code, unless the password is too short without an authenticator', async () => {
    const person = await givenPerson(t);
    const { recoveryCodes } = await enrolTotp(t, person);
    const takeAway = (session: string, payload: object) =>
      t.request('DELETE', '/me/totp', { headers: as(session), payload });
    const wrong = await takeAway(person.session, {
      password: 'not this one',
      recoveryCode: recoveryCodes[0],
    });
    expect(wrong.body.errors[0].code).toBe('wrong-password');
    const short = { password: PASSWORD, newPassword: 'plumgate' };
    const { body } = await t.post('/me/password', short, as(person.session));
    const [token, recoveryCode] = [body.token as string, recoveryCodes[0]];
    expect((await takeAway(token, { password: 'plumgate', recoveryCode })).body.code).toBe(
      'password-too-short-alone',
    );
    const long = { password: 'plumgate', newPassword: PASSWORD };
    const { body: again } = await t.post('/me/password', long, as(token));
    expect((await takeAway(again.token as string, { password: PASSWORD, recoveryCode })).status).toBe(204);
    expect((await signIn(t, { login: person.login, password: PASSWORD })).status).toBe(200);
  });

  test('is not removed with the password alone, a wrong code or a code that was used', async () => {
    const person = await givenPerson(t);
    const { secret, recoveryCodes } = await enrolTotp(t, person);
    const code = await codeNow(t, secret);
    expect((await signIn(t, { login: person.login, password: PASSWORD, totp: code })).status).toBe(200);
    for (const [proof, pointer, fault] of [
      [{}, '/code', 'code-required'],
      [{ code: '000000' }, '/code', 'wrong-code'],
      [{ code }, '/code', 'wrong-code'],
      [{ recoveryCode: 'aaaa-aaaa' }, '/recoveryCode', 'wrong-code'],
    ] as const) {
      const payload = { password: PASSWORD, ...proof };
      const refused = await t.request('DELETE', '/me/totp', { headers: as(person.session), payload });
      expect([refused.status, refused.body.errors[0]]).toMatchObject([422, { pointer, code: fault }]);
    }
    expect((await signIn(t, { login: person.login, password: PASSWORD })).body.code).toBe(
      'second-factor-required',
    );
    const payload = { password: PASSWORD, recoveryCode: recoveryCodes[0] };
    expect((await t.request('DELETE', '/me/totp', { headers: as(person.session), payload })).status).toBe(
      204,
    );
  });

  test('ends all other sessions when it is enrolled and when it is removed', async () => {
    const person = await givenPerson(t);
    const works = async (session: string) => (await t.get('/me', as(session))).status === 200;
    const stolen = (await signIn(t, { login: person.login, password: PASSWORD })).body.token as string;
    const { recoveryCodes } = await enrolTotp(t, person);
    expect([await works(stolen), await works(person.session)]).toEqual([false, true]);
    const by = { login: person.login, password: PASSWORD, recoveryCode: recoveryCodes[0] };
    const other = (await signIn(t, by)).body.token as string;
    const payload = { password: PASSWORD, recoveryCode: recoveryCodes[1] };
    expect((await t.request('DELETE', '/me/totp', { headers: as(person.session), payload })).status).toBe(
      204,
    );
    expect([await works(other), await works(person.session)]).toEqual([false, true]);
  });
});

describe('a password', () => {
  const change = (session: string, newPassword: string, password = PASSWORD): Promise<Answer> =>
    t.post('/me/password', { password, newPassword }, as(session));
  const codes = ({ body }: Answer): string[] => (body.errors as { code: string }[]).map(({ code }) => code);

  test('ends every session when it changes, and starts a new one', async () => {
    const { session, login } = await givenPerson(t);
    const { body: other } = await signIn(t, { login, password: PASSWORD });
    const { body } = await change(session, 'a quite different sentence');
    expect((await t.get('/me', as(session))).status).toBe(401);
    expect((await t.get('/me', as(other.token as string))).status).toBe(401);
    expect((await t.get('/me', as(body.token as string))).status).toBe(200);
    expect(statusAndCode(await signIn(t, { login, password: PASSWORD }))).toEqual(DENIED);
    expect((await signIn(t, { login, password: 'a quite different sentence' })).status).toBe(200);
  });

  test('needs 15 characters without an authenticator, and must not be common or contain the name', async () => {
    const { session } = await givenPerson(t, { login: 'wang.fang', name: '王小芳' });
    expect(codes(await change(session, 'plumgate'))).toEqual(['password-too-short']);
    expect(codes(await change(session, 'passwordpassword'))).toEqual(['password-common']);
    expect(codes(await change(session, 'my name is wang.fang'))).toEqual(['password-obvious']);
    expect(codes(await change(session, 'my nedwatch password'))).toEqual(['password-obvious']);
    expect(codes(await change(session, '今天天气很好王小芳去公园里散步了'))).toEqual(['password-obvious']);
    expect(codes(await change(session, PASSWORD))).toEqual(['password-used']);
    expect((await change(session, 'plum tree by the gate', 'not this one')).body.errors[0].code).toBe(
      'wrong-password',
    );
  });

  test('cannot be guessed quickly with a stolen session', async () => {
    const { session } = await givenPerson(t);
    for (let n = 0; n < 9; n++)
      expect(codes(await change(session, 'sh0rt-one'))).toEqual(['password-too-short']);
    for (let n = 0; n < 5; n++) await change(session, 'plum tree by the gate', 'not this one');
    // The real wait is a second. A slow machine may take longer until the next request.
    await t.dataSource.query(
      `UPDATE sign_in_attempt SET blocked_until = blocked_until + interval '1 minute'`,
    );
    expect(statusAndCode(await change(session, 'plum tree by the gate'))).toEqual([429, 'too-many-attempts']);
  });

  test('under mlps3 needs three kinds of characters, expires after 90 days, and must differ from the last five', async () => {
    await t.request('PATCH', `/hospitals/${t.hospitalId}`, { payload: { passwordPolicy: 'mlps3' } });
    const { body: person } = await t.post('/people', {
      login: 'rotating',
      name: 'Rotating',
      roles: ['nurse'],
    });
    const by = { login: 'rotating' };
    const first = { ...by, setupCode: person.setupCode as string };
    expect(codes(await signIn(t, { ...first, newPassword: 'plumgate7' }))).toEqual(['password-too-simple']);
    expect((await signIn(t, { ...first, newPassword: 'Plumgate7' })).status).toBe(200);
    await later(90 * 1440);
    expect(statusAndCode(await signIn(t, { ...by, password: 'Plumgate7' }))).toEqual([
      403,
      'new-password-required',
    ]);
    const renewed = await signIn(t, { ...by, password: 'Plumgate7', newPassword: 'Plumgate8' });
    expect(renewed.status).toBe(200);
    let { token } = renewed.body as { token: string };
    const chain = ['Plumgate8', 'Plumgate9', 'Plumgate10', 'Plumgate11'];
    for (const [index, password] of chain.slice(0, -1).entries())
      ({ token } = (await change(token, chain[index + 1]!, password)).body as { token: string });
    expect(codes(await change(token, 'Plumgate7', 'Plumgate11'))).toEqual(['password-used']);
    ({ token } = (await change(token, 'Plumgate12', 'Plumgate11')).body as { token: string });
    expect((await change(token, 'Plumgate7', 'Plumgate12')).status).toBe(200);
    await t.request('PATCH', `/hospitals/${t.hospitalId}`, { payload: { passwordPolicy: 'asvs5' } });
  });
});
