import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CHECKOUT } from '../../src/platform/checkout.js';
import { dataFolder } from './data-folder.js';
import { loginOf } from './database.js';

const mainOf = (checkout: string): string => join(checkout, 'dist/program/main.js');
const MAIN = mainOf(CHECKOUT);

const programEnvironment = (env: Readonly<Record<string, string>>): Record<string, string> => {
  const { PATH = '', TMPDIR = tmpdir() } = process.env;
  return { PATH, TMPDIR, NEDWATCH_DATA: dataFolder(), NEDWATCH_LOG: 'error', ...env, ...poolerOf(env) };
};

/** The same database through the pooler of this run, if it has one. */
function poolerOf(env: Readonly<Record<string, string>>): Record<string, string> {
  const { DATABASE_URL = '' } = env;
  const login = DATABASE_URL === '' ? undefined : loginOf(DATABASE_URL);
  if (login === undefined || 'NEDWATCH_OWNER_URL' in env) return {};
  return {
    DATABASE_URL: login.pooled,
    NEDWATCH_DIRECT_URL: login.direct,
    NEDWATCH_OWNER_URL: DATABASE_URL,
  };
}

/** A running `nedwatch up` in a process of its own. */
export interface RunningProgram {
  readonly url: string;
  readonly pid: number;
  /** Its log on standard error so far. */
  log(): string;
  /** Whether it has not ended. */
  runs(): boolean;
  /** `kill -9`. */
  kill(): Promise<void>;
  /** Gracefully, like an operator; returns the exit code. */
  stop(): Promise<number | null>;
}

/**
 * Starts the real program on any free port, with this environment and no other settings; returns when it is ready. From
 * another checkout: another version.
 */
export async function startProgramProcess(
  env: Readonly<Record<string, string>>,
  args: readonly string[] = [],
  checkout = CHECKOUT,
): Promise<RunningProgram> {
  const child = spawn(process.execPath, [mainOf(checkout), 'up', '--port', '0', ...args], {
    env: programEnvironment(env),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let written = '';
  child.stderr.on('data', (chunk: Buffer) => {
    written += chunk.toString();
  });
  const exited = once(child, 'exit') as Promise<[number | null]>;
  // A killed test run must not leave it running.
  const orphaned = (): void => void child.kill('SIGKILL');
  process.once('exit', orphaned);
  const end = async (signal: NodeJS.Signals): Promise<number | null> => {
    child.kill(signal);
    const [code] = await exited;
    process.off('exit', orphaned);
    return code;
  };

  for await (const line of createInterface(child.stdout)) {
    const [, url] = /^ready (.*)$/.exec(line) ?? [];
    if (url === undefined) continue;
    child.stdout.resume();
    return {
      ...{ url, pid: child.pid ?? 0, log: () => written, stop: () => end('SIGTERM') },
      runs: () => child.exitCode === null && child.signalCode === null,
      kill: async () => void (await end('SIGKILL')),
    };
  }
  throw new Error(`The program ended before it was ready:\n${written}`);
}

/** How a command of the program ended. */
export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly stderr: string;
}

/** Starts `bin/nedwatch` with these arguments and this environment alone. */
export function startCommand(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): { readonly child: ChildProcess; readonly ended: Promise<Ended> } {
  const child = spawn(process.execPath, [MAIN, ...args], {
    env: programEnvironment(env),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [out, stderr] = ['', ''];
  child.stdout.on('data', (text: Buffer) => (out += text.toString()));
  child.stderr.on('data', (text: Buffer) => (stderr += text.toString()));
  const ended = (once(child, 'close') as Promise<[number | null]>).then(([code]) => ({
    code,
    out,
    stderr: stderr,
  }));
  return { child, ended };
}
