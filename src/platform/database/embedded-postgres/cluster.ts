import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  openSync,
  closeSync,
  readdirSync,
  readFileSync,
} from 'node:fs';
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { clusterOf, NoEmbeddedPostgres, type ClusterLocation } from './cluster-location.js';
import { mayServe, startOf } from './running-process.js';
import { msg } from '../../messages/dictionary.js';

export const SUPERUSER = 'nedwatch';

/** Settings of every server: loopback only, and no patient data in its log. */
const SETTINGS = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '200',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_min_messages: 'log',
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
};

/** A started server. */
export interface Server {
  readonly exited: Promise<void>;
  /** Ends every session and stops the server; resolves after the process has exited. */
  stop(): Promise<void>;
}

/** The superuser's password, generated at the first call; readable by this process' user alone. */
export function passwordOf({ directory }: ClusterLocation): string {
  const path = join(directory, 'password');
  if (!existsSync(path)) {
    writeFileSync(`${path}.draft`, randomBytes(24).toString('hex'), { mode: 0o600 });
    renameSync(`${path}.draft`, path);
  }
  return readFileSync(path, 'utf8');
}

/**
 * Creates the cluster unless it exists. If it is killed, it leaves nothing that the next call could take for a
 * complete cluster.
 */
export function initialise(location: ClusterLocation, binaries: string): void {
  const { directory, user } = location;
  removeDrafts(directory);
  if (existsSync(clusterOf(directory))) return;

  // A unique name, because the initdb of a killed keeper may still write to an older one.
  const draft = join(directory, `draft-${randomBytes(6).toString('hex')}`);
  const passwordFile = `${draft}-password`;
  mkdirSync(draft);
  chmodSync(draft, 0o700);
  writeFileSync(passwordFile, passwordOf(location), { mode: 0o600 });
  if (user) for (const path of [draft, passwordFile]) chownSync(path, user.uid, user.gid);
  const made = spawnSync(
    join(binaries, 'initdb'),
    [
      ...['--pgdata', draft, '--username', SUPERUSER, '--pwfile', passwordFile, '--auth=scram-sha-256'],
      // The same collation and case rules on every machine, independent of its locales.
      ...['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'],
    ],
    { ...user, cwd: '/', encoding: 'utf8', env: { PATH: '/usr/bin:/bin', LC_ALL: 'C' } },
  );
  rmSync(passwordFile);
  if (made.status !== 0) throw initialisingFailed(made.error?.message ?? made.stderr);
  renameSync(draft, clusterOf(directory));
}

function removeDrafts(directory: string): void {
  for (const name of readdirSync(directory).filter((entry) => entry.startsWith('draft-'))) {
    try {
      rmSync(join(directory, name), { recursive: true, force: true });
    } catch {
      // Its initdb still writes; the next start removes the folder.
    }
  }
}

function initialisingFailed(why: string): NoEmbeddedPostgres {
  const key = why.includes('effective user ID') ? 'embedded-nameless-user' : 'embedded-not-created';
  return new NoEmbeddedPostgres(msg(key, { why: why.trim() }));
}

/**
 * Starts the server and waits until it accepts connections. Removes what an earlier server left behind. The caller
 * must hold the location's lock, since this ends an orphaned server.
 */
export async function startServer(
  location: ClusterLocation,
  binaries: string,
  port: number,
  settings: Readonly<Record<string, string>>,
): Promise<Server> {
  const cluster = clusterOf(location.directory);
  // A long crash recovery takes time, and the last processes of a dead server exit after some seconds.
  for (const tries of Array(40).keys()) {
    await endLeftover(cluster);
    const child = launch(location, binaries, port, settings);
    const exited = new Promise<void>((resolve) => child.once('exit', resolve).once('error', resolve));
    if (await becameReady(child, cluster)) return { exited, stop: () => stop(child, exited) };
    await sleep(Math.min(50 * (tries + 1), 500));
  }
  throw new NoEmbeddedPostgres(msg('embedded-not-started', { log: lastLines(logOf(location)) }));
}

const logOf = ({ directory }: ClusterLocation): string => join(directory, 'server.log');

function lastLines(path: string): string {
  return readFileSync(path, 'utf8').trim().split('\n').slice(-5).join('\n');
}

function launch(
  location: ClusterLocation,
  binaries: string,
  port: number,
  settings: Readonly<Record<string, string>>,
): ChildProcess {
  const args = ['-D', clusterOf(location.directory), '-p', String(port)];
  for (const [name, value] of Object.entries({ ...SETTINGS, ...settings }))
    args.push('-c', `${name}=${value}`);
  const postgres = join(binaries, 'postgres');
  // With setpriv the kernel signals the server when this process dies, for any reason.
  const withParent = ['--pdeathsig=INT', postgres];
  const known = spawnSync('setpriv', [...withParent, '--version'], { stdio: 'ignore' }).status === 0;
  const [command, rest] = known ? ['setpriv', [...withParent, ...args]] : [postgres, args];
  const log = openSync(logOf(location), 'a', 0o600);
  try {
    return spawn(command, rest, {
      ...location.user,
      cwd: '/',
      env: { PATH: '/usr/bin:/bin', LC_ALL: 'C' },
      stdio: ['ignore', log, log],
    });
  } finally {
    closeSync(log);
  }
}

async function becameReady(child: ChildProcess, cluster: string): Promise<boolean> {
  for (; child.exitCode === null && child.signalCode === null; await sleep(15)) {
    if (child.pid === undefined) return false; // the program could not be started
    const pidFile = readPidFile(cluster);
    if (pidFile?.pid === child.pid && pidFile.status === 'ready') return true;
  }
  return false;
}

function readPidFile(cluster: string): { pid: number; status: string | undefined } | undefined {
  try {
    const lines = readFileSync(join(cluster, 'postmaster.pid'), 'utf8').split('\n');
    return { pid: Number(lines[0]), status: lines[7]?.trim() };
  } catch {
    return undefined;
  }
}

async function stop(child: ChildProcess, exited: Promise<void>): Promise<void> {
  child.kill('SIGINT'); // "fast": ends sessions, writes a checkpoint
  const hurry = setTimeout(() => child.kill('SIGQUIT'), 7000); // "immediate": the next start recovers
  await exited;
  clearTimeout(hurry);
}

/**
 * Ends an orphaned server of `cluster`; removes a pid file whose process is another program. The caller must hold the
 * location's lock, as for `startServer`.
 */
export async function endLeftover(cluster: string): Promise<void> {
  const pid = readPidFile(cluster)?.pid;
  if (!pid || startOf(pid) === undefined) return; // PostgreSQL itself detects that a pid is dead
  if (!mayServe(pid, cluster)) {
    rmSync(join(cluster, 'postmaster.pid'), { force: true });
    return;
  }
  const began = startOf(pid);
  for (const round of Array(200).keys()) {
    if (startOf(pid) !== began) return;
    if (round % 100 === 0) process.kill(pid, round === 0 ? 'SIGINT' : 'SIGQUIT');
    await sleep(50);
  }
}
