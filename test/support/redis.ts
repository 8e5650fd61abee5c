import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';

export interface TestRedis {
  readonly url: string;
  /** Ends it gracefully, and removes its data. */
  stop(): Promise<void>;
  /** `kill -9`; its data stay, and `restart` reads them again. */
  kill(): Promise<void>;
  /** On the same port and data. */
  restart(): Promise<void>;
}

export interface RedisOptions {
  /** With an append-only file, synced after every change. */
  readonly aof?: boolean;
  /** Further settings, by their names in redis.conf. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** Whether this machine has a Redis. */
export const hasRedis = (): boolean => spawnSync('redis-server', ['--version']).status === 0;

/** A separate Redis on a free loopback port; undefined when the machine has none. */
export async function startRedis({ aof = true, settings = {} }: RedisOptions = {}): Promise<
  TestRedis | undefined
> {
  if (!hasRedis()) return undefined;
  const folder = mkdtempSync(join(tmpdir(), 'nedwatch-redis-'));
  const port = await freePort();
  const url = `redis://127.0.0.1:${port}`;
  const options = {
    port,
    bind: '127.0.0.1',
    dir: folder,
    save: '',
    appendonly: aof ? 'yes' : 'no',
    appendfsync: 'always',
  };
  const args = Object.entries({ ...options, ...settings }).flatMap(([name, value]) => [
    `--${name}`,
    String(value),
  ]);

  let exited: Promise<void> = Promise.resolve();
  let child: ReturnType<typeof spawn> | undefined;
  const start = async (): Promise<void> => {
    const started = spawn('redis-server', args, { stdio: 'ignore' });
    child = started;
    exited = new Promise((resolve) => started.once('exit', () => resolve()));
    await answers(url);
  };
  const end = async (signal: 'SIGTERM' | 'SIGKILL'): Promise<void> => {
    child?.kill(signal);
    await exited;
  };
  // A killed test run must not leave it running.
  process.once('exit', () => child?.kill('SIGKILL'));
  await start();
  return {
    url,
    kill: () => end('SIGKILL'),
    restart: start,
    stop: async () => {
      await end('SIGTERM');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Three Redis nodes that form one Cluster; each has a third of the slots. */
export async function startRedisCluster(): Promise<readonly TestRedis[]> {
  const nodes: TestRedis[] = [];
  for (let n = 0; n < 3; n++) {
    const node = await startRedis({
      settings: {
        'cluster-enabled': 'yes',
        'cluster-port': String(await freePort()),
        'cluster-node-timeout': '2000',
        'cluster-require-full-coverage': 'no',
      },
    });
    if (!node) throw new Error('This machine has no redis-server.');
    nodes.push(node);
  }
  const clients = nodes.map(({ url }) => new Redis(url));
  const busPorts = await Promise.all(
    clients.map(async (client) => String(((await client.config('GET', 'cluster-port')) as string[])[1])),
  );
  for (const [n, client] of clients.entries()) {
    await client.call(
      'CLUSTER',
      'ADDSLOTSRANGE',
      Math.ceil((16_384 * n) / 3),
      Math.ceil((16_384 * (n + 1)) / 3) - 1,
    );
    for (const [m, { url }] of nodes.entries())
      if (m !== n) await client.call('CLUSTER', 'MEET', '127.0.0.1', new URL(url).port, busPorts[m] ?? '');
  }
  for (const client of clients) {
    while (!(await isWhole(client))) await sleep(50);
    client.disconnect();
  }
  return nodes;
}

async function isWhole(client: Redis): Promise<boolean> {
  const info = String(await client.call('CLUSTER', 'INFO'));
  return ['cluster_state:ok', 'cluster_known_nodes:3', 'cluster_slots_ok:16384'].every((line) =>
    info.includes(line),
  );
}

async function answers(url: string): Promise<void> {
  const client = new Redis(url, { retryStrategy: () => 50, maxRetriesPerRequest: 200 });
  client.on('error', () => undefined); // it retries
  await client.ping();
  client.disconnect();
}

export function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}
