import { createPostgresBackend, runMigrations, withBackend, type PgQueryable } from 'bullmq';
import pg from 'pg';
import type { DataSource } from 'typeorm';
import { WORKER_OPTIONS, type QueueBackend } from './queue-backend.js';

// The schema that BullMQ takes for its own when it is given a pool; ours is another, so tables cannot meet.
const SCHEMA = 'bullmq';

/**
 * A connection whose loss, at a moment when nobody listens to it, is not the program's end: BullMQ begins to
 * listen after it has connected, and a server that is killed in between would take the program along.
 */
class QueueClient extends pg.Client {
  constructor(options?: string | pg.ClientConfig) {
    super(options);
    this.on('error', () => undefined);
  }

  override removeAllListeners(event?: string | symbol): this {
    super.removeAllListeners(event);
    return event === undefined || event === 'error' ? this.on('error', () => undefined) : this;
  }
}

/**
 * Queues in the database itself, in a schema of their own, which is brought up to date first; processes that
 * start together wait for each other there. Costs a process two connections, and a worker four more.
 */
export async function openPostgresQueues(dataSource: DataSource): Promise<QueueBackend> {
  const { options } = dataSource;
  if (options.type !== 'postgres' || options.url === undefined)
    throw new Error('The database is named by a URL.');
  const { Queue, Worker } = withBackend(createPostgresBackend);
  const pools: pg.Pool[] = [];
  const pool = (max: number): pg.Pool => {
    const opened = new pg.Pool({
      connectionString: options.url,
      max,
      Client: QueueClient as unknown as new () => pg.ClientBase,
      keepAlive: true,
      application_name: 'nedwatch-queue',
      options: `-c search_path=${SCHEMA}`,
    });
    pools.push(opened);
    return opened;
  };

  const session = dataSource.createQueryRunner();
  try {
    await runMigrations((await session.connect()) as PgQueryable, SCHEMA);
  } finally {
    await session.release();
  }

  return {
    openQueue(name, onError) {
      const queue = new Queue(name, { connection: pool(2) });
      queue.on('error', onError);
      return queue;
    },
    openWorker(name, concurrency, work, onError) {
      const worker = new Worker(name, async (job) => work(job.data), {
        ...WORKER_OPTIONS,
        connection: pool(4), // one of them waits for news of jobs
        concurrency,
      });
      worker.on('error', onError);
      worker.on('failed', (_, error) => onError(error));
      return worker;
    },
    close: async () => void (await Promise.all(pools.map((opened) => opened.end()))),
  };
}
