import { execFile, spawn, spawnSync } from 'node:child_process';
import { chownSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { CHECKOUT } from '../../src/platform/checkout.js';
import { freePort } from '../support/redis.js';
import { until } from '../support/webhook-receiver.js';

/** Debian's locations, which are on few users' path. */
const PATH = '/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin';
export const NODES = ['node1', 'node2', 'node3'] as const;
export type NodeName = (typeof NODES)[number];
/** After so long the systemd units start a service again that ended (`deploy/cell/restart.conf`). */
const RESTART_AFTER_MS = 2000;
const SETTLED_WITHIN_MS = 120_000;
const LOG_CHARACTERS = 2000;
/** Letters and digits, as `cell.env.example` wants them. */
const PASSWORD = 'secretOfThisRun';
/** The password in docs/postgresql.md. */
export const LOGIN_PASSWORD = 'login-secret';

/** The Debian packages of a cell that this machine lacks. */
export function missingPrograms(): string[] {
  const needed = ['etcd', 'patroni', 'haproxy', 'pgbouncer', 'pgbackrest', 'envsubst'];
  return needed.filter((name) => spawnSync('which', [name], { env: { PATH } }).status !== 0);
}

interface Service {
  readonly command: readonly string[];
  /** The process while it runs. */
  pid: number | undefined;
  /** Whether it is started again when it ends. */
  wanted: boolean;
}

interface Member {
  readonly name: NodeName;
  readonly role: string;
  readonly state: string;
}

/**
 * One cell as `deploy/cell` configures it, on loopback addresses of this machine: the files are unchanged, and only
 * their variables are set.
 */
export class OwnCell {
  private readonly folder = mkdtempSync(join(tmpdir(), 'nedwatch-cell-'));
  private readonly owner = debianUser('postgres');
  private readonly services = new Map<string, Service>();
  private readonly written = new Map<string, string>();
  private ports: Readonly<Record<string, number>> = {};

  private constructor(private readonly log: (line: string) => void) {}

  /** Returns when a synchronous and an asynchronous standby follow the primary. */
  static async start(log: (line: string) => void): Promise<OwnCell> {
    const cell = new OwnCell(log);
    process.once('exit', cell.killAll); // a killed run must not leave anything running
    try {
      await cell.prepare();
      for (const name of cell.services.keys()) cell.startService(name);
      await cell.settled();
      return cell;
    } catch (error) {
      log(cell.logs());
      await cell.stop();
      throw error;
    }
  }

  /** Through pgbouncer, HAProxy and to the primary. */
  pooled(login: string, password: string): string {
    return this.address(login, password, 'POOLER_PORT');
  }

  /** Through HAProxy to the primary. */
  direct(login: string, password: string, database = 'nedwatch'): string {
    return this.address(login, password, 'PRIMARY_PORT', database);
  }

  /** Through HAProxy to a standby. */
  standby(login: string, password: string): string {
    return this.address(login, password, 'STANDBY_PORT');
  }

  /** Through pgbouncer, HAProxy and to a standby. */
  pooledStandby(login: string, password: string): string {
    return this.address(login, password, 'POOLER_PORT', 'nedwatch_standby');
  }

  /** In this database, on the primary. */
  superuser(database = 'nedwatch'): string {
    return this.direct('postgres', PASSWORD, database);
  }

  /** `kill -9` of PostgreSQL and Patroni of a node, as when its machine is lost; it stays down. */
  loseNode(node: NodeName): void {
    const postmaster = this.postmasterOf(node);
    this.killService(`patroni ${node}`, false);
    if (postmaster !== undefined) killWithChildren(postmaster);
  }

  /** `kill -9` of PostgreSQL alone. */
  killPostgres(node: NodeName): void {
    const postmaster = this.postmasterOf(node);
    if (postmaster !== undefined) killWithChildren(postmaster);
  }

  /** `kill -9` of a service, which systemd starts again. */
  killService(name: string, wanted = true): void {
    const service = this.services.get(name);
    if (service?.pid === undefined) throw new Error(`${name} does not run.`);
    service.wanted = wanted;
    process.kill(service.pid, 'SIGKILL');
  }

  startNode(node: NodeName): void {
    this.startService(`patroni ${node}`);
  }

  /** Ends Patroni and with it PostgreSQL, in an orderly way. */
  async stopNode(node: NodeName): Promise<void> {
    const service = this.services.get(`patroni ${node}`);
    if (service?.pid === undefined) return;
    service.wanted = false;
    process.kill(service.pid, 'SIGTERM');
    await until(
      () => service.pid,
      (pid) => pid === undefined,
      SETTLED_WITHIN_MS,
    );
  }

  async nodeWith(role: 'leader' | 'sync_standby' | 'replica'): Promise<NodeName> {
    const found = (await this.members()).find((member) => member.role === role);
    if (!found) throw new Error(`The cell has no ${role}.`);
    return found.name;
  }

  /** Waits until three nodes, or as many as are named, are a primary, a synchronous standby and followers. */
  async settled(nodes: readonly NodeName[] = NODES): Promise<void> {
    const whole = (members: readonly Member[]): boolean =>
      nodes.every((node) => members.some(({ name, state }) => name === node && state === 'running')) &&
      ['leader', ...(nodes.length > 1 ? ['sync_standby'] : [])].every((role) =>
        members.some((member) => member.role === role),
      );
    await until(() => this.members(), whole, SETTLED_WITHIN_MS);
  }

  /** Runs a program of the cell on a node, as the user `postgres`. */
  async run(node: NodeName, program: string, ...args: string[]): Promise<string> {
    const options = { env: { PATH }, cwd: this.home(node), ...this.owner, maxBuffer: 10_000_000 };
    const { stdout } = await promisify(execFile)(program, args, options).catch((error: unknown) => {
      const { stdout: out = '', stderr = '' } = error as { stdout?: string; stderr?: string };
      throw new Error(`${program} ${args.join(' ')}:\n${out}${stderr}`, { cause: error });
    });
    return stdout;
  }

  backrest(node: NodeName, ...args: string[]): Promise<string> {
    const config = join(this.home(node), 'etc/pgbackrest.conf');
    return this.run(node, 'pgbackrest', `--config=${config}`, '--stanza=nedwatch', ...args);
  }

  dataOf(node: NodeName): string {
    return join(this.home(node), 'data');
  }

  /** Makes the synchronous standby the primary, as an operator does. */
  async switchOver(): Promise<void> {
    const candidate = await this.nodeWith('sync_standby');
    const config = join(this.home('node1'), 'etc/patroni.yml');
    await this.run('node1', 'patronictl', '-c', config, 'switchover', '--candidate', candidate, '--force');
  }

  /** Runs `deploy/cell/restore` on a node, while Patroni is stopped on all. */
  restore(node: NodeName, moment: string): Promise<string> {
    return this.run(node, join(CHECKOUT, 'deploy/cell/restore'), join(this.home(node), 'cell.env'), moment);
  }

  async stop(): Promise<void> {
    this.killAll();
    process.off('exit', this.killAll);
    const running = (): number => [...this.services.values()].filter(({ pid }) => pid !== undefined).length;
    await until(running, (count) => count === 0);
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
  }

  /** The end of the log of each service, for the investigation of a failed run. */
  logs(): string {
    return [...this.written].map(([name, text]) => `--- ${name}\n${text}`).join('\n');
  }

  private readonly killAll = (): void => {
    for (const service of this.services.values()) {
      service.wanted = false;
      if (service.pid !== undefined) process.kill(service.pid, 'SIGKILL');
    }
    for (const node of NODES) this.killPostgres(node);
  };

  private async prepare(): Promise<void> {
    const names = ['PRIMARY', 'STANDBY', 'POOLER', 'POSTGRES', 'PATRONI', 'ETCD_CLIENT', 'ETCD_PEER'];
    for (const name of names) this.ports = { ...this.ports, [`${name}_PORT`]: await freePort() };
    this.ownedFolder(this.folder);
    for (const shared of ['backup', 'logs', 'proxy']) this.ownedFolder(join(this.folder, shared));
    for (const node of NODES) {
      this.ownedFolder(this.home(node));
      for (const part of ['sockets', 'locks']) this.ownedFolder(join(this.home(node), part));
      await this.render(node);
    }
    const etc = (node: NodeName, file: string): string => join(this.home(node), 'etc', file);
    for (const node of NODES) {
      this.declare(`etcd ${node}`, '/usr/bin/etcd', '--config-file', etc(node, 'etcd.yml'));
      this.declare(`patroni ${node}`, '/usr/bin/patroni', etc(node, 'patroni.yml'));
    }
    this.declare('haproxy', '/usr/sbin/haproxy', '-db', '-f', etc('node1', 'haproxy.cfg'));
    this.declare('pgbouncer', '/usr/sbin/pgbouncer', etc('node1', 'pgbouncer.ini'));
  }

  private async render(node: NodeName): Promise<void> {
    const home = this.home(node);
    const values: Record<string, string | number> = {
      ...{ NODE_NAME: node, NODE_ADDRESS: addressOf(node), CELL_NAME: 'cell-a', CELL_NETWORK: '127.0.0.0/8' },
      ...Object.fromEntries(NODES.map((name) => [`${name.toUpperCase()}_ADDRESS`, addressOf(name)])),
      ...{ PROXY_ADDRESS: '127.0.0.1', ...this.ports },
      ...{ POSTGRES_DATA: this.dataOf(node), POSTGRES_SOCKETS: join(home, 'sockets') },
      ...{ POSTGRES_PASSFILE: join(home, 'pgpass'), ETCD_DATA: join(home, 'etcd'), ETCD_STATE: 'new' },
      ...{ POOLER_USERS: join(home, 'etc/userlist.txt'), BACKUP_CONFIG: join(home, 'etc/pgbackrest.conf') },
      ...{ BACKUP_REPOSITORY: join(this.folder, 'backup'), BACKUP_LOGS: join(this.folder, 'logs') },
      ...{ BACKUP_LOCKS: join(home, 'locks'), BACKUP_PASSPHRASE: PASSWORD, LOGIN_PASSWORD },
      ...{ SUPERUSER_PASSWORD: PASSWORD, REPLICATION_PASSWORD: PASSWORD, PATRONI_PASSWORD: PASSWORD },
    };
    refuseOtherVariables(Object.keys(values));
    const file = join(home, 'cell.env');
    writeFileSync(
      file,
      Object.entries(values)
        .map(([name, value]) => `${name}=${value}\n`)
        .join(''),
    );
    await this.run(node, join(CHECKOUT, 'deploy/cell/render'), file, join(home, 'etc'));
  }

  private declare(name: string, ...command: string[]): void {
    this.services.set(name, { command, pid: undefined, wanted: false });
  }

  private startService(name: string): void {
    const service = this.services.get(name);
    if (!service) throw new Error(`No service ${name}.`);
    service.wanted = true;
    const [program = '', ...args] = service.command;
    // A process group of its own, so that a Ctrl-C reaches this program alone, which then ends them.
    const child = spawn(program, args, { env: { PATH }, cwd: this.folder, detached: true, ...this.owner });
    service.pid = child.pid;
    for (const output of [child.stdout, child.stderr])
      output.on('data', (chunk: Buffer) => this.note(name, chunk));
    child.once('exit', () => {
      service.pid = undefined;
      if (service.wanted) setTimeout(() => service.wanted && this.startService(name), RESTART_AFTER_MS);
    });
  }

  private async members(): Promise<Member[]> {
    for (const node of NODES) {
      const url = `http://${addressOf(node)}:${this.ports['PATRONI_PORT']}/cluster`;
      const answer = await fetch(url, { signal: AbortSignal.timeout(2000) }).catch(() => undefined);
      if (!answer?.ok) continue;
      return ((await answer.json()) as { members: Member[] }).members;
    }
    return [];
  }

  private postmasterOf(node: NodeName): number | undefined {
    try {
      const [pid] = readFileSync(join(this.dataOf(node), 'postmaster.pid'), 'utf8').split('\n');
      return Number(pid);
    } catch {
      return undefined;
    }
  }

  private address(login: string, password: string, port: string, database = 'nedwatch'): string {
    return `postgres://${login}:${password}@127.0.0.1:${this.ports[port]}/${database}`;
  }

  private readonly home = (node: NodeName): string => join(this.folder, node);
  private note(name: string, chunk: Buffer): void {
    const old = this.written.get(name) ?? '';
    this.written.set(name, (old + chunk.toString()).slice(-LOG_CHARACTERS));
  }

  private ownedFolder(path: string): void {
    mkdirSync(path, { recursive: true, mode: 0o700 });
    if (this.owner) chownSync(path, this.owner.uid, this.owner.gid);
  }
}

/** Linux answers on every address of 127.0.0.0/8: the nodes differ by address, as machines do. */
const addressOf = (node: NodeName): string => `127.0.0.1${node.at(-1)}`;

/** The run sets what `cell.env.example` lists, and nothing else. */
function refuseOtherVariables(names: readonly string[]): void {
  const text = readFileSync(join(CHECKOUT, 'deploy/cell/cell.env.example'), 'utf8');
  const listed = [...text.matchAll(/^([A-Z0-9_]+)=/gm)].map(([, name]) => name);
  if (listed.toSorted().join() !== names.toSorted().join())
    throw new Error(`cell.env.example lists ${listed.join(', ')}; the run sets ${names.join(', ')}.`);
}

/** PostgreSQL refuses to run as root, and `pg_hba` lets the system's user of this name in. */
function debianUser(name: string): { uid: number; gid: number } | undefined {
  const [, , uid, gid] =
    new RegExp(`^${name}:.*$`, 'm').exec(readFileSync('/etc/passwd', 'utf8'))?.[0].split(':') ?? [];
  if (uid === undefined) throw new Error(`This machine has no user ${name}.`);
  if (process.getuid?.() === Number(uid)) return undefined;
  if (process.getuid?.() !== 0) throw new Error(`Run this as root or as ${name}.`);
  return { uid: Number(uid), gid: Number(gid) };
}

/** Each process of PostgreSQL leads a group of its own. */
function killWithChildren(pid: number): void {
  const children = readdirSync('/proc').filter((entry) => {
    if (!/^\d+$/.test(entry)) return false;
    try {
      return readFileSync(`/proc/${entry}/stat`, 'utf8').split(') ')[1]?.split(' ')[1] === String(pid);
    } catch {
      return false; // it has ended
    }
  });
  for (const victim of [String(pid), ...children])
    try {
      process.kill(Number(victim), 'SIGKILL');
    } catch {
      // it has ended
    }
}
