import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startApp, type TestApp } from '../support/app.js';
import { as, givenPerson, PASSWORD, signIn } from '../support/signed-in.js';

let t: TestApp;
let limited: string;
beforeAll(async () => {
  t = await startApp({ role: 'api' });
  limited = (await givenPerson(t, { roles: ['hospital_admin'], departments: ['liver'] })).session;
});
afterAll(() => t.close());

/** A person registered by the limited administrator, who knows the set-up code. */
async function registered(): Promise<{ id: string; enter: () => Promise<number> }> {
  const login = randomUUID();
  const input = { login, name: login, roles: ['nurse'], departments: ['liver'] };
  const { status, body } = await t.post('/people', input, as(limited));
  expect(status).toBe(201);
  const { id, setupCode } = body as { id: string; setupCode: string };
  const enter = async (): Promise<number> =>
    (await signIn(t, { login, setupCode, newPassword: PASSWORD })).status;
  return { id, enter };
}

const change = async (id: string, payload: object, headers: Record<string, string> = {}) => {
  const answer = await t.request('PATCH', `/people/${id}`, { payload, headers });
  expect(answer.status).toBe(200);
  return answer.body as { setupExpiresAt: string | null };
};

test.each([
  ['all departments', { departments: null }],
  ['another department', { departments: ['liver', 'lung'] }],
  ['another role', { roles: ['nurse', 'clinician'] }],
])('a set-up code ends when another administrator gives the account %s', async (_, wider) => {
  const { id, enter } = await registered();
  expect((await change(id, wider)).setupExpiresAt).toBeNull();
  expect(await enter()).toBe(401);
});

test.each([
  ['another administrator changes the name', { name: randomUUID() }, false],
  ['another administrator limits the account', { ownPatientsOnly: true }, false],
  ['the one who registered gives more of their own', { roles: ['nurse', 'clinician'] }, true],
])('a set-up code stays when %s', async (_, patch, bySame) => {
  const { id, enter } = await registered();
  expect((await change(id, patch, bySame ? as(limited) : {})).setupExpiresAt).not.toBeNull();
  expect(await enter()).toBe(200);
});
