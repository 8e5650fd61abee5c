import { createPostgresBackend, runMigrations, withBackend } from 'bullmq';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { APPLICATION_ROLE, LET_GO_WHEN_IDLE } from '../database/roles.js';
import { EnduringConnection } from '../database/enduring-connection.js';
import { WORKER_OPTIONS, type QueueBackend } from './queue-backend.js';

// BullMQ's default schema. Ours has another name, so their tables cannot collide.
const SCHEMA = 'bullmq';

/**
 * Migrates the queue's schema, as its owner. Only one process may call it at a time. The application may create
 * objects there, because BullMQ creates a sequence for each queue; the schema contains only ids of jobs.
 */
export async function prepareQueueSchema(owner: pg.Client): Promise<void> {
  await runMigrations(owner, SCHEMA);
  const { rows } = await owner.query(`SELECT has_schema_privilege($1, $2, 'CREATE') AS granted`, [
    APPLICATION_ROLE,
    SCHEMA,
  ]);
  if ((rows as { granted: boolean }[])[0]?.granted) return;
  await owner.query(`
    GRANT USAGE, CREATE ON SCHEMA ${SCHEMA} TO ${APPLICATION_ROLE};
    ALTER DEFAULT PRIVILEGES IN SCHEMA ${SCHEMA} GRANT ALL ON TABLES TO ${APPLICATION_ROLE};
    ALTER DEFAULT PRIVILEGES IN SCHEMA ${SCHEMA} GRANT ALL ON SEQUENCES TO ${APPLICATION_ROLE};
    GRANT ALL ON ALL TABLES IN SCHEMA ${SCHEMA} TO ${APPLICATION_ROLE};
    GRANT ALL ON ALL SEQUENCES IN SCHEMA ${SCHEMA} TO ${APPLICATION_ROLE};
  `);
}

/**
 * Queues in the database itself, in a schema of their own. A process uses two connections, and a worker four more.
 * They listen and so need sessions of their own: `url` must not lead through a pooler.
 */
export function openPostgresQueues(url: string): QueueBackend {
  const { Queue, Worker } = withBackend(createPostgresBackend);
  const pools: pg.Pool[] = [];
  const pool = (max: number): pg.Pool => {
    const opened = new pg.Pool({
      connectionString: url,
      max,
      Client: EnduringConnection as unknown as new () => pg.ClientBase,
      keepAlive: true,
      application_name: 'nedwatch-queue',
      options: `-c search_path=${SCHEMA} -c role=${APPLICATION_ROLE} ${LET_GO_WHEN_IDLE}`,
    });
    pools.push(opened);
    return opened;
  };

  return {
    openQueue(name, onError) {
      const queue = reopening(() => {
        const opened = new Queue(name, { connection: pool(2) });
        opened.on('error', onError);
        return opened;
      }, onError);
      return {
        addBulk: (jobs) => queue.current().addBulk(jobs),
        count: () => queue.current().count(),
        obliterate: (how) => queue.current().obliterate(how),
        close: () => queue.close(),
      };
    },
    openWorker(name, concurrency, work, onError) {
      return reopening(() => {
        const connection = pool(4); // one of them waits for notifications of jobs
        const opened = new Worker(name, async (job) => work(job.data), {
          ...WORKER_OPTIONS,
          connection,
          concurrency,
        });
        opened.on('error', onError);
        opened.on('failed', (_, error) => onError(error));
        return opened;
      }, onError);
    },
    reconnect: () => undefined, // each connection recovers by itself (`EnduringConnection`)
    close: async () => void (await Promise.all(pools.map((opened) => opened.end()))),
  };
}

interface Reopenable {
  waitUntilReady(): Promise<unknown>;
  close(): Promise<void>;
}

const REOPEN_AFTER_MS = 500;

/**
 * BullMQ never repeats a failed initialization, such as when the server died at that moment: a worker would fail
 * forever without a pause, and a queue would accept nothing. So it is closed and reopened until it is ready.
 */
function reopening<T extends Reopenable>(
  open: () => T,
  onError: (error: Error) => void,
): { current: () => T; isConnected: () => boolean; close: () => Promise<void> } {
  let [closed, isConnected] = [false, false];
  const watched = (): T => {
    const opened = open();
    opened.waitUntilReady().then(
      () => (isConnected = true),
      async (error: unknown) => {
        onError(error as Error);
        await opened.close().catch(() => undefined);
        await sleep(REOPEN_AFTER_MS);
        if (!closed) current = watched();
      },
    );
    return opened;
  };
  let current = watched();
  return {
    current: () => current,
    isConnected: () => isConnected,
    close: () => {
      closed = true;
      return current.close();
    },
  };
}
