import { afterAll, beforeAll, expect, test } from '@jest/globals';
import pg from 'pg';
import type { DataSource } from 'typeorm';
import { hashOfToken } from '../../src/tenancy/tokens.js';
import { createDataSource } from '../../src/app/data-source.js';
import { firstKey, firstStart } from '../../src/app/first-start.js';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { until } from '../support/webhook-receiver.js';

// The next version adds columns while this one serves, and each request of this one begins with these look-ups.

const KEY = 'nw_administrator-of-this-test';

/** Those of earlier versions, and one for HL7 messages, whose senders repeat what was refused. */
const RETURN_ROWS = ['api_key_of', 'enter_hospital', 'hospital_of_code', 'same_hl7_message'];

let database: TestDatabase;
let dataSource: DataSource;
let hospitalId: string;
beforeAll(async () => {
  database = await createDatabase();
  dataSource = await createDataSource(database.url, 1).initialize();
  await firstStart(dataSource);
  await firstKey(dataSource, { adminKey: KEY });
  const [hospital] = await dataSource.query<{ id: string }[]>('SELECT id FROM hospital');
  hospitalId = hospital?.id ?? '';
});
afterAll(async () => {
  await dataSource.destroy();
  await database.drop();
});

const CALLS: readonly (readonly [call: string, table: string, value: () => unknown])[] = [
  [`SELECT * FROM hospital_entered($1, '')`, 'hospital', () => hospitalId],
  ['SELECT * FROM hospital_with_code($1)', 'hospital', () => 'nedwatch'],
  ['SELECT * FROM use_api_key($1)', 'api_key', () => hashOfToken(KEY)],
];

test.each(CALLS)(
  '%s answers as before, though a column is added to %s while it waits',
  async (call, table, value) => {
    const client = new pg.Client({ connectionString: database.url });
    client.on('error', () => undefined); // a failed test leaves it open
    await client.connect();
    const ask = async (): Promise<unknown[]> => {
      await client.query('BEGIN; SET LOCAL ROLE nedwatch_app');
      const { rows } = await client.query<object>(call, [value()]);
      await client.query('COMMIT');
      return rows;
    };
    await ask(); // the connection remembers its plans
    const before = await ask();
    expect(before).toHaveLength(1);

    const migration = dataSource.createQueryRunner();
    await migration.startTransaction();
    await migration.query(`ALTER TABLE ${table} ADD COLUMN of_the_next_version integer`);
    const asked = ask();
    asked.catch(() => undefined); // awaited below
    await until(
      () =>
        migration.query(
          `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
        ),
      (waiting: readonly unknown[]) => waiting.length === 1,
    );
    await migration.commitTransaction();
    await migration.query(`ALTER TABLE ${table} DROP COLUMN of_the_next_version`);
    await migration.release();
    expect(await asked).toEqual(before);
    await client.end();
  },
);

test('no other function returns a row of a table', async () => {
  const found = await dataSource.query<{ name: string }[]>(
    `SELECT p.proname AS name FROM pg_proc p JOIN pg_type t ON t.oid = p.prorettype JOIN pg_class c ON c.oid = t.typrelid
      WHERE c.relkind IN ('r', 'p') AND p.pronamespace = 'public'::regnamespace ORDER BY name`,
  );
  expect(found.map(({ name }) => name)).toEqual(RETURN_ROWS);
});
