import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Answer, startApp, type TestApp } from '../support/app.js';
import { as, givenPerson, PASSWORD, signIn } from '../support/signed-in.js';

let t: TestApp;
beforeAll(async () => {
  t = await startApp({ clock: '2026-11-02T08:00:00+08:00', role: 'api' });
});
afterAll(() => t.close());

const cookiesOf = ({ headers }: Answer): string[] => [headers['set-cookie'] ?? []].flat().map(String);
const cookieHeader = (answer: Answer): string =>
  cookiesOf(answer)
    .map((cookie) => cookie.split(';')[0]!)
    .join('; ');
const later = async (minutes: number): Promise<void> =>
  t.setClock(new Date((await t.now()).getTime() + minutes * 60_000).toISOString());

describe('a session', () => {
  test('ends when it is left idle for 15 minutes, and not while it is used', async () => {
    const { session } = await givenPerson(t);
    for (let n = 0; n < 4; n++) {
      await later(13);
      expect((await t.get('/me', as(session))).status).toBe(200);
    }
    await later(15);
    expect((await t.get('/me', as(session))).status).toBe(401);
  });

  test('has the idle time of its hospital', async () => {
    await t.request('PATCH', `/hospitals/${t.hospitalId}`, { payload: { idleMinutes: 5 } });
    const { session } = await givenPerson(t);
    await later(5);
    expect((await t.get('/me', as(session))).status).toBe(401);
    await t.request('PATCH', `/hospitals/${t.hospitalId}`, { payload: { idleMinutes: 15 } });
  });

  test('ends after twelve hours, even if it is in use', async () => {
    const { session } = await givenPerson(t);
    for (let n = 0; n < 71; n++) {
      await later(10);
      expect((await t.get('/me', as(session))).status).toBe(200);
    }
    await later(10);
    expect((await t.get('/me', as(session))).status).toBe(401);
  });

  test('shows its last use, accurate to a minute', async () => {
    const { session } = await givenPerson(t);
    const seen = async () =>
      (await t.get('/me/sessions', as(session))).body.items[0] as { lastSeenAt: string };
    const { lastSeenAt } = await seen();
    await later(0.5);
    expect((await seen()).lastSeenAt).toBe(lastSeenAt);
    await later(1);
    expect((await seen()).lastSeenAt > lastSeenAt).toBe(true);
  });

  test('ends with signing out, without ending other sessions', async () => {
    const { session, login } = await givenPerson(t);
    const { body: other } = await signIn(t, { login, password: PASSWORD });
    expect((await t.post('/sign-out', undefined, as(session))).status).toBe(204);
    expect((await t.get('/me', as(session))).status).toBe(401);
    expect((await t.get('/me', as(other.token as string))).status).toBe(200);
  });

  test('of the caller is listed and ended; another person’s session is not found', async () => {
    const [one, other] = [await givenPerson(t), await givenPerson(t)];
    const { body: second } = await signIn(t, { login: one.login, password: PASSWORD });
    const { body: list } = await t.get('/me/sessions', as(one.session));
    expect(list.items.map(({ current }: { current: boolean }) => current)).toEqual([false, true]);
    const path = `/me/sessions/${list.items[0].id as string}`;
    expect((await t.request('DELETE', path, { headers: as(other.session) })).status).toBe(404);
    expect((await t.request('DELETE', path, { headers: as(one.session) })).status).toBe(204);
    expect((await t.get('/me', as(second.token as string))).status).toBe(401);
  });

  test('is one of fifty at most: one more ends the one that was unused longest', async () => {
    const { id, session: first, login } = await givenPerson(t);
    const { body: second } = await signIn(t, { login, password: PASSWORD });
    // The others are inserted directly, because a password hash takes time.
    await t.dataSource.query(
      `INSERT INTO session (id, hospital_id, person_id, token_hash, kind, address, device, started_at, last_seen_at, expires_at)
       SELECT gen_random_uuid(), $1, $2, sha256(n::text::bytea), 'token', '127.0.0.1', '', now, now, now + interval '12 hours'
         FROM generate_series(1, 47) AS n, (SELECT program_now() AS now) AS clock`,
      [t.hospitalId, id],
    );
    await later(2);
    const listed = async () => {
      const own = (await t.get('/me/sessions', as(first))).body.items as { id: string }[];
      const { body } = await t.get(`/people/${id}/sessions`);
      expect((body.items as { id: string }[]).map((one) => one.id)).toEqual(own.map((one) => one.id));
      return own.length;
    };
    expect(await listed()).toBe(49);
    await later(2);
    expect((await t.get('/me', as(second.token as string))).status).toBe(200);
    for (const n of [1, 2, 3]) {
      expect((await signIn(t, { login, password: PASSWORD })).status).toBe(200);
      expect([n, await listed()]).toEqual([n, 50]);
    }
    // Both were used since; the ended ones were not.
    expect((await t.get('/me', as(second.token as string))).status).toBe(200);
    const [{ ended }] = await t.dataSource.query<[{ ended: string }]>(
      "SELECT count(*) AS ended FROM session WHERE person_id = $1 AND ended_at IS NOT NULL AND device = ''",
      [id],
    );
    expect(Number(ended)).toBe(2);
  });

  test('an invented token is refused', async () => {
    for (const token of ['ses_', `ses_${'a'.repeat(43)}`, `ses_${'a'.repeat(5000)}`, "ses_'; --"])
      expect((await t.get('/me', as(token))).status).toBe(401);
  });
});

describe('a cookie changes nothing', () => {
  const withCookie = async (headers: Record<string, string>, payload?: string) => {
    const { login } = await givenPerson(t);
    const cookie = cookieHeader(await signIn(t, { login, password: PASSWORD, as: 'cookie' }));
    const answer = await t.app.inject({
      ...{ method: 'POST', url: '/api/v1/sign-out', headers: { cookie, host: 'ned.example', ...headers } },
      ...(payload !== undefined && { payload }),
    });
    return [answer.statusCode, answer.payload === '' ? undefined : answer.json<{ code: string }>().code];
  };
  const json = { 'content-type': 'application/json' };

  test.each([
    ['with nothing said', {}],
    ['as a form of another site', { 'content-type': 'application/x-www-form-urlencoded' }],
    ['as JSON of nobody knows where', json],
    ['as JSON of another site', { ...json, 'sec-fetch-site': 'cross-site' }],
    ['as JSON of a neighbouring site', { ...json, 'sec-fetch-site': 'same-site' }],
    ['as JSON of another origin', { ...json, origin: 'http://evil.example' }],
    ['with another header', { 'x-requested-with': 'XMLHttpRequest' }],
  ])('%s', async (_, headers) => {
    expect(await withCookie(headers, 'content-type' in headers ? '{}' : undefined)).toEqual(
      headers['content-type' as keyof typeof headers] === 'application/x-www-form-urlencoded'
        ? [415, 'unsupported-media-type']
        : [403, 'csrf'],
    );
  });

  test.each([
    ['unless it comes with the program’s own header', { 'x-requested-with': 'nedwatch' }, undefined],
    ['unless it is JSON of the same origin', { ...json, 'sec-fetch-site': 'same-origin' }, '{}'],
    [
      'unless it is JSON of the same host, over plain HTTP too',
      { ...json, origin: 'http://ned.example' },
      '{}',
    ],
  ])('%s', async (_, headers, payload) => {
    expect(await withCookie(headers, payload)).toEqual([204, undefined]);
  });
});
