import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { migrate } from '../../src/app/migration.js';
import { freePort } from './redis.js';
import { until } from './webhook-receiver.js';

const BINARIES = '/usr/lib/postgresql/15/bin';

/** Debian's, the version of `deploy/cell`. The embedded one cannot copy a running server. */
export const hasStandby = (): boolean => existsSync(join(BINARIES, 'pg_basebackup'));

/** A standby ends a read at once that is in the way of its replay, and the log contains each statement. */
const OF_TESTS = ['max_standby_streaming_delay=0', 'log_statement=all', 'log_min_messages=log', 'jit=off'];

/** One PostgreSQL of the test. */
export class TestServer {
  private running: ChildProcess | undefined;
  private read = 0;

  constructor(
    private readonly folder: string,
    private readonly name: string,
    readonly port: number,
    private readonly settings: readonly string[],
  ) {}

  get url(): string {
    return `postgres://nedwatch@127.0.0.1:${this.port}/postgres`;
  }

  get data(): string {
    return join(this.folder, this.name);
  }

  async start(): Promise<void> {
    const log = openSync(this.logFile, 'a');
    const args = ['-D', this.data, '-p', String(this.port), '-h', '127.0.0.1', '-k', this.folder, '-F'];
    for (const setting of this.settings) args.push('-c', setting);
    const stdio: ['ignore', number, number] = ['ignore', log, log];
    this.running = spawn(join(BINARIES, 'postgres'), args, { ...inFolder(this.folder), stdio });
    const answers = (): Promise<boolean> =>
      this.query('SELECT').then(
        () => true,
        () => false,
      );
    await until(answers, (is) => is);
  }

  async stop(): Promise<void> {
    if (this.running === undefined) return;
    const ended = once(this.running, 'exit');
    this.running.kill('SIGINT');
    await ended;
    this.running = undefined;
  }

  /** In `database`, or outside of the application's. */
  async query<T extends pg.QueryResultRow>(statement: string, database = 'postgres'): Promise<T[]> {
    const client = new pg.Client({ connectionString: this.url, database, application_name: 'the test' });
    await client.connect();
    try {
      return (await client.query<T>(statement)).rows;
    } finally {
      await client.end();
    }
  }

  /** The log of all statements that it has got since the last call. */
  statements(): string {
    const text = readFileSync(this.logFile, 'utf8');
    const since = text.slice(this.read);
    this.read = text.length;
    return since;
  }

  private get logFile(): string {
    return join(this.folder, `${this.name}.log`);
  }
}

/** A primary with a migrated database `template`, and a standby that follows it. */
export class StreamingPair {
  private constructor(
    private readonly folder: string,
    readonly primary: TestServer,
    readonly standby: TestServer,
  ) {}

  static async start(settings = OF_TESTS): Promise<StreamingPair> {
    const folder = mkdtempSync(join(tmpdir(), 'nedwatch-standby-'));
    const { uid, gid } = inFolder(folder);
    if (uid !== undefined && gid !== undefined) chownSync(folder, uid, gid);
    chmodSync(folder, 0o700);
    const primary = new TestServer(folder, 'primary', await freePort(), settings);
    const standby = new TestServer(folder, 'standby', await freePort(), settings);
    run(folder, 'initdb', '-D', primary.data, '-U', 'nedwatch', '-A', 'trust', '-N', '--locale=C.UTF-8');
    await primary.start();
    await primary.query('CREATE DATABASE template');
    await migrate(primary.url.replace(/postgres$/, 'template'));
    const from = ['-h', '127.0.0.1', '-p', String(primary.port), '-U', 'nedwatch'];
    run(folder, 'pg_basebackup', ...from, '-D', standby.data, '-R', '-c', 'fast', '-N');
    await standby.start();
    return new StreamingPair(folder, primary, standby);
  }

  /** Runs `work`, during which `startApp` uses this primary. */
  async served<T>(work: () => Promise<T>): Promise<T> {
    const { NEDWATCH_TEST_SERVER, NEDWATCH_TEST_TEMPLATE, NEDWATCH_TEST_POOLER_URL } = process.env;
    Object.assign(process.env, {
      ...{ NEDWATCH_TEST_SERVER: this.primary.url, NEDWATCH_TEST_TEMPLATE: 'template' },
    });
    delete process.env.NEDWATCH_TEST_POOLER_URL; // it leads to the server of the run
    try {
      return await work();
    } finally {
      Object.assign(process.env, {
        ...{ NEDWATCH_TEST_SERVER, NEDWATCH_TEST_TEMPLATE },
        ...(NEDWATCH_TEST_POOLER_URL !== undefined && { NEDWATCH_TEST_POOLER_URL }),
      });
    }
  }

  /** The standby receives what is committed, and shows it only after `resume`. */
  async pause(): Promise<void> {
    await this.standby.query('SELECT pg_wal_replay_pause()');
    const state = (): Promise<{ state: string }[]> =>
      this.standby.query('SELECT pg_get_wal_replay_pause_state() AS state');
    await until(state, ([row]) => row?.state === 'paused');
  }

  async resume(): Promise<void> {
    await this.standby.query('SELECT pg_wal_replay_resume()');
  }

  async stop(): Promise<void> {
    await this.standby.stop();
    await this.primary.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function run(folder: string, program: string, ...args: string[]): void {
  const { status, stderr } = spawnSync(join(BINARIES, program), args, {
    ...inFolder(folder),
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`${program}: ${stderr}`);
}

/** PostgreSQL refuses to run as root. */
function inFolder(cwd: string): { cwd: string; uid?: number; gid?: number } {
  if (process.getuid?.() !== 0) return { cwd };
  const [, , uid, gid] = /^postgres:.*$/m.exec(readFileSync('/etc/passwd', 'utf8'))?.[0].split(':') ?? [];
  return { cwd, uid: Number(uid), gid: Number(gid) };
}
