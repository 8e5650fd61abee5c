import pg from 'pg';
import { documented, startPgbouncer } from './pgbouncer.js';

/** Connections to the server for each database. */
const CONNECTIONS = 8;

/** pgbouncer before all databases of a test run. */
export interface TestPooler {
  /** Of the application's login, without a database. */
  readonly url: string;
  stop(): Promise<void>;
}

/** Starts it before the server of this run, for a login of its own that docs/postgresql.md describes. */
export async function startPooler(server: string): Promise<TestPooler> {
  const [, name = '', password = ''] =
    /"(.*)" "(.*)"/.exec(documented('').find((block) => block.startsWith('"')) ?? '') ?? [];
  const client = new pg.Client({ connectionString: server });
  await client.connect();
  await client.query(`
    CREATE ROLE ${name} LOGIN NOINHERIT PASSWORD '${password}';
    GRANT nedwatch_app TO ${name} WITH INHERIT TRUE;
    ALTER ROLE ${name} SET role = 'nedwatch_app';
    ALTER ROLE ${name} SET idle_in_transaction_session_timeout = '30s'`);
  await client.end();
  const { hostname, port } = new URL(server);
  const pooler = await startPgbouncer(
    server,
    `default_pool_size = ${CONNECTIONS}\nserver_idle_timeout = 5\n[databases]\n* = host=${hostname} port=${port}`,
  );
  const at = new URL(pooler.url(server));
  return { url: `postgres://${name}:${password}@${at.host}`, stop: () => pooler.stop() };
}
