import pg from 'pg';
import type { Message } from '../guideline/message.js';
import { APPLICATION_ROLE } from '../platform/database/roles.js';
import { createDataSource } from './data-source.js';
import { prepareQueueSchema } from '../platform/queues/queue-on-postgres.js';
import { UnsafeDatabaseRole } from '../platform/database/application-login.js';
import { msg } from '../platform/messages/dictionary.js';
import {
  NotYet,
  patienceOf,
  reportMigration,
  StartTimeout,
  waitFor,
  type Patience,
} from '../platform/start-wait.js';

/**
 * The process that migrates the schema holds this lock. Any constant works; processes that start at the same time
 * wait for the first one.
 */
export const MIGRATION_LOCK = 6_331_948;

const USUAL_PATIENCE = patienceOf(60);

/** Runs the missing migrations, as the owner. Safe to call from several processes at once. */
export async function migrate(url: string, patience: Patience = USUAL_PATIENCE): Promise<void> {
  // Limits the wait for a table lock; a running migration has no time limit.
  const options = `-c lock_timeout=${Math.max(1000, patience.limitMs)}`;
  const client = new pg.Client({ connectionString: url, options });
  client.on('error', () => undefined); // a running query reports it as well
  await client.connect();
  try {
    await refuseApplicationRole(client);
    await takeMigrationLock(client, patience);
    await reportMigration(patience, () => runMigrations(client, url, options));
  } catch (error) {
    if ((error as pg.DatabaseError).code !== '55P03') throw error;
    throw new StartTimeout(msg('migration-table-locked'), { cause: error });
  } finally {
    await client.end(); // also releases the lock
  }
}

async function refuseApplicationRole(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ role: string }>('SELECT current_user AS role');
  if (rows[0]?.role !== APPLICATION_ROLE) return;
  throw new UnsafeDatabaseRole(msg('login-owns-nothing', { role: APPLICATION_ROLE }));
}

async function runMigrations(client: pg.Client, url: string, options: string): Promise<void> {
  const owner = await createDataSource(url, 1, { options }).initialize();
  try {
    await owner.runMigrations();
  } finally {
    await owner.destroy();
  }
  await prepareQueueSchema(client);
}

/** Waits for the lock by polling, not in the database, so that a session that never releases it can be named. */
export async function takeMigrationLock(client: pg.ClientBase, patience: Patience): Promise<void> {
  await waitFor(patience, async () => {
    const { rows } = await client.query<{ taken: boolean }>(
      `SELECT pg_try_advisory_lock(${MIGRATION_LOCK}) AS taken`,
    );
    if (rows[0]?.taken === true) return;
    throw new NotYet(msg('wait-migration-lock', { holder: await holderOf(client) }));
  });
}

async function holderOf(client: pg.ClientBase): Promise<Message | string> {
  const { rows } = await client.query<{ pid: number; name: string; address: string | null }>(
    `SELECT l.pid, a.application_name AS name, host(a.client_addr) AS address
       FROM pg_locks l LEFT JOIN pg_stat_activity a ON a.pid = l.pid
      WHERE l.locktype = 'advisory' AND l.objid = ${MIGRATION_LOCK} AND l.granted
        AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
  );
  const holders = rows
    .map(({ pid, name, address }) => [`pid ${pid}`, name, address].filter(Boolean).join(', '))
    .join('; ');
  return holders === '' ? '' : msg('lock-holder', { holders });
}
