import { randomBytes } from 'node:crypto';
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { binariesFor } from './binaries.js';
import { endLeftover, initialise, passwordOf, startServer, SUPERUSER, type Server } from './cluster.js';
import { releaseLock, takeLock } from './lock.js';
import { clusterOf } from './cluster-location.js';
import {
  addressFile,
  type KeeperAddress,
  type KeeperAnswer,
  type KeeperMessage,
  type KeeperOrder,
} from './keeper-protocol.js';
import { MendableError } from '../../messages/mendable-error.js';

// For a program that was killed while its keeper started, and so never connects.
const WAIT_FOR_FIRST_PROGRAM_MS = 10_000;

// After five seconds another process has the port, and programs that use it must be restarted.
const LAST_PORT_TRIES = 50;

/**
 * The one process that runs the server of a location for all programs that use it. Each program keeps a connection to
 * it, which the operating system closes however the program ends. When the last connection is closed, the server
 * stops and the keeper ends. So no program owns the server, and no kill leaves it running.
 */
class Keeper {
  private readonly programs = new Set<Socket>();
  private readonly token = randomBytes(24).toString('hex');
  private readonly door = createServer((socket) => this.answer(socket));
  private server: Server | undefined;
  private url = '';
  private stopping = false;

  constructor(private readonly order: KeeperOrder) {}

  async open(): Promise<void> {
    const { location, settings } = this.order;
    const binaries = binariesFor(location);
    initialise(location, binaries);
    await endLeftover(clusterOf(location.directory)); // the pools still use this port
    const port = await this.choosePort();
    this.url = `postgres://${SUPERUSER}:${passwordOf(location)}@127.0.0.1:${port}/postgres`;
    const start = async (): Promise<void> => {
      const server = await startServer(location, binaries, port, settings);
      this.server = server;
      void server.exited.then(() => {
        if (!this.stopping) start().then(() => this.tell({ restarted: true }), fail);
      });
    };
    await start();
    await new Promise<void>((resolve) => this.door.listen(0, '127.0.0.1', resolve));
    this.publish((this.door.address() as AddressInfo).port);
    setTimeout(() => this.closeIfUnused(), WAIT_FOR_FIRST_PROGRAM_MS);
  }

  private answer(socket: Socket): void {
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      if (this.programs.delete(socket)) this.closeIfUnused();
    });
    const lines = createInterface(socket).on('error', () => socket.destroy());
    lines.once('line', (token) => {
      if (token !== this.token || this.stopping) {
        socket.destroy();
        return;
      }
      this.programs.add(socket);
      write(socket, { url: this.url });
      lines.once('line', () => this.letGo(socket));
    });
  }

  // The connection of the last program stays open until the server has stopped, because that program waits for it.
  private letGo(program: Socket): void {
    this.programs.delete(program);
    if (this.programs.size > 0) program.end();
    else this.closeIfUnused();
  }

  private tell(message: KeeperMessage): void {
    for (const program of this.programs) write(program, message);
  }

  private closeIfUnused(): void {
    if (this.programs.size > 0 || this.stopping) return;
    this.stopping = true;
    rmSync(addressFile(this.order.location.directory), { force: true });
    void this.server?.stop().then(() => {
      if (this.order.temporary) rmSync(this.order.location.directory, { recursive: true, force: true });
      process.exit(0);
    });
  }

  private publish(port: number): void {
    const path = addressFile(this.order.location.directory);
    const address: KeeperAddress = { port, token: this.token };
    writeFileSync(`${path}.draft`, JSON.stringify(address), { mode: 0o600 });
    renameSync(`${path}.draft`, path);
  }

  // Reuses the last port where it is free, so that pools find the server again after its keeper was killed.
  private async choosePort(): Promise<number> {
    const file = join(this.order.location.directory, 'port');
    const last = lastPort(file);
    let port = await freePort(last);
    // A killed server releases its port when its last process has exited.
    for (let tries = 0; port === undefined && tries < LAST_PORT_TRIES; tries++) {
      await sleep(100);
      port = await freePort(last);
    }
    port ??= (await freePort(0)) ?? 0;
    writeFileSync(file, String(port));
    return port;
  }
}

const lockOf = ({ location }: KeeperOrder): string => join(location.directory, 'keeper.lock');

const write = (socket: Socket, message: KeeperMessage): boolean =>
  socket.write(JSON.stringify(message) + '\n');

/** Reports to the program that started this keeper; that program may be gone. */
function report(answer: KeeperAnswer): void {
  process.stdout.on('error', () => undefined);
  process.stdout.write(JSON.stringify(answer) + '\n');
}

function fail(error: unknown): never {
  const text = { key: error instanceof Error ? error.message : String(error) };
  report({ error: error instanceof MendableError ? error.text : text });
  process.exit(1); // its programs notice that the keeper is gone, and start another or give up
}

function lastPort(file: string): number {
  try {
    return Number(readFileSync(file, 'utf8'));
  } catch {
    return 0;
  }
}

function freePort(wanted: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const probe = createServer().once('error', () => resolve(undefined));
    probe.listen(wanted, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}

// A terminal's Ctrl-C and a service manager also signal the keeper, but its programs have to leave first.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);

const order = JSON.parse(process.argv[2] ?? '') as KeeperOrder;
if (takeLock(lockOf(order))) {
  process.on('exit', () => releaseLock(lockOf(order)));
  new Keeper(order).open().then(() => report('ready'), fail);
} else {
  report('busy');
}
