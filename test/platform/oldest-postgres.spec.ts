import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { MIGRATIONS } from '../../src/app/data-source.js';
import { migrate } from '../../src/app/migration.js';
import { freePort } from '../support/redis.js';
import { describeWhere } from '../support/where-present.js';

const BINARIES = '/usr/lib/postgresql/15/bin';

/** PostgreSQL refuses to run as root. */
function ordinaryUser(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const [, , uid, gid] = /^postgres:.*$/m.exec(readFileSync('/etc/passwd', 'utf8'))?.[0].split(':') ?? [];
  return { uid: Number(uid), gid: Number(gid) };
}

const isThere = existsSync(join(BINARIES, 'postgres'));

describeWhere(isThere, 'PostgreSQL 15')('on PostgreSQL 15, the oldest that is supported', () => {
  let folder: string;
  let server: ChildProcess;
  let url: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'nedwatch-postgres-15-'));
    const user = ordinaryUser();
    if (user) chownSync(folder, user.uid, user.gid);
    const data = join(folder, 'data');
    const at = { cwd: folder, ...user };
    const made = spawnSync(join(BINARIES, 'initdb'), ['-D', data, '-U', 'nedwatch', '-A', 'trust', '-N'], at);
    expect(made.status).toBe(0);
    const port = await freePort();
    const args = ['-D', data, '-p', String(port), '-h', '127.0.0.1', '-k', folder, '-F'];
    server = spawn(join(BINARIES, 'postgres'), args, { ...at, stdio: 'ignore' });
    url = `postgres://nedwatch@127.0.0.1:${port}/postgres`;
    while (!(await answers(url))) await sleep(50);
  });
  afterAll(async () => {
    const ended = once(server, 'exit');
    server.kill('SIGINT');
    await ended;
    rmSync(folder, { recursive: true, force: true });
  });

  test('all migrations run', async () => {
    await migrate(url);
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    const { rows } = await client.query<{ made: number }>('SELECT count(*)::integer AS made FROM migrations');
    await client.end();
    expect(rows).toEqual([{ made: MIGRATIONS.length }]);
  });
});

async function answers(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.end();
    return true;
  } catch {
    return false;
  }
}
