import { randomBytes } from 'node:crypto';
import pg from 'pg';

export interface TestDatabase {
  readonly url: string;
  drop(): Promise<void>;
}

/** A migrated, empty database of its own, in the server of this test run. */
export async function createDatabase(): Promise<TestDatabase> {
  const { NEDWATCH_TEST_SERVER: server, NEDWATCH_TEST_TEMPLATE: template } = process.env;
  if (server === undefined || template === undefined)
    throw new Error('No test server: run the tests by "npm test".');
  const name = `nedwatch_${randomBytes(6).toString('hex')}`;
  await onServer(server, `CREATE DATABASE ${name} TEMPLATE ${template}`);
  return {
    url: Object.assign(new URL(server), { pathname: name }).href,
    drop: () => onServer(server, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`),
  };
}

async function onServer(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
