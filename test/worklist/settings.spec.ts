import { afterAll, beforeEach, expect, test } from '@jest/globals';
import type { Answer, TestApp } from '../support/app.js';
import { nextApp } from '../support/next-app.js';
import { as, givenPerson } from '../support/signed-in.js';

let t: TestApp;
beforeEach(async () => {
  t = await nextApp(t, { clock: '2026-11-01T09:00:00+08:00', role: 'api' });
});
afterAll(() => t.close());

const PATH = '/worklist-settings';
const read = (): Promise<Answer> => t.get(PATH);
const replace = (payload: unknown, headers: Readonly<Record<string, string>> = {}): Promise<Answer> =>
  t.request('PUT', PATH, { payload, headers });

test('a hospital that decided nothing has the defaults of every section', async () => {
  const { status, body, headers } = await read();
  expect(status).toBe(200);
  expect(body).toMatchObject({
    contacts: {
      ladder: [
        { channel: 'telephone', attempts: 3 },
        { channel: 'message' },
        { channel: 'relative' },
        { channel: 'home_visit' },
        { channel: 'street_committee' },
        { channel: 'police_station' },
        { channel: 'letter' },
      ],
      restDays: { reached: 7, sent: 3, failed: 1 },
      lostAfterMonths: 15,
    },
    calls: { gentleAfterDays: 180, preparation: {}, scripts: {} },
  });
  expect(headers['etag']).toMatch(/^"[\w-]{43}"$/);
});

test('what is sent replaces the whole document, and what is left out has its default again', async () => {
  await replace({ contacts: { restDays: { reached: 14 } }, calls: { gentleAfterDays: 90 } });
  expect((await read()).body).toMatchObject({
    contacts: { restDays: { reached: 14, sent: 3, failed: 1 } },
    calls: { gentleAfterDays: 90 },
  });
  const { body } = await replace({ contacts: { lostAfterMonths: 12 } });
  expect(body).toMatchObject({
    contacts: { restDays: { reached: 7 }, lostAfterMonths: 12 },
    calls: { gentleAfterDays: 180 },
  });
  expect((await read()).body).toEqual(body);
});

test('the answer can be sent back as it is', async () => {
  const preparation = { mri_liver: { zh: '空腹 6 小时。', en: 'Fast for 6 hours.' } };
  const scripts = { first: { zh: '{patient}您好', en: 'Hello {patient}' } };
  const first = await replace({ calls: { preparation, scripts } });
  const second = await replace(first.body);
  expect(second).toMatchObject({ status: 200, body: first.body });
  expect(second.headers['etag']).toBe(first.headers['etag']);
});

test.each([
  ['an unknown section', { kontakte: {} }, '/kontakte'],
  ['an unknown field', { contacts: { rest: 3 } }, '/contacts/rest'],
  ['a channel twice', { contacts: { ladder: [step('letter'), step('letter')] } }, '/contacts/ladder'],
  ['no ladder', { contacts: { ladder: [] } }, '/contacts/ladder'],
  ['a rest of years', { contacts: { restDays: { failed: 400 } } }, '/contacts/restDays/failed'],
  [
    'a preparation for no activity',
    { calls: { preparation: { mri_livre: { zh: '空腹', en: 'Fast' } } } },
    '/calls/preparation/mri_livre',
  ],
  [
    'a text in one language',
    { calls: { preparation: { mri_liver: { en: 'Fast' } } } },
    '/calls/preparation/mri_liver/zh',
  ],
  [
    'an unknown placeholder',
    { calls: { scripts: { first: { zh: '{name}您好', en: 'Hello {name}' } } } },
    '/calls/scripts/first',
  ],
])('%s is refused with its field, and nothing is changed', async (_, payload, pointer) => {
  const before = (await read()).body;
  expect(await replace(payload)).toMatchObject({ status: 422, body: { errors: [{ pointer }] } });
  expect((await read()).body).toEqual(before);
});

function step(channel: string): object {
  return { channel, attempts: 1 };
}

test('two people who read the same version: one wins, the other learns by whom and to what it was changed', async () => {
  const head = await givenPerson(t, { roles: ['head_nurse'], name: 'Wang Fang' });
  const etag = String((await read()).headers['etag']);
  const won = await replace({ contacts: { lostAfterMonths: 12 } }, { ...as(head.session), 'if-match': etag });
  expect(won.status).toBe(200);
  const lost = await replace({ contacts: { lostAfterMonths: 18 } }, { 'if-match': etag });
  expect(lost).toMatchObject({
    status: 412,
    body: {
      code: 'changed-meanwhile',
      changedBy: 'Wang Fang',
      etag: won.headers['etag'],
      current: { contacts: { lostAfterMonths: 12 } },
    },
  });
  const again = await replace({ contacts: { lostAfterMonths: 18 } }, { 'if-match': lost.body.etag });
  expect(again.status).toBe(200);
});

test('of first changes at the same time with the same tag exactly one is carried out', async () => {
  const etag = String((await read()).headers['etag']);
  const answers = await Promise.all(
    [12, 18, 24, 30].map((lostAfterMonths) =>
      replace({ contacts: { lostAfterMonths } }, { 'if-match': etag }),
    ),
  );
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 412, 412, 412]);
});

test('what a newer version stored is left out, and not a fault', async () => {
  await t.dataSource.query(
    `INSERT INTO worklist_settings (hospital_id, settings, changed_by)
     VALUES ($1, '{"contacts": {"lostAfterMonths": 9, "later": 1}, "of_later": {}}', 'x')`,
    [t.hospitalId],
  );
  expect((await read()).body).toMatchObject({
    contacts: { lostAfterMonths: 9 },
    calls: { gentleAfterDays: 180 },
  });
});
