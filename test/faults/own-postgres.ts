import { chmodSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { CHECKOUT } from '../../src/platform/checkout.js';
import { until } from '../support/webhook-receiver.js';

/** A PostgreSQL of one's own, which comes back by itself when it is killed. */
export interface OwnPostgres {
  readonly url: string;
  /** Runs one statement, again and again until the database, which may just be starting, answers. */
  query<T extends pg.QueryResultRow>(statement: string): Promise<T[]>;
  /** Runs one statement once; answers what went wrong, undefined: nothing. */
  refusal(statement: string): Promise<string | undefined>;
  /** `kill -9`; returns when it answers again. */
  kill(): Promise<void>;
  readonly stop: () => Promise<void>;
}

/** The process of itself that the embedded server starts is the built one. */
const BUILT = join(CHECKOUT, 'dist/src/platform/database/embedded-postgres.js');

interface Embedded {
  embeddedPostgres: (
    folder: string,
    options: { temporary: boolean; settings: Readonly<Record<string, string>> },
  ) => Promise<{ url: string; leave(): Promise<void> }>;
}

// Small segments' worth of log is kept, so that a full disk is felt soon.
const SETTINGS = { min_wal_size: '32MB', max_wal_size: '64MB' };

/** With its data in `folder`, or anywhere. */
export async function startPostgres(folder?: string): Promise<OwnPostgres> {
  const place = mkdtempSync(join(folder ?? tmpdir(), 'nedwatch-faults-'));
  chmodSync(place, 0o755); // as root the server runs as another user
  const { embeddedPostgres } = (await import(BUILT)) as Embedded;
  const server = await embeddedPostgres(place, { temporary: true, settings: SETTINGS });
  const { url } = server;

  async function once(statement: string): Promise<{ rows?: unknown[]; error?: string }> {
    const client = new pg.Client({ connectionString: url });
    client.on('error', () => undefined); // the query in flight says so too
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
