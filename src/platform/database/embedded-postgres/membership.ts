import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  addressFile,
  type KeeperAddress,
  type KeeperAnswer,
  type KeeperMessage,
  type KeeperOrder,
} from './keeper-protocol.js';
import { NoEmbeddedPostgres } from './cluster-location.js';
import { CHECKOUT } from '../../checkout.js';
import { msg } from '../../messages/dictionary.js';

/** The membership of one program at a location's keeper. The server runs until the membership ends. */
export interface Membership {
  readonly url: string;
  /** Called for each later message of the keeper. */
  onMessage(listener: (message: KeeperMessage) => void): void;
  onEnd(listener: () => void): void;
  /** Ends the membership. The last member waits until the server has stopped. */
  leave(): Promise<void>;
}

// Far longer than any measured initdb on a slow disk, or any crash recovery.
const PATIENCE_ROUNDS = 1200;

/** Joins the keeper of the location; starts a keeper when there is none. */
export async function joinKeeper(order: KeeperOrder): Promise<Membership> {
  for (let round = 0; round < PATIENCE_ROUNDS; round++) {
    const membership = await ask(order.location.directory);
    if (membership) return membership;
    if ((await startKeeper(order)) === 'busy') await sleep(100); // the keeper starts or stops
  }
  throw new NoEmbeddedPostgres(msg('embedded-held', { directory: order.location.directory }));
}

async function ask(directory: string): Promise<Membership | undefined> {
  const address = addressOf(directory);
  if (!address) return undefined;
  const socket = connect(address.port, '127.0.0.1');
  const lines = createInterface(socket);
  const ended = new Promise<undefined>((resolve) => socket.once('close', () => resolve(undefined)));
  // Both events report it, and 'close' follows: a killed keeper refuses the connection.
  socket.on('error', () => undefined);
  lines.on('error', () => undefined);
  socket.write(`${address.token}\n`);
  const greeting = new Promise<string>((resolve) => lines.once('line', resolve));
  const line = await Promise.race([greeting, ended]);
  if (line === undefined) return undefined;
  const message = JSON.parse(line) as KeeperMessage;
  if (!('url' in message)) return undefined;
  return {
    url: message.url,
    onMessage: (listener) => lines.on('line', (text) => listener(JSON.parse(text) as KeeperMessage)),
    onEnd: (listener) => void ended.then(listener),
    leave: () => leave(socket, ended),
  };
}

function addressOf(directory: string): KeeperAddress | undefined {
  try {
    return JSON.parse(readFileSync(addressFile(directory), 'utf8')) as KeeperAddress;
  } catch {
    return undefined;
  }
}

async function leave(socket: Socket, ended: Promise<undefined>): Promise<void> {
  socket.write('leave\n');
  const impatience = setTimeout(() => socket.destroy(), 9000);
  await ended;
  clearTimeout(impatience);
}

/** A process of its own, so that it outlives a killed program. */
const KEEPER = join(CHECKOUT, 'dist/src/platform/database/embedded-postgres/keeper.js');

async function startKeeper(order: KeeperOrder): Promise<'ready' | 'busy'> {
  const keeper = spawn(process.execPath, [KEEPER, JSON.stringify(order)], {
    cwd: '/',
    detached: true, // a Ctrl-C or a kill of the program's process group must not reach the keeper
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  keeper.unref();
  const answer = await new Promise<KeeperAnswer>((resolve) => {
    createInterface(keeper.stdout).once('line', (line) => resolve(JSON.parse(line) as KeeperAnswer));
    keeper.once('error', (error) => resolve({ error: { key: error.message } }));
    keeper.once('exit', (code) => resolve({ error: { key: `its keeper ended with ${code}` } }));
  });
  keeper.stdout.destroy();
  if (typeof answer === 'object') throw new NoEmbeddedPostgres(answer.error);
  return answer;
}
