import pg from 'pg';
import { startPostgres } from '../faults/own-postgres.js';
import { documented } from './pgbouncer.js';

/** A separate PostgreSQL with the two logins of docs/postgresql.md, and the database. */
export interface ExternalPostgres {
  readonly superuser: string;
  /** With the login that owns the tables. */
  readonly owner: string;
  /** With the application's login, without a pooler. */
  readonly login: string;
  /** As the superuser, in the database of the program. */
  query<T extends pg.QueryResultRow>(statement: string): Promise<T[]>;
  kill(): Promise<void>;
  stop(): Promise<void>;
}

export async function startExternalPostgres(): Promise<ExternalPostgres> {
  const server = await startPostgres();
  for (const step of documented('sql'))
    for (const statement of step.split(';\n').filter((text) => text.trim() !== ''))
      await server.query(statement);
  const at = (user: string, password: string): string =>
    Object.assign(new URL(server.url), { username: user, password, pathname: 'nedwatch' }).href;
  const superuser = Object.assign(new URL(server.url), { pathname: 'nedwatch' }).href;
  return {
    superuser,
    owner: at('nedwatch_owner', 'owner-secret'),
    login: at('nedwatch_login', 'login-secret'),
    kill: () => server.kill(),
    stop: () => server.stop(),
    query: async (statement) => {
      const client = new pg.Client({ connectionString: superuser });
      await client.connect();
      try {
        return (await client.query(statement)).rows as never;
      } finally {
        await client.end();
      }
    },
  };
}
