import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startApp, type TestApp } from '../support/app.js';
import { givenPerson, PASSWORD } from '../support/signed-in.js';

let t: TestApp;
beforeAll(async () => {
  t = await startApp({ clock: '2026-11-02T08:00:00+08:00', role: 'api' });
});
afterAll(() => t.close());

const later = async (minutes: number): Promise<void> =>
  t.setClock(new Date((await t.now()).getTime() + minutes * 60_000).toISOString());

/** The wait must still apply however slow the machine is: the first waits are a second long. */
const soon = (): Promise<unknown> =>
  t.dataSource.query(
    `UPDATE sign_in_attempt SET blocked_until = blocked_until + interval '1 minute' WHERE blocked_until > last_at`,
  );

const from = (remoteAddress: string, body: object, headers: Record<string, string> = {}) =>
  t.app.inject({
    ...{ method: 'POST', url: '/api/v1/sign-in', remoteAddress, headers },
    payload: { hospital: 'nedwatch', as: 'cookie', ...body },
  });
const codeOf = ({ json }: Awaited<ReturnType<typeof from>>): unknown => json<{ code?: string }>().code;

test('guessing is slowed down at one address after five failures, twice as long each time', async () => {
  const { login } = await givenPerson(t);
  const guess = () => from('10.0.0.1', { login, password: 'a guess of somebody' });
  for (let n = 0; n < 5; n++) expect(codeOf(await guess())).toBe('sign-in-failed');
  const waits: number[] = [];
  for (let n = 0; n < 4; n++) {
    const [{ seconds }] = await t.dataSource.query<[{ seconds: number }]>(
      'SELECT extract(epoch FROM max(blocked_until - last_at))::integer AS seconds FROM sign_in_attempt',
    );
    waits.push(seconds);
    await later((seconds + 1) / 60);
    expect(codeOf(await guess())).toBe('sign-in-failed');
  }
  expect(waits).toEqual([1, 2, 4, 8]);
  const refused = await guess();
  expect([refused.statusCode, codeOf(refused)]).toEqual([429, 'too-many-attempts']);
  expect(Number(refused.headers['retry-after'])).toBeGreaterThan(8);
  expect(Number(refused.headers['retry-after'])).toBeLessThanOrEqual(16);
  expect(codeOf(await from('10.0.0.1', { login, password: PASSWORD }))).toBe('too-many-attempts');
  expect((await from('10.0.0.2', { login, password: PASSWORD })).statusCode).toBe(200);
});

test('guessing never waits longer than a quarter of an hour, and is forgotten after a day', async () => {
  const { login } = await givenPerson(t);
  await from('10.0.0.3', { login, password: 'a guess of somebody' });
  await t.dataSource.query('UPDATE sign_in_attempt SET failures = 1000');
  await from('10.0.0.3', { login, password: 'a guess of somebody' });
  const refused = await from('10.0.0.3', { login, password: 'a guess of somebody' });
  expect(Number(refused.headers['retry-after'])).toBeGreaterThan(890);
  expect(Number(refused.headers['retry-after'])).toBeLessThanOrEqual(900);
  await later(1441);
  for (let n = 0; n < 5; n++)
    expect(codeOf(await from('10.0.0.3', { login, password: 'a guess of somebody' }))).toBe('sign-in-failed');
});

test('guessing from everywhere slows the login down, without locking out a person on the own device', async () => {
  const { login } = await givenPerson(t);
  const first = await from('10.0.1.1', { login, password: PASSWORD });
  const device = [first.headers['set-cookie'] ?? []]
    .flat()
    .map(String)
    .find((one) => one.includes('device'))!;
  for (let n = 0; n < 20; n++) await from(`10.1.0.${n}`, { login, password: 'a guess of somebody' });
  await soon();
  expect(codeOf(await from('10.1.1.1', { login, password: 'a guess of somebody' }))).toBe(
    'too-many-attempts',
  );
  expect(codeOf(await from('10.1.1.2', { login, password: PASSWORD }))).toBe('too-many-attempts');
  const cookie = device.split(';')[0]!;
  expect((await from('10.0.1.1', { login, password: PASSWORD }, { cookie })).statusCode).toBe(200);
});

test('guessing on another person’s known device counts like any other', async () => {
  const [one, other] = [await givenPerson(t), await givenPerson(t)];
  const first = await from('10.0.2.1', { login: one.login, password: PASSWORD });
  const cookie = [first.headers['set-cookie'] ?? []].flat().map(String).join('; ');
  for (let n = 0; n < 5; n++) await from('10.0.2.1', { login: other.login, password: 'a guess' }, { cookie });
  await soon();
  const answers = [
    await from('10.0.2.1', { login: other.login, password: PASSWORD }, { cookie }),
    await from('10.0.2.1', { login: one.login, password: PASSWORD }, { cookie }),
  ];
  expect(answers.map(({ statusCode }) => statusCode)).toEqual([429, 200]);
});

describe('from one address with ten failures a minute', () => {
  const ADDRESS = '10.9.9.9';
  let own: TestApp;
  beforeAll(async () => {
    own = await startApp({ clock: '2026-11-02T08:00:00+08:00', role: 'api', failedSignInsPerMinute: 10 });
  });
  afterAll(() => own.close());

  const attempt = (body: object, { cookie = '', remoteAddress = ADDRESS } = {}) =>
    own.app.inject({
      ...{ method: 'POST', url: '/api/v1/sign-in', remoteAddress, headers: { cookie } },
      payload: { hospital: 'nedwatch', ...body },
    });
  const call = async (key: string): Promise<number> => {
    const headers = { authorization: `Bearer ${key}` };
    return (await own.app.inject({ method: 'GET', url: '/api/v1/policy', remoteAddress: ADDRESS, headers }))
      .statusCode;
  };

  test('wrong keys must wait; a new key is accepted at once, in the middle of a flood, and so is a password', async () => {
    const { login } = await givenPerson(own);
    const guesses: number[] = [];
    for (let n = 0; n < 12; n++) guesses.push(await call(`wrong-${n}`));
    expect(guesses).toEqual([...Array<number>(10).fill(401), 429, 429]);
    const { body } = await own.post('/api-keys', { name: 'new', roles: ['integration'] });
    const flood = Array.from({ length: 200 }, (_, n) => call(`wrong again-${n}`));
    expect(await call(body.key as string)).toBe(200);
    expect(new Set(await Promise.all(flood))).toEqual(new Set([429]));
    expect((await attempt({ login, password: PASSWORD })).statusCode).toBe(200);
  });

  test('guessing many logins slows that address down, but no device known there and no new set-up code', async () => {
    const { login } = await givenPerson(own);
    const first = await attempt({ login, password: PASSWORD });
    const cookie = [first.headers['set-cookie'] ?? []].flat().map(String).join('; ');
    for (let n = 0; n < 10; n++) await attempt({ login: `nobody-${n}`, password: PASSWORD });
    const { body } = await own.post('/people', { login: 'new.nurse', name: 'New nurse', roles: ['nurse'] });
    const setUp = { login: 'new.nurse', newPassword: PASSWORD };
    const answers = [
      await attempt({ login, password: PASSWORD }),
      await attempt({ login, password: PASSWORD }, { cookie }),
      await attempt({ ...setUp, setupCode: 'a guess of somebody' }),
      await attempt({ ...setUp, setupCode: body.setupCode as string }),
    ];
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([429, 200, 429, 200]);
  });
});

test('of many simultaneous guesses only the allowed number is checked', async () => {
  const { login } = await givenPerson(t);
  const guess = () => from('10.0.3.1', { login, password: 'a guess of somebody' });
  await guess();
  // After the next one the wait is minutes, however slow the machine is.
  await t.dataSource.query('UPDATE sign_in_attempt SET failures = 15');
  const answers = await Promise.all(Array.from({ length: 30 }, guess));
  expect(answers.filter(({ statusCode }) => statusCode === 401).length).toBe(1);
});

test('an unknown login is slowed down like a known one', async () => {
  for (let n = 0; n < 5; n++) await from('10.0.4.1', { login: 'no such login', password: 'a guess' });
  await soon();
  expect(codeOf(await from('10.0.4.1', { login: 'no such login', password: 'a guess' }))).toBe(
    'too-many-attempts',
  );
});
