import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { CHECKOUT } from '../../src/platform/checkout.js';
import { loadConfig } from '../../src/platform/config.js';
import { startApp, type TestApp } from '../support/app.js';
import { composeFile, composeVariables } from '../support/compose-file.js';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { until } from '../support/webhook-receiver.js';

const read = (file: string): string => readFileSync(join(CHECKOUT, file), 'utf8');

const SECRETS = {
  POSTGRES_PASSWORD: 'of-the-superuser',
  NEDWATCH_DATABASE_PASSWORD: 'p/w+of=the:logins@',
  NEDWATCH_REDIS_PASSWORD: 'p/w+of=the:queue@',
  NEDWATCH_ADMIN_KEY: 'nw_administrator-of-this-test',
  NEDWATCH_MASTER_KEY: Buffer.alloc(32).toString('base64'),
};
const OURS = ['migrate', 'api', 'worker', 'backup'];
const { services, networks } = composeFile(SECRETS);
const environmentOf = (service: string): Readonly<Record<string, string>> => services[service]!.environment!;
const documented = [...read('.env.example').matchAll(/^([A-Z_]+)=/gm)].map(([, name = '']) => name);

describe('docker-compose.yml', () => {
  test.each(OURS)('%s is given every variable of .env.example', (service) => {
    expect(documented.length).toBeGreaterThan(20);
    expect(documented.filter((name) => !Object.hasOwn(environmentOf(service), name))).toEqual([]);
  });

  test('the variables of .env reach the program, except those that the containers set', () => {
    const decided = ['NEDWATCH_DATA', 'NEDWATCH_ROLE', 'NEDWATCH_PORT', 'NEDWATCH_HOST'];
    const set = Object.fromEntries(documented.map((name) => [name, `set-${name}`]));
    const { environment = {} } = composeFile({ ...SECRETS, ...set }).services['api']!;
    const lost = documented.filter((name) => environment[name] !== `set-${name}`);
    expect(lost.sort()).toEqual(decided.sort());
  });

  test('.env.example copied as it is changes nothing but the secrets to set', () => {
    const lines = read('.env.example').matchAll(/^([A-Z_]+)=(.*)$/gm);
    const copied = Object.fromEntries([...lines].map(([, name = '', value = '']) => [name, value]));
    const config = (variables: Readonly<Record<string, string>>) =>
      loadConfig(composeFile(variables).services['api']!.environment);
    expect(config({ ...copied, ...SECRETS })).toEqual(config(SECRETS));
    expect(config(SECRETS)).toMatchObject({ role: 'api', host: '0.0.0.0', port: 3000, production: true });
  });

  test.each(Object.keys(SECRETS))('without %s nothing starts', (name) => {
    expect(() => composeFile({ ...SECRETS, [name]: '' })).toThrow(`set ${name} in .env`);
  });

  test.each(['docs/containers.md', 'docs/containers.zh-CN.md'])('%s names every other variable', (page) => {
    const others = composeVariables().filter((name) => !documented.includes(name));
    expect(others).toEqual(expect.arrayContaining(['POSTGRES_PASSWORD', 'NEDWATCH_DATABASE_PASSWORD']));
    expect(others.filter((name) => !read(page).includes(`\`${name}\``))).toEqual([]);
  });

  test('the program does not get the password of the superuser', () => {
    for (const service of OURS) {
      const environment = environmentOf(service);
      expect(JSON.stringify(environment)).not.toContain(SECRETS.POSTGRES_PASSWORD);
      expect(new URL(environment['DATABASE_URL']!).username).toBe('nedwatch_service');
      expect(new URL(environment['NEDWATCH_OWNER_URL']!).username).toBe('nedwatch_owner');
    }
  });

  test('Redis asks for its password, and the program gives it', () => {
    const { command = [], environment = {} } = services['redis']!;
    expect(command.slice(-2)).toEqual(['--requirepass', SECRETS.NEDWATCH_REDIS_PASSWORD]);
    expect(environment).toEqual({ REDISCLI_AUTH: SECRETS.NEDWATCH_REDIS_PASSWORD });
    const [url] = loadConfig(environmentOf('worker')).redisUrls;
    expect(decodeURIComponent(new URL(url!).password)).toBe(SECRETS.NEDWATCH_REDIS_PASSWORD);
    const own = { ...environmentOf('worker'), REDIS_URL: 'redis://:own@redis:6379' };
    expect(loadConfig(own).redisUrls).toEqual(['redis://:own@redis:6379']);
  });

  test('each image can be pinned to a digest', () => {
    const pinned = {
      POSTGRES_IMAGE: `postgres:18@sha256:${'a'.repeat(64)}`,
      REDIS_IMAGE: `redis:8@sha256:${'b'.repeat(64)}`,
    };
    const { services: of } = composeFile({ ...SECRETS, ...pinned });
    expect([of['postgres']!.image, of['logins']!.image, of['redis']!.image]).toEqual([
      ...[pinned.POSTGRES_IMAGE, pinned.POSTGRES_IMAGE, pinned.REDIS_IMAGE],
    ]);
    expect([...read('Dockerfile').matchAll(/^FROM (\S+)/gm)].map(([, image]) => image)).toEqual([
      ...['${NODE_IMAGE}', '${NODE_IMAGE}'],
    ]);
  });

  test('npm runs no scripts of packages, and the project itself has no install script', () => {
    expect(read('.npmrc').split('\n')).toContain('ignore-scripts=true');
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    const before = Object.keys(scripts).filter((name) => /^(pre|post|install|prepare)/.test(name));
    expect(before).toEqual([]);
  });

  test('data, queue, keys and backups outlive the containers', () => {
    const mounted = (service: string): readonly string[] => services[service]!.volumes ?? [];
    expect(mounted('postgres')).toEqual(['postgres:/var/lib/postgresql']);
    expect(mounted('redis')).toEqual(['redis:/data']);
    for (const service of OURS) expect(mounted(service)).toContain('data:/app/.data');
    expect(mounted('backup')).toContain('backups:/backups');
    const { services: other } = composeFile({ ...SECRETS, NEDWATCH_BACKUPS: '/mnt/nas/nedwatch' });
    expect(other['backup']!.volumes).toContain('/mnt/nas/nedwatch:/backups');
  });
});

describe('where a request comes from, behind the network of the containers', () => {
  const [{ gateway, subnet }] = networks.default.ipam.config as [{ gateway: string; subnet: string }];
  const { trustedProxies } = loadConfig(environmentOf('api'));
  let t: TestApp;
  beforeAll(async () => {
    t = await startApp({ role: 'api', trustedProxies, failedSignInsPerMinute: 3 });
  });
  afterAll(() => t.close());

  const ask = async (url: string, remoteAddress: string, forwardedFor?: string, key = t.adminKey) =>
    (
      await t.app.inject({
        ...{ method: 'GET', url: `/api/v1${url}`, remoteAddress },
        headers: {
          authorization: `Bearer ${key}`,
          ...(forwardedFor === undefined ? {} : { 'x-forwarded-for': forwardedFor }),
        },
      })
    ).statusCode;
  const audited = async (route: string): Promise<string> => {
    const { body } = await t.get('/audit-events');
    const made = (body.items as { call: string; address: string }[]).find(({ call }) => call.endsWith(route));
    return made?.address ?? 'not audited';
  };

  test('the program trusts the gateway only, which only this machine can use', () => {
    expect(trustedProxies).toEqual([gateway]);
    expect(subnet).toBe(gateway.replace(/\.1$/, '.0/24'));
    const published = Object.entries(services).flatMap(([name, { ports = [] }]) =>
      ports.map((port) => `${name} ${port}`),
    );
    expect(published).toEqual(['api 127.0.0.1:3000:3000']);
  });

  test('the audit trail has the client of the reverse proxy, not what the client claims to be', async () => {
    expect(await ask('/worklist', gateway, '198.51.100.66, 203.0.113.7')).toBe(200);
    expect(await audited('/worklist')).toBe('203.0.113.7');
  });

  test('a client that bypasses the reverse proxy has its own address, whatever its headers claim', async () => {
    const neighbour = gateway.replace(/\.1$/, '.77');
    expect(await ask('/policy', neighbour, '203.0.113.7')).toBe(200);
    expect(await audited('/policy')).toBe(neighbour);
  });

  test('only the client that guesses keys is slowed down, also with a changing X-Forwarded-For', async () => {
    const guess = (client: string, n = 0) =>
      ask('/worklist', gateway, `198.51.100.${n}, ${client}`, `wrong-${n}`);
    const guesses: number[] = [];
    for (const n of [1, 2, 3, 4]) guesses.push(await guess('203.0.113.8', n));
    expect(guesses).toEqual([401, 401, 401, 429]);
    expect(await guess('203.0.113.9')).toBe(401);
  });
});

const isLinux = process.platform === 'linux';
if (!isLinux)
  process.stderr.write('\n*** NOT LINUX: THE DAILY BACKUP OF THE CONTAINERS IS NOT TESTED ***\n\n');

(isLinux ? describe : describe.skip)('the daily backup', () => {
  let folder: string;
  let database: TestDatabase;
  const backup = (env: Readonly<Record<string, string>>) => ({
    cwd: CHECKOUT,
    env: {
      ...{ PATH: process.env['PATH'] ?? '', BACKUP_FOLDER: folder, NEDWATCH_DATA: join(folder, 'data') },
      ...{ DATABASE_URL: database.url, NEDWATCH_LOG: 'error', ...env },
    },
  });
  const backUp = (env: Readonly<Record<string, string>> = {}) =>
    spawnSync('containers/backup-daily', ['once'], { ...backup(env), encoding: 'utf8' });
  const backups = (): string[] => readdirSync(folder).filter((name) => name.endsWith('.tar.gz'));
  const givenBackup = (name: string, days: number): void => {
    writeFileSync(join(folder, name), '');
    const time = Date.now() / 1000 - days * 86_400;
    utimesSync(join(folder, name), time, time);
  };

  beforeAll(async () => {
    database = await createDatabase();
    folder = mkdtempSync(join(tmpdir(), 'nedwatch-daily-backup-'));
  });
  afterAll(async () => {
    rmSync(folder, { recursive: true, force: true });
    await database.drop();
  });

  test('one that fails removes no older one', () => {
    givenBackup('nedwatch-old.tar.gz', 31.5);
    const { status, stderr } = backUp({
      DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none',
      NEDWATCH_START_WAIT_SECONDS: '1',
    });
    expect(status).not.toBe(0);
    expect(stderr).toContain('DATABASE_URL');
    expect(backups()).toEqual(['nedwatch-old.tar.gz']);
  });

  test('one that is complete removes those that are too old, and no other file', () => {
    givenBackup('nedwatch-recent.tar.gz', 29);
    givenBackup('of-another-program.tar.gz', 400);
    expect(backUp().status).toBe(0);
    expect(backups().sort()).toEqual([
      expect.stringMatching(/^nedwatch-\d{4}-\d\d-\d\dT\d{6}Z\.tar\.gz$/),
      'nedwatch-recent.tar.gz',
      'of-another-program.tar.gz',
    ]);
  });

  test('one that was missed is made as soon as the container runs again', async () => {
    for (const name of backups()) rmSync(join(folder, name));
    givenBackup('nedwatch-yesterday.tar.gz', 1.01);
    const daily = spawn('containers/backup-daily', {
      ...backup({ BACKUP_AT: '00:00' }),
      ...{ stdio: 'ignore', detached: true },
    });
    await until(
      () => backups(),
      ({ length }) => length === 2,
    );
    const ended = once(daily, 'exit');
    process.kill(-daily.pid!); // including the one it waits in
    await ended;
  });

  test.each([
    ['BACKUP_AT', 'at night'],
    ['BACKUP_KEEP_DAYS', '0'],
    ['BACKUP_KEEP_DAYS', 'ten'],
  ])('%s=%s is refused by name', (name, value) => {
    const { status, stderr } = backUp({ [name]: value });
    expect(status).toBe(2);
    expect(stderr).toContain(`${name} is ${value}`);
  });
});
