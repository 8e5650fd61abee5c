import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { newDatabase, endAll, query } from '../support/backup-program.js';
import { startCommand } from '../support/program.js';
import { hasRedis, startRedis } from '../support/redis.js';
import { testWhere } from '../support/where-present.js';

let data: string;
let url: string;
const env = (): Record<string, string> => ({ DATABASE_URL: url, NEDWATCH_DATA: data });
beforeAll(() => {
  data = mkdtempSync(join(tmpdir(), 'nedwatch-administrator-'));
});
beforeEach(async () => {
  ({ url } = await newDatabase());
});
afterAll(async () => {
  await endAll();
  rmSync(data, { recursive: true, force: true });
});

interface Ready {
  readonly url: string;
  /** The administrator secret, if the start printed one. */
  readonly secret: string | undefined;
  stop(): Promise<number | null>;
}

async function up(more: Readonly<Record<string, string>> = {}): Promise<Ready> {
  const { child, ended } = startCommand(['up', '--port', '0'], { ...env(), ...more });
  let secret: string | undefined;
  for await (const line of createInterface(child.stdout!)) {
    secret ??= /^administrator secret, shown this once: (\S+)$/.exec(line)?.[1];
    const [, address] = /^ready (.*)$/.exec(line) ?? [];
    if (address === undefined) continue;
    const stop = async (): Promise<number | null> => {
      child.kill('SIGTERM');
      return (await ended).code;
    };
    return { url: address, secret, stop };
  }
  throw new Error((await ended).stderr);
}

const status = async (program: Ready, key: string | undefined): Promise<number> =>
  (await fetch(`${program.url}/api/v1/worklist`, { headers: { authorization: `Bearer ${key}` } })).status;

const newAdmin = async (...args: string[]): Promise<{ key: string; output: string }> => {
  const { code, out, stderr: output } = await startCommand(['keys', 'new-admin', ...args], env()).ended;
  const [, key = ''] = /^administrator secret, shown this once: (nw_[\w-]{65})\n$/.exec(out) ?? [];
  expect({ code, key }).toEqual({ code: 0, key: expect.stringMatching(/./) });
  return { key, output };
};

const keysLike = (key: string): Promise<{ id: string }[]> =>
  query(url, `SELECT id FROM api_key WHERE last_four = '${key.slice(-4)}'`);

async function machineKey(program: Ready): Promise<string> {
  const made = await fetch(`${program.url}/api/v1/api-keys`, {
    method: 'POST',
    headers: { authorization: `Bearer ${program.secret}`, 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'his', roles: ['integration', 'nurse'] }),
  });
  return ((await made.json()) as { key: string }).key;
}

test('a first start that fails creates no secret, and the next start prints one that is accepted', async () => {
  const none = await startCommand(['keys', 'new-admin'], env()).ended;
  expect(none).toMatchObject({
    code: 2,
    out: '',
    stderr: expect.stringContaining('there is no hospital yet'),
  });

  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = other.address() as AddressInfo;
  const failed = await startCommand(['up', '--port', String(port)], env()).ended;
  other.close();
  expect(failed).toMatchObject({ code: 1, out: '' });
  expect(failed.stderr).toMatch(/^nedwatch does not start, .* port \d+ of 127\.0\.0\.1: .*--port N.*$/m);
  expect(failed.stderr).not.toContain('    at ');
  expect(await query(url, 'SELECT FROM api_key')).toEqual([]);

  const worker = await up({ NEDWATCH_ROLE: 'worker' }); // a worker has no pages and prints no secret
  expect(worker.secret).toBeUndefined();
  const program = await up({ NEDWATCH_ROLE: 'api' });
  expect(await status(program, program.secret)).toBe(200);
  await Promise.all([worker.stop(), program.stop()]);
  const later = await up();
  expect(later.secret).toBeUndefined();
  await later.stop();
}, 120_000);

testWhere(hasRedis(), 'redis-server')(
  'a first start with an unsafe Redis fails and creates no secret',
  async () => {
    const redis = (await startRedis({ aof: false }))!;
    const failed = await startCommand(['up', '--port', '0'], { ...env(), REDIS_URL: redis.url }).ended;
    await redis.stop();
    expect(failed).toMatchObject({ code: 1, out: '', stderr: expect.stringContaining('can lose jobs') });
    expect(await query(url, 'SELECT FROM api_key')).toEqual([]);
  },
);

test('the key in NEDWATCH_ADMIN_KEY becomes the only first key', async () => {
  const NEDWATCH_ADMIN_KEY = 'nw_chosen-by-the-operator';
  const program = await up({ NEDWATCH_ADMIN_KEY });
  expect([program.secret, await status(program, NEDWATCH_ADMIN_KEY)]).toEqual([NEDWATCH_ADMIN_KEY, 200]);
  await program.stop();
  expect(await query(url, 'SELECT FROM api_key')).toHaveLength(1);
});

test('keys new-admin works while the program runs, keeps or revokes older secrets, and is audited', async () => {
  const program = await up();
  const machine = await machineKey(program);
  const first = await newAdmin();
  expect(first.output).toContain('still taken');
  expect([await status(program, first.key), await status(program, program.secret)]).toEqual([200, 200]);

  const second = await newAdmin('--revoke');
  expect(second.output).toContain('2 administrator secrets made before are revoked');
  const taken = [second.key, first.key, program.secret, machine].map((key) => status(program, key));
  expect(await Promise.all(taken)).toEqual([200, 401, 401, 200]); // a caller created the machine's key

  const audit = await query<{ detail: { key: string; revoked: string } }>(
    url,
    `SELECT detail FROM audit_event WHERE call = 'keys new-admin' AND outcome = 'done' ORDER BY recorded_at`,
  );
  const [[one], [two]] = [await keysLike(first.key), await keysLike(second.key)];
  expect(audit.map(({ detail }) => detail.key)).toEqual([one?.id, two?.id]);
  expect(audit.map(({ detail }) => detail.revoked.split(' ').filter(Boolean).length)).toEqual([0, 2]);

  const wrong = await startCommand(['keys', 'new-admin', '--hospital', 'x'], env()).ended;
  expect(wrong).toMatchObject({
    code: 2,
    out: '',
    stderr: expect.stringContaining('there is no hospital x'),
  });
  await program.stop();
}, 120_000);
