import { Queue, Worker } from 'bullmq';
import { Cluster, Redis, type RedisOptions } from 'ioredis';
import type { DataSource } from 'typeorm';
import { WORKER_OPTIONS, type QueueBackend } from './queue-backend.js';
import { firstOf } from '../database/connection-fault.js';
import { msg } from '../messages/dictionary.js';
import { NotYet, waitFor, type Patience } from '../start-wait.js';
import { refuseUnsafeRedis, UnreachableRedis } from './redis-check.js';

/** Queues in one Redis or, with several URLs, in a Redis Cluster. Throws when it does not answer or can lose jobs. */
export async function openRedisQueues(
  urls: readonly string[],
  dataSource: DataSource,
  patience: Patience,
): Promise<QueueBackend> {
  // Adding fails immediately while Redis is unavailable; the sweep adds the job again.
  const adding = connect(urls, { enableOfflineQueue: false, maxRetriesPerRequest: 1 });
  const connections = [adding];
  try {
    await untilReady(adding, patience);
    const nodes = adding instanceof Cluster ? adding.nodes('master') : [adding];
    await Promise.all(nodes.map(refuseUnsafeRedis));
  } catch (error) {
    adding.disconnect();
    throw error;
  }
  const prefix = await prefixFor(dataSource);

  return {
    openQueue(name, onError) {
      const queue = new Queue(name, { connection: adding, prefix });
      queue.on('error', onError);
      return queue;
    },
    openWorker(name, concurrency, work, onError) {
      const connection = connect(urls, { maxRetriesPerRequest: null });
      connections.push(connection);
      const worker = new Worker(name, async (job) => work(job.data), {
        ...WORKER_OPTIONS,
        connection,
        prefix,
        concurrency,
      });
      worker.on('error', onError);
      worker.on('failed', (_, error) => onError(error));
      const opened = {
        current: () => worker, // the same options as on PostgreSQL, for debugging a running program
        isConnected: () => connection.status === 'ready',
        close: () => worker.close(),
      };
      return opened;
    },
    reconnect: () => adding.disconnect(true),
    close() {
      for (const connection of connections) connection.disconnect();
      return Promise.resolve();
    },
  };
}

function connect(urls: readonly string[], options: RedisOptions): Redis | Cluster {
  const [first, ...others] = urls;
  if (first === undefined) throw new Error('No Redis address.');
  if (others.length === 0) return new Redis(first, options);
  const { username, password, protocol } = new URL(first);
  const login = {
    ...(username === '' ? {} : { username: decodeURIComponent(username) }),
    ...(password === '' ? {} : { password: decodeURIComponent(password) }),
    ...(protocol === 'rediss:' ? { tls: {} } : {}),
  };
  const { enableOfflineQueue = true, ...perNode } = options;
  return new Cluster([...urls], { enableOfflineQueue, redisOptions: { ...perNode, ...login } });
}

async function untilReady(connection: Redis | Cluster, patience: Patience): Promise<void> {
  let last: Error | undefined;
  connection.on('error', (error: Error) => (last = error));
  await waitFor(patience, () => {
    if (connection.status === 'ready') return Promise.resolve();
    const reason = last ? firstOf(last).message : '';
    if (/NOAUTH|WRONGPASS|NOPERM/.test(reason))
      throw new UnreachableRedis(msg('redis-refuses', { detail: reason }), { cause: last });
    throw new NotYet(msg('wait-redis', { fault: last ? reason : msg('no-answer-yet') }));
  });
}

/**
 * One prefix for each database, so that programs that share a Redis do not take each other's jobs. The braces keep a
 * Cluster's keys together.
 */
async function prefixFor(dataSource: DataSource): Promise<string> {
  const [{ name }] = await dataSource.query<[{ name: string }]>(
    `SELECT datname || '-' || oid AS name FROM pg_database WHERE datname = current_database()`,
  );
  return `{nedwatch-${name}}`;
}
