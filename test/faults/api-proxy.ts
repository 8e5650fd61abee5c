import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Agent, fetch } from 'undici';
import { CHECKOUT } from '../../src/platform/checkout.js';
import { issued } from '../support/certificates.js';
import { freePort } from '../support/redis.js';
import { until } from '../support/webhook-receiver.js';

const env = { PATH: `${process.env['PATH'] ?? ''}:/usr/sbin` };
const HOST = 'localhost';

export const API_NAMES = ['api1', 'api2'] as const;
export type ApiName = (typeof API_NAMES)[number];

export const hasHaproxy = (): boolean => spawnSync('haproxy', ['-v'], { env }).status === 0;

/** What HAProxy knows of one process. */
export interface ServerState {
  /** `UP`, `DOWN`, `DRAIN`, and what lies between. */
  readonly status: string;
  /** Calls so far. */
  readonly calls: number;
}

/** HAProxy with `packaging/haproxy.cfg`, in which only the lines of the operator are changed. */
export class ApiProxy {
  private constructor(
    readonly url: string,
    readonly certificate: string,
    /** Trusts the certificate. */
    readonly agent: Agent,
    readonly ports: Readonly<Record<ApiName, number>>,
    private readonly folder: string,
    private readonly process: ChildProcess,
  ) {}

  static async start(): Promise<ApiProxy> {
    const folder = mkdtempSync(join(tmpdir(), 'nedwatch-proxy-'));
    const { certificate, key } = issued(HOST);
    writeFileSync(join(folder, 'nedwatch.pem'), `${certificate}${key}`);
    const ports = { api1: await freePort(), api2: await freePort() };
    const [http, https] = [await freePort(), await freePort()];
    writeFileSync(
      join(folder, 'haproxy.cfg'),
      changed(readFileSync(join(CHECKOUT, 'packaging/haproxy.cfg'), 'utf8'), {
        'bind :80 ': `bind 127.0.0.1:${http} `,
        'bind :443 ': `bind 127.0.0.1:${https} `,
        '/etc/haproxy/nedwatch.pem': join(folder, 'nedwatch.pem'),
        '/run/haproxy/admin.sock': join(folder, 'admin.sock'),
        '127.0.0.1:3001': `127.0.0.1:${ports.api1}`,
        '127.0.0.1:3002': `127.0.0.1:${ports.api2}`,
      }),
    );
    const child = spawn('haproxy', ['-f', join(folder, 'haproxy.cfg')], { env, stdio: ['ignore', 2, 2] });
    process.once('exit', () => child.kill('SIGKILL')); // a killed run must not leave it running
    const agent = new Agent({ connect: { ca: certificate } });
    const proxy = new ApiProxy(`https://${HOST}:${https}`, certificate, agent, ports, folder, child);
    const answers = (): Promise<boolean> =>
      fetch(`${proxy.url}/health/live`, { dispatcher: agent }).then(
        () => true,
        () => child.exitCode !== null,
      );
    await until(answers, (is) => is);
    if (child.exitCode !== null) throw new Error(`HAProxy ended with ${child.exitCode}.`);
    return proxy;
  }

  /** As docs/operations/upgrade.md says it: `drain` gives the process no new calls, `ready` gives it some again. */
  async set(name: ApiName, state: 'drain' | 'ready'): Promise<void> {
    const answer = await this.ask(`set server api/${name} state ${state}`);
    if (answer.trim() !== '') throw new Error(answer);
  }

  async stateOf(name: ApiName): Promise<ServerState> {
    const field = await this.statistics('api', name);
    return { status: field('status'), calls: Number(field('req_tot')) };
  }

  /** Answers with a 5xx that left for clients so far. */
  async serverErrors(): Promise<number> {
    const field = await this.statistics('nedwatch', 'FRONTEND');
    return Number(field('hrsp_5xx'));
  }

  async isUp(name: ApiName): Promise<void> {
    await until(
      () => this.stateOf(name),
      ({ status }) => status === 'UP',
    );
  }

  async stop(): Promise<void> {
    await this.agent.destroy();
    const exited = once(this.process, 'exit');
    this.process.kill('SIGTERM');
    await exited;
    rmSync(this.folder, { recursive: true });
  }

  private async statistics(part: string, name: string): Promise<(column: string) => string> {
    const [heads = '', ...lines] = (await this.ask('show stat')).replace(/^# /, '').split('\n');
    const columns = heads.split(',');
    const fields = lines.find((line) => line.startsWith(`${part},${name},`))?.split(',');
    if (!fields) throw new Error(`HAProxy has no ${part} ${name}.`);
    return (column) => fields[columns.indexOf(column)] ?? '';
  }

  private async ask(command: string): Promise<string> {
    const socket = connect(join(this.folder, 'admin.sock'));
    socket.write(`${command}\n`);
    let answer = '';
    for await (const chunk of socket) answer += String(chunk);
    return answer;
  }
}

function changed(text: string, lines: Readonly<Record<string, string>>): string {
  return Object.entries(lines).reduce((now, [from, to]) => {
    if (!now.includes(from)) throw new Error(`packaging/haproxy.cfg has no ${from}`);
    return now.replaceAll(from, to);
  }, text);
}
