import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, writeFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CHECKOUT } from '../../src/platform/checkout.js';
import { issued } from './certificates.js';
import { dataFolder } from './data-folder.js';
import { freePort } from './redis.js';

const PATH = `${process.env['PATH'] ?? ''}:/usr/sbin`; // where Debian puts haproxy
const FILES = join(CHECKOUT, 'deploy/directory');

/** The name in the certificate of the proxy. */
export const SITE = 'nedwatch.test';

export const hasHaproxy = (): boolean => spawnSync('haproxy', ['-v'], { env: { PATH } }).status === 0;

/** Two cells by their names: the address of the program, and the variables that reach its database. */
export type Cells = Readonly<
  Record<
    'cell-a' | 'cell-b',
    { readonly address: string; readonly variables: Readonly<Record<string, string>> }
  >
>;

export interface DirectoryAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

/** HAProxy with the files of deploy/directory, as they are. `cell-a` is the default cell. */
export class CellDirectory {
  private constructor(
    private readonly folder: string,
    readonly port: number,
    /** The certificate of the proxy, which is its own issuer. */
    readonly certificate: string,
    private readonly proxy: ChildProcess,
  ) {}

  static async start(cells: Cells): Promise<CellDirectory> {
    const folder = mkdtempSync(join(dataFolder(), 'cells-'));
    const { certificate, key } = issued(SITE);
    writeFileSync(join(folder, 'both.pem'), certificate + key);
    for (const [name, { variables }] of Object.entries(cells)) writeVariables(folder, name, variables);
    writeFileSync(join(folder, 'cells.map'), '');
    const port = await freePort();
    const hostOf = (cell: keyof Cells): string => new URL(cells[cell].address).host;
    const env = {
      ...{ PATH, DIRECTORY_ADDRESS: `127.0.0.1:${port}`, DIRECTORY_CERTIFICATE: join(folder, 'both.pem') },
      ...{ DIRECTORY_MAP: join(folder, 'cells.map'), DIRECTORY_DEFAULT_CELL: 'cell-a' },
      ...{ CELL_A_API1: hostOf('cell-a'), CELL_A_API2: hostOf('cell-a') },
      ...{ CELL_B_API1: hostOf('cell-b'), CELL_B_API2: hostOf('cell-b') },
    };
    // With a master process, which reloads on a signal and ends with its workers.
    const proxy = spawn('haproxy', ['-W', '-f', join(FILES, 'haproxy.cfg')], { env, stdio: 'ignore' });
    const directory = new CellDirectory(folder, port, certificate, proxy);
    await directory.listening();
    await directory.refresh();
    return directory;
  }

  /** Changes the variables of a cell. */
  write(cell: keyof Cells, variables: Readonly<Record<string, string>>): void {
    writeVariables(this.folder, cell, variables);
  }

  /** Runs deploy/directory/refresh; returns its exit code and what it output. */
  async refresh(): Promise<{ code: number | null; output: string }> {
    const child = spawn(join(FILES, 'refresh'), [this.folder], {
      env: { PATH, RELOAD: `kill -USR2 ${this.proxy.pid}`, NEDWATCH_LANG: 'en' },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let output = '';
    child.stderr.on('data', (text: Buffer) => (output += text.toString()));
    const [code] = (await once(child, 'close')) as [number | null];
    await sleep(500); // the new worker takes the listener over
    return { code, output };
  }

  /** Through the proxy; each call opens a connection of its own. */
  async call(
    path: string,
    {
      method = 'GET',
      headers = {},
      body,
    }: { method?: string; headers?: Record<string, string>; body?: object } = {},
  ): Promise<DirectoryAnswer> {
    const payload = body && JSON.stringify(body);
    const sent = request({
      ...{ host: '127.0.0.1', port: this.port, path, method, ca: this.certificate, agent: false },
      servername: SITE,
      headers: { ...(payload !== undefined && { 'content-type': 'application/json' }), ...headers },
    });
    sent.end(payload);
    const [answer] = (await once(sent, 'response')) as [IncomingMessage];
    let text = '';
    for await (const chunk of answer) text += String(chunk);
    return { status: answer.statusCode ?? 0, headers: answer.headers, text };
  }

  /** The master process of the proxy. */
  get pid(): number {
    return this.proxy.pid ?? 0;
  }

  async stop(): Promise<void> {
    const ended = once(this.proxy, 'exit');
    this.proxy.kill('SIGTERM');
    await ended;
  }

  private async listening(): Promise<void> {
    for (let tries = 0; ; tries++) {
      try {
        await this.call('/');
        return;
      } catch (error) {
        if (tries === 100) throw error;
        await sleep(100);
      }
    }
  }
}

function writeVariables(folder: string, cell: string, variables: Readonly<Record<string, string>>): void {
  const lines = Object.entries(variables).map(([name, value]) => `${name}='${value}'\n`);
  writeFileSync(join(folder, `${cell}.env`), lines.join(''));
}
