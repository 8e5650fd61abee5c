import {
  createPostgresBackend,
  runMigrations,
  withBackend,
  type PgQueryable,
  type PostgresPoolConfig,
} from 'bullmq';
import type { DataSource } from 'typeorm';
import { WORKER_OPTIONS, type QueueBackend } from './queue-backend.js';

// A schema of its own, so that BullMQ's tables and ours cannot meet.
const SCHEMA = 'nedwatch_queue';

/**
 * Queues in the database itself, in a schema of their own, which is brought up to date first; processes that
 * start together wait for each other there. Costs a process two connections, and a worker four more.
 */
export async function openPostgresQueues(dataSource: DataSource): Promise<QueueBackend> {
  const { options } = dataSource;
  if (options.type !== 'postgres' || options.url === undefined)
    throw new Error('The database is named by a URL.');
  const { Queue, Worker } = withBackend(createPostgresBackend);
  const pool = (max: number): PostgresPoolConfig => ({
    connectionString: options.url,
    schema: SCHEMA,
    max,
    application_name: 'nedwatch-queue',
  });

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
        connection: pool(3),
        concurrency,
      });
      worker.on('error', onError);
      worker.on('failed', (_, error) => onError(error));
      return worker;
    },
    close: () => Promise.resolve(),
  };
}
