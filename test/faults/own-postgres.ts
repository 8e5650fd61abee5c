import { chmodSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { CHECKOUT } from '../../src/platform/checkout.js';
import { until } from '../support/webhook-receiver.js';

/** A separate PostgreSQL, which restarts by itself when it is killed. */
export interface OwnPostgres {
  readonly url: string;
  /** Runs one statement, repeatedly until the database, which may be starting, answers. */
  query<T extends pg.QueryResultRow>(statement: string): Promise<T[]>;
  /** Runs one statement once; returns the error, undefined: none. */
  refusal(statement: string): Promise<string | undefined>;
  /** `kill -9`; returns when it answers again. */
  kill(): Promise<void>;
  readonly stop: () => Promise<void>;
}

/** The embedded server starts the built program as a process of its own. */
const BUILT = join(CHECKOUT, 'dist/src/platform/database/embedded-postgres.js');

interface Embedded {
  embeddedPostgres: (
    folder: string,
    options: { temporary: boolean; settings: Readonly<Record<string, string>> },
  ) => Promise<{ url: string; leave(): Promise<void> }>;
}

// Keeps little write-ahead log, so that a full disk has an effect soon.
const SETTINGS = { min_wal_size: '32MB', max_wal_size: '64MB' };

/** With its data in `folder`, or in a temporary folder. */
export async function startPostgres(folder?: string): Promise<OwnPostgres> {
  const place = mkdtempSync(join(folder ?? tmpdir(), 'nedwatch-faults-'));
  chmodSync(place, 0o755); // as root the server runs as another user
  const { embeddedPostgres } = (await import(BUILT)) as Embedded;
  const server = await embeddedPostgres(place, { temporary: true, settings: SETTINGS });
  const { url } = server;

  async function once(statement: string): Promise<{ rows?: unknown[]; error?: string }> {
    const client = new pg.Client({ connectionString: url });
    client.on('error', () => undefined); // the running query reports it too
    try {
      await client.connect();
      return { rows: (await client.query(statement)).rows };
    } catch (error) {
      return { error: (error as Error).message };
    } finally {
      await client.end().catch(() => undefined);
    }
  }

  async function query<T extends pg.QueryResultRow>(statement: string): Promise<T[]> {
    const answer = await until(
      () => once(statement),
      ({ rows }) => rows !== undefined,
    );
    return (answer.rows ?? []) as T[];
  }

  const [row] = await query<{ folder: string }>(`SELECT current_setting('data_directory') AS folder`);
  const pidFile = join(row?.folder ?? '', 'postmaster.pid');
  return {
    url,
    query,
    refusal: async (statement) => (await once(statement)).error,
    stop: () => server.leave(),
    kill: async () => {
      const [pid] = readFileSync(pidFile, 'utf8').split('\n');
      process.kill(Number(pid), 'SIGKILL');
      await query('SELECT');
    },
  };
}
