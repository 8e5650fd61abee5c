import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { DataSource } from 'typeorm';
import { startApp, type TestApp } from './app.js';
import { givenPatient } from './builders.js';

// What a request can wait for, and that the wait has an end.

let t: TestApp;
let path: string;
beforeAll(async () => {
  t = await startApp({ clock: '2026-11-01T09:00:00+08:00', role: 'api' });
  path = `/patients/${(await givenPatient(t)).id}/export`;
});
afterAll(() => t.close());

/** The answer, and after how many seconds it came. */
async function timedExport(): Promise<[object, number]> {
  const began = performance.now();
  // Not by `t.get`, to which a 5xx is a fault.
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
    Array.from({ length: 6 }, async () => {
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

test('what the program does by itself may wait', async () => {
  const bounds = await t.app
    .get(DataSource)
    .query<{ lock: string; statement: string }[]>(
      `SELECT current_setting('lock_timeout') AS lock, current_setting('statement_timeout') AS statement`,
    );
  expect(bounds).toEqual([{ lock: '0', statement: '0' }]);
});
