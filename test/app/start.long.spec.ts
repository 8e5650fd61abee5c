import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { removeDataFolder } from '../support/data-folder.js';

// These tests start the real program like its users do, with a data directory of its own.

const NEDWATCH = fileURLToPath(new URL('../../bin/nedwatch', import.meta.url));
const KEY = 'nw_administrator-of-this-test';

interface Running {
  readonly child: ChildProcess;
  readonly lines: readonly string[];
  readonly url: string;
}

let data: string;
const started: ChildProcess[] = [];

beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), 'nedwatch start '));
  chmodSync(data, 0o755); // as root, PostgreSQL runs as another user
});
afterEach(async () => {
  for (const child of started.splice(0))
    if (child.exitCode === null && child.signalCode === null) await end(child, 'SIGKILL');
  await until(() => !alive(postmaster()));
  await removeDataFolder(data);
});

function nedwatch(args: readonly string[], env: Readonly<Record<string, string>> = {}): ChildProcess {
  const { PATH = '', HOME = '/' } = process.env;
  const own = { PATH, HOME, NEDWATCH_DATA: data, NEDWATCH_LOG: 'error', NEDWATCH_ADMIN_KEY: KEY };
  const child = spawn(process.execPath, [NEDWATCH, ...args], {
    env: { ...own, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  started.push(child);
  return child;
}

async function up(env: Readonly<Record<string, string>> = {}): Promise<Running> {
  const child = nedwatch(['up', '--port', '0'], env);
  child.stderr!.resume();
  const lines: string[] = [];
  for await (const line of createInterface(child.stdout!)) {
    lines.push(line);
    if (!line.startsWith('ready ')) continue;
    child.stdout!.resume();
    return { child, lines, url: line.slice('ready '.length) };
  }
  throw new Error(`It ended before it was ready: ${lines.join('\n')}`);
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  const exited = once(child, 'exit') as Promise<[number | null]>;
  child.kill(signal);
  return (await exited)[0];
}

const call = (running: Running, path: string, body?: unknown): Promise<Response> =>
  fetch(`${running.url}/api/v1${path}`, {
    headers: { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
  });

async function givenPatient(running: Running): Promise<string> {
  const patient = {
    mrn: 'S1',
    name: '王芳',
    sex: 'female',
    birthDate: '1961-04-05',
    diagnosisDate: '2025-10-20',
  };
  const answer = await call(running, '/patients', patient);
  expect(answer.status).toBe(201);
  return ((await answer.json()) as { id: string }).id;
}

const hasPatient = async (running: Running, patientId: string): Promise<boolean> =>
  (await call(running, `/patients/${patientId}/schedule`)).status === 200;

const pidFile = (): string => join(data, 'postgres/cluster/postmaster.pid');

function postmaster(): number {
  try {
    return Number(readFileSync(pidFile(), 'utf8').split('\n')[0]);
  } catch {
    return 0;
  }
}

function alive(pid: number): boolean {
  return pid > 0 && spawnSync('kill', ['-0', String(pid)]).status === 0;
}

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  for (const deadline = Date.now() + 20_000; !(await condition()); await sleep(50)) {
    if (Date.now() > deadline) throw new Error('It did not happen within 20 s.');
  }
}

/** The link of a program without people, another one at each start. */
const setUpLine = ({ url, lines }: Running): string =>
  `set up your hospital in the browser, within 24 hours: ${url}/first-run#${/#(fr_[\w-]{43})$/m.exec(lines.join('\n'))?.[1] ?? ''}`;

test('the first start prints the addresses, the link and the secret; a later start prints no secret', async () => {
  const first = await up({ NEDWATCH_ADMIN_KEY: '' });
  const secret = /nw_[\w-]{65}/.exec(first.lines.join('\n'))?.[0] ?? '';
  expect(first.lines).toEqual([
    `pages ${first.url}/`,
    `API reference ${first.url}/api/docs`,
    setUpLine(first),
    `administrator secret, shown this once: ${secret}`,
    `ready ${first.url}`,
  ]);
  const worklist = await fetch(`${first.url}/api/v1/worklist`, {
    headers: { authorization: `Bearer ${secret}` },
  });
  expect(worklist.status).toBe(200);
  expect(await end(first.child, 'SIGTERM')).toBe(0);
  expect(alive(postmaster())).toBe(false);

  const second = await up({ NEDWATCH_ADMIN_KEY: '' });
  expect(second.lines).toEqual([
    `pages ${second.url}/`,
    `API reference ${second.url}/api/docs`,
    setUpLine(second),
    `ready ${second.url}`,
  ]);
  expect(await end(second.child, 'SIGINT')).toBe(0);
});

test('after kill -9 of the program no acknowledged write is lost and no process is left', async () => {
  const first = await up();
  const patient = await givenPatient(first);
  const server = postmaster();
  await end(first.child, 'SIGKILL');
  await until(() => !alive(server));

  const second = await up();
  expect(await hasPatient(second, patient)).toBe(true);
});

test('the program restarts PostgreSQL after kill -9 of PostgreSQL', async () => {
  const running = await up();
  const patient = await givenPatient(running);
  const server = postmaster();
  process.kill(server, 'SIGKILL');
  await until(() => postmaster() !== server && fetch(`${running.url}/health/ready`).then(({ ok }) => ok));

  expect(await hasPatient(running, patient)).toBe(true);
  expect(await end(running.child, 'SIGTERM')).toBe(0);
});

test('the next start recovers from kill -9 of the program, its keeper and PostgreSQL', async () => {
  const first = await up();
  const patient = await givenPatient(first);
  const keeper = Number(readFileSync(join(data, 'postgres/keeper.lock'), 'utf8').split(' ')[0]);
  for (const pid of [first.child.pid!, keeper, postmaster()]) process.kill(pid, 'SIGKILL');

  const second = await up();
  expect(await hasPatient(second, patient)).toBe(true);
});

test('the program restarts the keeper after kill -9 of the keeper', async () => {
  const running = await up();
  const patient = await givenPatient(running);
  const server = postmaster();
  process.kill(Number(readFileSync(join(data, 'postgres/keeper.lock'), 'utf8').split(' ')[0]), 'SIGKILL');
  await until(() => postmaster() !== server && fetch(`${running.url}/health/ready`).then(({ ok }) => ok));

  expect(await hasPatient(running, patient)).toBe(true);
});

test('the program starts although its pid file names a process of another program', async () => {
  const first = await up();
  await end(first.child, 'SIGTERM');
  // The other process has the same user as the server, so PostgreSQL alone would take it for a server.
  const owner = Number(spawnSync('stat', ['-c', '%u', join(data, 'postgres/cluster')]).stdout.toString());
  const other = spawn('sleep', ['60'], { uid: owner, stdio: 'ignore' });
  started.push(other);
  writeFileSync(
    pidFile(),
    `${other.pid}\n${join(data, 'postgres/cluster')}\n0\n5432\n\n127.0.0.1\n\nready\n`,
  );

  await up();
  expect(alive(other.pid!)).toBe(true);
});

test('two programs share one database, and either continues when the other ends', async () => {
  const [one, two] = await Promise.all([up(), up({ NEDWATCH_ROLE: 'api' })]);
  const server = postmaster();
  const patient = await givenPatient(one);
  expect(await hasPatient(two, patient)).toBe(true);

  await end(one.child, 'SIGKILL');
  expect(await hasPatient(two, patient)).toBe(true);
  const three = await up();
  await end(two.child, 'SIGTERM');
  expect(await hasPatient(three, patient)).toBe(true);
  expect(postmaster()).toBe(server);
});

test('the program does not start with invalid variables, and names all of them', async () => {
  const child = nedwatch(['up'], { NEDWATCH_PORT: 'many', NEDWATCH_ROLE: 'boss', DATABASE_URL: 'mysql://x' });
  let log = '';
  child.stderr!.on('data', (text: Buffer) => (log += text.toString()));
  const [code] = (await once(child, 'close')) as [number];
  expect(code).toBe(2);
  for (const name of ['NEDWATCH_PORT', 'NEDWATCH_ROLE', 'DATABASE_URL']) expect(log).toContain(name);
});

test('an unknown command or option prints the usage', () => {
  for (const args of [['dance'], ['up', '--loud'], []]) {
    const { status, stderr } = spawnSync(process.execPath, [NEDWATCH, ...args], { encoding: 'utf8' });
    expect(status).toBe(2);
    expect(stderr).toContain('usage: bin/nedwatch COMMAND');
  }
});
