import { randomInt } from 'node:crypto';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import type { DataSource } from 'typeorm';
import { createDataSource } from '../../src/app/data-source.js';
import { APPLICATION_ROLE } from '../../src/platform/database/roles.js';
import { FailedAttempts } from '../../src/platform/http/failed-attempts.js';
import { createDatabase, type TestDatabase } from '../support/database.js';

// Two processes are two objects: they share the database alone.

const LIMIT = 10;

let database: TestDatabase;
let dataSource: DataSource;
beforeAll(async () => {
  database = await createDatabase();
  dataSource = await createDataSource(database.url, 4, { role: APPLICATION_ROLE }).initialize();
});
afterAll(async () => {
  await dataSource.destroy();
  await database.drop();
});

const anyNetwork = (): string => `10.${randomInt(256)}.${randomInt(256)}.${randomInt(256)}`;
const processOf = (kind: 'key' | 'sign-in' = 'key'): FailedAttempts =>
  new FailedAttempts(kind, LIMIT, dataSource);
const rows = async (): Promise<{ failures: number; seconds: number }[]> =>
  dataSource.query(
    'SELECT failures, extract(epoch FROM ends_at - clock_timestamp())::integer AS seconds FROM nedwatch_runtime.failed_attempt ORDER BY ends_at',
  );
const move = (interval: string): Promise<unknown> =>
  dataSource.query(`UPDATE nedwatch_runtime.failed_attempt SET ends_at = ends_at + interval '${interval}'`);

test('failures at all processes count together, and each further process lets at most one more fail', async () => {
  const [processes, network] = [[processOf(), processOf(), processOf()], anyNetwork()];
  let failed = 0;
  for (let round = 0; round < LIMIT; round++)
    for (const one of processes) {
      if ((await one.knownWait(network)) !== undefined) continue;
      failed++;
      await one.count(network);
    }
  expect(failed).toBeGreaterThanOrEqual(LIMIT);
  expect(failed).toBeLessThanOrEqual(LIMIT + processes.length - 1);
  for (const one of processes) expect(await one.knownWait(network)).toBeGreaterThan(50);
});

test('asked of the database, a process that has seen no failure knows at once', async () => {
  const [one, other, network] = [processOf(), processOf(), anyNetwork()];
  for (let n = 1; n < LIMIT; n++) await one.count(network);
  expect(await other.wait(network)).toBeUndefined();
  await one.count(network);
  expect(await other.knownWait(network)).toBeUndefined();
  expect(await other.wait(network)).toBeGreaterThan(50);
  expect(await other.knownWait(network)).toBeGreaterThan(50);
});

test('keys and sign-ins, and two networks, do not count for each other', async () => {
  const [keys, signIns, network] = [processOf(), processOf('sign-in'), anyNetwork()];
  for (let n = 0; n < LIMIT; n++) await keys.count(network);
  expect(await keys.wait(network)).toBeDefined();
  expect(await signIns.wait(network)).toBeUndefined();
  expect(await keys.wait('192.0.2.77')).toBeUndefined();
});

test('simultaneous failures are all counted, by few statements', async () => {
  const [one, network] = [processOf(), anyNetwork()];
  await dataSource.query('DELETE FROM nedwatch_runtime.failed_attempt');
  const statements = jest.spyOn(dataSource, 'query');
  await Promise.all(Array.from({ length: 200 }, () => one.count(network)));
  const count = statements.mock.calls.length;
  statements.mockRestore();
  expect(await rows()).toMatchObject([{ failures: 200 }]);
  expect(count).toBeLessThan(6);
});

test('a minute begins with the first failure and is not prolonged; then the count begins again', async () => {
  const network = anyNetwork();
  await dataSource.query('DELETE FROM nedwatch_runtime.failed_attempt');
  for (let n = 0; n < LIMIT; n++) await processOf().count(network);
  await move('-20 seconds');
  await processOf().count(network);
  const [{ failures, seconds }] = (await rows()) as [{ failures: number; seconds: number }];
  expect(failures).toBe(LIMIT + 1);
  expect(seconds).toBeLessThanOrEqual(40);
  await move('-41 seconds');
  expect(await processOf().wait(network)).toBeUndefined();
  await processOf().count(network);
  expect(await rows()).toMatchObject([{ failures: 1 }]);
});

test('a count from before the clock was set back does not hold', async () => {
  const network = anyNetwork();
  for (let n = 0; n < LIMIT; n++) await processOf().count(network);
  await move('1 hour');
  expect(await processOf().wait(network)).toBeUndefined();
  await processOf().count(network);
  expect(await processOf().wait(network)).toBeUndefined();
});

test('each new row removes ended ones, so the table does not grow', async () => {
  await dataSource.query('DELETE FROM nedwatch_runtime.failed_attempt');
  const one = processOf();
  for (let n = 0; n < 15; n++) await one.count(`10.99.0.${n}`);
  expect(await rows()).toHaveLength(15);
  await move('-2 minutes');
  for (let n = 0; n < 2; n++) await one.count(`10.99.1.${n}`);
  expect(await rows()).toHaveLength(2);
});
