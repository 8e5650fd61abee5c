import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { CHECKOUT } from '../../src/platform/checkout.js';
import { freePort } from './redis.js';

// Debian's location, which is on few users' path.
const env = { PATH: `${process.env['PATH'] ?? ''}:/usr/sbin` };

/** Whether this machine has pgbouncer; prints that a suite is skipped when it has none. */
export function hasPgbouncer(): boolean {
  const found = spawnSync('pgbouncer', ['--version'], { env }).status === 0;
  if (!found) process.stderr.write('\n*** NO pgbouncer ON PATH: THE SUITE THROUGH IT IS SKIPPED ***\n\n');
  return found;
}

/** The fenced blocks of docs/postgresql.md in this language, in their order and without indentation. */
export function documented(language: string, page = 'postgresql.md'): string[] {
  const text = readFileSync(join(CHECKOUT, 'docs', page), 'utf8');
  const blocks = [...text.matchAll(/^( *)```(\w*)\n([^]*?)^ *```$/gm)];
  return blocks
    .filter(([, , named]) => named === language)
    .map(([, indent = '', , body = '']) => body.replaceAll(new RegExp(`^${indent}`, 'gm'), ''));
}

export interface TestPgbouncer {
  /** The same database and login as `direct`, through pgbouncer. */
  url(direct: string): string;
  stop(): Promise<void>;
}

/**
 * pgbouncer with the configuration of docs/postgresql.md, before the database of `server`, with few connections of
 * its own; `more` settings.
 */
export async function startPgbouncer(server: string, more = ''): Promise<TestPgbouncer> {
  const folder = mkdtempSync(join(tmpdir(), 'nedwatch-pgbouncer-'));
  const port = await freePort();
  const [ini = ''] = documented('ini');
  const users = documented('').find((block) => block.startsWith('"')) ?? '';
  const [config, list] = [join(folder, 'pgbouncer.ini'), join(folder, 'userlist.txt')];
  writeFileSync(list, users);
  writeFileSync(
    config,
    ini
      .replace('host=db.hospital.example port=5432', `host=127.0.0.1 port=${new URL(server).port}`)
      .replace('listen_port = 6432', `listen_port = ${port}`)
      .replace('/etc/pgbouncer/userlist.txt', list)
      .replace('default_pool_size = 20', 'default_pool_size = 4')
      .concat(`unix_socket_dir =\n${more}\n`),
  );
  const user = ordinaryUser();
  if (user) for (const path of [folder, config, list]) chownSync(path, user.uid, user.gid);
  chmodSync(folder, 0o700);
  const child = spawn('pgbouncer', [config], { env, cwd: folder, stdio: 'ignore', ...user });
  const exited = once(child, 'exit');
  // A killed test run must not leave it running.
  process.once('exit', () => child.kill('SIGKILL'));
  const url = (direct: string): string => Object.assign(new URL(direct), { port }).href;
  while (!(await listens(port))) {
    if (child.exitCode !== null) throw new Error(`pgbouncer ended with ${child.exitCode}.`);
    await sleep(50);
  }
  return {
    url,
    stop: async () => {
      child.kill('SIGTERM');
      await exited;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** It answers, if only that it does not know such a database. */
async function listens(port: number): Promise<boolean> {
  const client = new pg.Client({ host: '127.0.0.1', port, user: 'nobody', database: 'none' });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.end();
    return true;
  } catch (error) {
    return (error as { code?: string }).code !== 'ECONNREFUSED';
  }
}

/** pgbouncer refuses to run as root. */
function ordinaryUser(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const [, , uid, gid] = /^nobody:.*$/m.exec(readFileSync('/etc/passwd', 'utf8'))?.[0].split(':') ?? [];
  return { uid: Number(uid), gid: Number(gid) };
}
