import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { DataSource } from 'typeorm';
import { stepCall } from '../../src/tenancy/audit-entry.js';
import { programIn } from '../../src/tenancy/caller.js';
import { HospitalScope } from '../../src/tenancy/hospital-scope.js';
import { startApp, type TestApp } from '../support/app.js';
import { givenPatient } from '../support/builders.js';

// Every wait of a request ends.

let t: TestApp;
let path: string;
beforeAll(async () => {
  t = await startApp({ clock: '2026-11-01T09:00:00+08:00', role: 'api' });
  path = `/patients/${(await givenPatient(t)).id}/export`;
});
afterAll(() => t.close());

const BOUNDS_IN_FORCE = `
  SELECT current_setting('lock_timeout') AS lock, current_setting('statement_timeout') AS statement,
         current_setting('idle_in_transaction_session_timeout') AS idle`;

/** The answer, and after how many seconds it came. */
async function timedExport(): Promise<[object, number]> {
  const began = performance.now();
  // Not by `t.get`, which fails for a 5xx.
  const {
    statusCode: status,
    headers,
    json,
  } = await t.app.inject({
    ...{ method: 'GET', url: `/api/v1${path}` },
    headers: { authorization: `Bearer ${t.adminKey}` },
  });
  return [{ status, headers, body: json<object>() }, (performance.now() - began) / 1000];
}

const BUSY = { status: 503, body: { code: 'busy' }, headers: { 'retry-after': '5' } };

test('an export that meets a locked table is answered with 503 and when to come again', async () => {
  const owner = t.dataSource.createQueryRunner();
  await owner.startTransaction();
  await owner.query('LOCK TABLE clinical_decision IN ACCESS EXCLUSIVE MODE');
  const [answer, seconds] = await timedExport();
  expect(answer).toMatchObject(BUSY);
  expect(seconds).toBeLessThan(25);
  await owner.rollbackTransaction();
  await owner.release();
  expect((await t.get(path)).status).toBe(200);
}, 90_000);

test('a request that finds no free connection is answered with 503 and when to come again', async () => {
  const pool = t.app.get(DataSource);
  const held = await Promise.all(
    Array.from({ length: pool.options.poolSize ?? 0 }, async () => {
      const runner = pool.createQueryRunner();
      await runner.connect();
      return runner;
    }),
  );
  const [answer, seconds] = await timedExport();
  expect(answer).toMatchObject(BUSY);
  expect(seconds).toBeLessThan(25);
  await Promise.all(held.map((runner) => runner.release()));
  expect((await t.get(path)).status).toBe(200);
}, 90_000);

test('background work may wait for longer', async () => {
  const bounds = await t.app
    .get(DataSource)
    .query<{ lock: string; statement: string }[]>(
      `SELECT current_setting('lock_timeout') AS lock, current_setting('statement_timeout') AS statement`,
    );
  expect(bounds).toEqual([{ lock: '0', statement: '0' }]);
});

test('the database ends a transaction that is idle, and its request is answered with 503', async () => {
  const scope = t.app.get(HospitalScope);
  const transaction = scope.transaction.bind(scope);
  scope.transaction = (work) =>
    transaction(async (tx) => {
      await tx.db.query(`SELECT set_config('idle_in_transaction_session_timeout', '50ms', true)`);
      await setTimeout(300);
      return work(tx);
    });
  const [answer] = await timedExport();
  Reflect.deleteProperty(scope, 'transaction'); // the class still has it
  expect(answer).toMatchObject(BUSY);
  expect((await t.get(path)).status).toBe(200);
});

test.each([
  ['GET /worklist', { lock: '5s', statement: '10s', idle: '10s' }],
  ['POST /patients', { lock: '10s', statement: '30s', idle: '15s' }],
  ['POST /imports', { lock: '10s', statement: '2min', idle: '30s' }],
])('a transaction of %s has an end in the database', async (call, bounds) => {
  const scope = t.app.get(HospitalScope);
  const found = await scope.run(
    { ...programIn(t.hospitalId), kind: 'key' },
    () => scope.unaudited(({ db }) => db.query<object[]>(BOUNDS_IN_FORCE)),
    stepCall(call),
  );
  expect(found).toEqual([bounds]);
});

test('signing in waits for no lock without end, by password, key, session or identity provider', async () => {
  const owner = t.dataSource.createQueryRunner();
  await owner.startTransaction();
  await owner.query('LOCK TABLE person, session, api_key, sso_provider IN ACCESS EXCLUSIVE MODE');
  const began = performance.now();
  const answers = await Promise.all([
    t.app.inject({
      ...{ method: 'POST', url: '/api/v1/sign-in' },
      payload: { hospital: 'nedwatch', as: 'token', login: 'nobody', password: 'x' },
    }),
    ...[t.adminKey, 'ses_nobody'].map((sent) =>
      t.app.inject({ method: 'GET', url: '/api/v1/me', headers: { authorization: `Bearer ${sent}` } }),
    ),
    ...['start', 'callback?state=x'].map((way) =>
      t.app.inject({ method: 'GET', url: `/api/v1/sso/nedwatch/any/${way}` }),
    ),
    t.app.inject({
      ...{ method: 'POST', url: '/api/v1/sso/nedwatch/any/logout', payload: 'logout_token=x' },
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    }),
  ]);
  expect(answers.map(({ statusCode, headers }) => [statusCode, headers['retry-after']])).toEqual(
    answers.map(() => [503, '5']),
  );
  expect(answers).toHaveLength(6);
  expect(performance.now() - began).toBeLessThan(25_000);
  await owner.rollbackTransaction();
  await owner.release();
}, 60_000);
