import { afterAll, beforeAll, beforeEach, expect, jest, test } from '@jest/globals';
import argon2 from '@node-rs/argon2';
import { startApp, type TestApp } from '../support/app.js';
import { givenPerson, PASSWORD, signIn } from '../support/signed-in.js';

const verify = jest.spyOn(argon2, 'verify');
/** Version and cost of each stored hash that a password was verified against: verifying is nearly all of the work. */
const verified = (): string[] =>
  verify.mock.calls.map(
    ([stored]) => /^\$argon2id\$v=\d+\$m=\d+,t=\d+,p=\d+\$/.exec(String(stored))?.[0] ?? '',
  );

let t: TestApp;
let known: string;
let disabled: string;
beforeAll(async () => {
  t = await startApp({ role: 'api' });
  known = (await givenPerson(t)).login;
  const gone = await givenPerson(t);
  await t.request('PATCH', `/people/${gone.id}`, { payload: { state: 'disabled' } });
  disabled = gone.login;
  await t.post('/people', { login: 'waiting', name: 'Waiting', roles: ['nurse'] });
});
afterAll(async () => {
  verify.mockRestore();
  await t.close();
});
beforeEach(() => void verify.mockClear());

const WRONG = 'not this one, surely';
const ONE_PASSWORD = ['$argon2id$v=19$m=19456,t=2,p=1$'];

test('a right password is verified once, at the cost that OWASP asks for', async () => {
  expect((await signIn(t, { login: known, password: PASSWORD })).status).toBe(200);
  expect(verified()).toEqual(ONE_PASSWORD);
});

test.each([
  ['a wrong password', () => ({ login: known, password: WRONG })],
  ['an unknown login', () => ({ login: 'nobody', password: WRONG })],
  ['an unknown hospital', () => ({ hospital: 'nowhere', login: known, password: WRONG })],
  ['a disabled person', () => ({ login: disabled, password: PASSWORD })],
  ['a person without a password', () => ({ login: 'waiting', password: WRONG })],
])('%s costs the same work, so that the time taken names no login', async (_, input) => {
  expect((await signIn(t, input())).status).toBe(401);
  expect(verified()).toEqual(ONE_PASSWORD);
});
