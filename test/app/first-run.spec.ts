import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { newFirstRunToken } from '../../src/app/first-run-link.js';
import { type Answer, startApp, type TestApp } from '../support/app.js';
import { anonymously, PASSWORD, signIn } from '../support/signed-in.js';

const FIRST = {
  ...{ hospital: '市第一人民医院 结直肠外科', code: 'shiyi', timeZone: 'Asia/Shanghai', language: 'zh' },
  ...{ login: 'chen.jing', name: '陈静', newPassword: PASSWORD },
};

describe('the first run of an empty program', () => {
  let t: TestApp;
  beforeAll(async () => {
    t = await startApp({ clock: '2026-03-10T08:00:00+08:00', role: 'api' });
  });
  afterAll(() => t.close());

  const token = async (): Promise<string> => (await newFirstRunToken(t.dataSource)) ?? '';
  const begin = (body: object): Promise<Answer> =>
    anonymously(t, 'POST', '/first-run', { ...FIRST, ...body });
  const refused = { status: 403, code: 'first-run-link-invalid' };
  const outcome = ({ status, body }: Answer) => ({ status, code: body?.code as unknown });

  test('is begun by nothing but the link of the last start, for a day', async () => {
    const earlier = await token();
    const last = await token();
    expect(outcome(await begin({ token: 'fr_guessed' }))).toEqual(refused);
    expect(outcome(await begin({ token: earlier }))).toEqual(refused);
    await t.setClock('2026-03-11T08:30:00+08:00');
    expect(outcome(await begin({ token: last }))).toEqual(refused);
    const { rows } = { rows: await t.dataSource.query<object[]>('SELECT FROM person') };
    expect(rows).toEqual([]);
  });

  test('refuses a weak password at its field, and the link stays valid', async () => {
    const link = await token();
    const weak = await begin({ token: link, newPassword: 'short' });
    expect([weak.status, (weak.body.errors as { pointer: string }[])[0]?.pointer]).toEqual([
      422,
      '/newPassword',
    ]);
    expect((await begin({ token: link, code: 'x' })).status).toBe(422);
  });

  test('names the hospital and registers its administrator, once', async () => {
    const link = await token();
    const [first, second] = await Promise.all([
      begin({ token: link }),
      begin({ token: link, login: 'other' }),
    ]);
    const outcomes = [first, second].map(({ status }) => status).sort();
    expect(outcomes).toEqual([200, 403]);
    const done = first.status === 200 ? first : second;
    expect(done.body).toMatchObject({ person: { roles: ['hospital_admin', 'head_nurse'] } });
    expect(String(done.headers['set-cookie'])).toContain('nedwatch-session=ses_');
    expect(await newFirstRunToken(t.dataSource)).toBeUndefined();
    expect((await t.get('/sign-in-options/shiyi')).body).toMatchObject({
      ...{ hospital: FIRST.hospital, hasPeople: true },
    });
  });

  test('is followed by its administrator, and finished', async () => {
    const { login } = (await t.get('/people')).body.items[0] as { login: string };
    const { body } = await signIn(t, { hospital: 'shiyi', login, password: PASSWORD });
    const as = { authorization: `Bearer ${body.token as string}` };
    expect((await t.get('/first-run', as)).body).toEqual({ people: 1, hasPatients: false, setUpAt: null });
    expect((await t.get('/me', as)).body.hospital).toMatchObject({ isSetUp: false, isDemonstration: false });
    const finished = await t.post('/first-run/finish', {}, as);
    expect(finished.body.setUpAt).toEqual(expect.any(String));
    expect((await t.post('/first-run/finish', {}, as)).body).toEqual(finished.body);
    expect((await t.get('/me', as)).body.hospital.isSetUp).toBe(true);
  });

  test('is recorded, also where it was refused', async () => {
    const entries = await t.dataSource.query<{ outcome: string }[]>(
      `SELECT outcome FROM audit_event WHERE call = 'POST /first-run' ORDER BY recorded_at`,
    );
    expect(entries.filter((entry) => entry.outcome === 'done')).toHaveLength(1);
    expect(entries.some((entry) => entry.outcome === 'refused')).toBe(true);
  });
});
