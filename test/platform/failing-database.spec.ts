import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { DataSource } from 'typeorm';
import { isBusy } from '../../src/platform/http/http.js';
import { EnduringConnection } from '../../src/platform/database/enduring-connection.js';
import { startPostgres, type OwnPostgres } from '../faults/own-postgres.js';
import { until } from '../support/webhook-receiver.js';

// What a database reports while another node takes over, and what the program makes of it.

let postgres: OwnPostgres;
beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(() => postgres.stop());

const connect = async (): Promise<EnduringConnection> => {
  const connection = new EnduringConnection(postgres.url);
  await connection.connect();
  return connection;
};

/** Commits while the standby that must have each commit is away. */
async function commitWithoutStandby(number: number): Promise<unknown> {
  const connection = await connect();
  await connection.query(`BEGIN; INSERT INTO fact VALUES (${number})`);
  return connection.query('COMMIT').then(
    () => 'committed',
    (error: unknown) => error,
  );
}

test('a commit that no standby has is not taken for a commit, and its wait ends', async () => {
  await postgres.query('CREATE TABLE fact (id integer)');
  await postgres.query(`ALTER SYSTEM SET synchronous_standby_names = 'nobody'`);
  await postgres.query('SELECT pg_reload_conf()');
  const commits = Promise.all([commitWithoutStandby(1), commitWithoutStandby(2)]);
  // PostgreSQL then answers COMMIT with success and a warning.
  await until(
    () =>
      postgres.query(
        `SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE wait_event = 'SyncRep' ORDER BY xact_start LIMIT 1`,
      ),
    ({ length }) => length > 0,
  );
  for (const error of await commits) {
    expect(error).toMatchObject({ message: expect.stringContaining('Connection terminated') });
    expect(isBusy(error)).toBe(true);
  }
  await postgres.query('ALTER SYSTEM RESET synchronous_standby_names');
  await postgres.query('SELECT pg_reload_conf()');
});

test('a database that stops, is gone or only reads is busy, and not a fault of the program', async () => {
  const source = new DataSource({
    type: 'postgres',
    url: postgres.url,
    extra: { Client: EnduringConnection },
  });
  await source.initialize();
  const refusalOf = (statement: string): Promise<unknown> =>
    source.transaction((db) => db.query(statement)).then(String, (error: unknown) => error);
  const refusals = [
    await refusalOf('SELECT pg_terminate_backend(pg_backend_pid())'),
    await refusalOf('SET TRANSACTION READ ONLY; CREATE TABLE other ()'),
  ];
  const lost = await source
    .transaction(async (db) => {
      const [{ pid }] = await db.query<[{ pid: number }]>('SELECT pg_backend_pid() AS pid');
      await postgres.query(`SELECT pg_terminate_backend(${pid})`);
      await until(
        () => db.queryRunner?.isReleased,
        (is) => is === true,
      );
      return db.query('SELECT');
    })
    .then(String, (error: unknown) => error);
  await source.destroy();
  const gone = new EnduringConnection('postgres://nobody@127.0.0.1:1/none');
  refusals.push(await gone.connect().catch((error: unknown) => error));
  expect(refusals.map((error) => [(error as { code?: string }).code, isBusy(error)])).toEqual([
    ['57P01', true],
    ['25006', true],
    ['ECONNREFUSED', true],
  ]);
  expect([(lost as Error).name, isBusy(lost)]).toEqual(['QueryRunnerProviderAlreadyReleasedError', true]);
});
