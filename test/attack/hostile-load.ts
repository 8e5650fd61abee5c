/**
 * Sends one kind of hostile call over many connections, in a process of its own, so that it does not slow down the
 * measurement. Reads one order per line from standard input; prints the number of answers by status.
 */
import { Agent, type IncomingMessage, request } from 'node:http';
import { createInterface } from 'node:readline';
import {
  hostileCalls,
  type HostileCaller,
  type HostileGround,
  type HostileRequest,
} from './hostile-calls.js';

export interface LoadOrder {
  readonly url: string;
  readonly ground: HostileGround;
  /** By role, the keys that the requests use in turn. */
  readonly keys: Readonly<Partial<Record<HostileCaller, readonly string[]>>>;
  /** The index in `hostileCalls`. */
  readonly index: number;
  readonly connections: number;
  readonly milliseconds: number;
}

/** By status; 0 where no answer came in time. */
export type LoadReport = Readonly<Record<string, number>>;

async function load({ url, ground, keys, index, connections, milliseconds }: LoadOrder): Promise<LoadReport> {
  const { callers, request: requestOf } = hostileCalls(ground)[index]!;
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const until = performance.now() + milliseconds;
  const statuses: Record<string, number> = {};
  const prepared = new Map<unknown, Promise<Prepared>>();
  let sent = 0;
  const endless = async (): Promise<void> => {
    while (performance.now() < until) {
      const n = sent++;
      const caller = callers[n % callers.length]!;
      const itsKeys = keys[caller] ?? [];
      const key = itsKeys[Math.floor(n / callers.length) % itsKeys.length];
      const status = await send(url, agent, requestOf(n), key, prepared);
      statuses[status] = (statuses[status] ?? 0) + 1;
      // A refused client without a pause would measure only the speed of this process.
      if (status === 0 || status === 429 || status === 503)
        await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  const over = setTimeout(() => agent.destroy(), milliseconds);
  await Promise.all(Array.from({ length: connections }, endless));
  clearTimeout(over);
  agent.destroy();
  return statuses;
}

interface Prepared {
  readonly body: Buffer;
  readonly type: string;
}

async function send(
  url: string,
  agent: Agent,
  { method, path, body, type = 'application/json' }: HostileRequest,
  key: string | undefined,
  prepared: Map<unknown, Promise<Prepared>>,
): Promise<number> {
  // A large body is the same string each time.
  if (body !== undefined && !prepared.has(body)) {
    if (prepared.size > 100) prepared.clear();
    prepared.set(body, preparedOf(body, type));
  }
  const sent = await prepared.get(body);
  const { hostname, port } = new URL(url);
  const headers = {
    ...(key !== undefined && { authorization: `Bearer ${key}` }),
    ...(sent && { 'content-type': sent.type, 'content-length': sent.body.length }),
  };
  return new Promise((resolve) => {
    const asked = request({ hostname, port, method, path, headers, agent });
    asked.on('response', (answer: IncomingMessage) => {
      answer.resume().on('close', () => resolve(answer.statusCode ?? 0));
    });
    asked.on('error', () => resolve(0));
    asked.end(sent?.body);
  });
}

async function preparedOf(body: NonNullable<HostileRequest['body']>, type: string): Promise<Prepared> {
  if (typeof body === 'string' || Buffer.isBuffer(body)) return { body: Buffer.from(body), type };
  const form = new Request('http://localhost', { method: 'POST', body });
  return { type: form.headers.get('content-type') ?? '', body: Buffer.from(await form.arrayBuffer()) };
}

for await (const line of createInterface(process.stdin))
  console.log(JSON.stringify(await load(JSON.parse(line) as LoadOrder)));
