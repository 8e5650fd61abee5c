import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startApp, type TestApp } from '../support/app.js';
import { as, givenPerson } from '../support/signed-in.js';

let t: TestApp;
beforeAll(async () => {
  t = await startApp({ role: 'api' });
});
afterAll(() => t.close());

test('people choose the language of their account; a key has none', async () => {
  const { session } = await givenPerson(t);
  const change = (language: string, headers: Record<string, string>) =>
    t.request('PATCH', '/me', { payload: { language }, headers });
  expect((await change('en', as(session))).body).toMatchObject({ language: 'en' });
  expect((await t.get('/me', as(session))).body).toMatchObject({ language: 'en' });
  expect((await change('zh', {})).status).toBe(403);
});

test('departments are those of patients and of rights, each with its numbers', async () => {
  const reader = await givenPerson(t, { departments: ['骨科', '乳腺外科'] });
  const { body } = await t.get('/departments');
  const names = (body.items as { name: string; people: number }[]).filter(({ people }) => people > 0);
  expect(names.map(({ name }) => name)).toEqual(expect.arrayContaining(['骨科', '乳腺外科']));
  expect((await t.get('/departments', as(reader.session))).status).toBe(200);
});
