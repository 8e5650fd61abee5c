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
  // Copying files takes half as long as PostgreSQL's usual way, which logs every page.
  await onServer(server, `CREATE DATABASE ${name} TEMPLATE ${template} STRATEGY file_copy`);
  return {
    url: Object.assign(new URL(server), { pathname: name }).href,
    drop: () => onServer(server, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`),
  };
}

/** The addresses of a database of this run for the application's login. */
export interface LoginAddresses {
  readonly pooled: string;
  readonly direct: string;
}

const reachedDirectly = new Set<string>();

/** Of a suite about sessions, such as their locks: in a run with a pooler, its programs are not behind it. */
export function withSessions(database: TestDatabase): TestDatabase {
  reachedDirectly.add(new URL(database.url).pathname);
  return database;
}

/** Undefined: this run has no pooler (`NEDWATCH_TEST_POOLER`), or the database is on another server. */
export function loginOf(url: string | undefined): LoginAddresses | undefined {
  const { NEDWATCH_TEST_SERVER: server, NEDWATCH_TEST_POOLER_URL: pooler } = process.env;
  if (url === undefined || pooler === undefined || server === undefined) return undefined;
  const { host, pathname } = new URL(url);
  if (host !== new URL(server).host || reachedDirectly.has(pathname)) return undefined;
  const at = (place: string): string => Object.assign(new URL(pooler), { host: place, pathname }).href;
  return { pooled: at(new URL(pooler).host), direct: at(host) };
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
