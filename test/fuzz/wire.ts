import { Agent, type IncomingHttpHeaders, request } from 'node:http';
import type { Draft } from './draft.js';
import type { Pool } from './pool.js';
import { Pick } from './schema-arbitrary.js';

/** A request in the form that is sent. */
export interface Wire {
  readonly method: string;
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | undefined;
  /** The values of the path parameters. */
  readonly path: Readonly<Record<string, string>>;
}

export interface WireAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

interface Raw {
  readonly raw: string;
}

const isRaw = (value: unknown): value is Raw => typeof value === 'object' && value !== null && 'raw' in value;
const escaped = (value: unknown): string =>
  isRaw(value) ? value.raw : encodeURIComponent(String(value).replace(/\p{Surrogate}/gu, '\ufffd'));

/** The request with the values of earlier answers filled in. */
export function wireOf({ method, operation, ...draft }: Draft, pool: Pool, key: string): Wire {
  const path = pathOf(draft.path, pool);
  const target = operation.template.replace(/\{(\w+)\}/g, (_, name: string) => escaped(path[name]));
  const query = draft.query
    .map(([name, value]) => [name, pool.filled(value, undefined)] as const)
    .map(([name, value]) => `${encodeURIComponent(name)}=${escaped(value)}`)
    .join('&');
  const { id } = path;
  const json =
    draft.body === undefined
      ? undefined
      : Buffer.from(JSON.stringify(pool.filled(draft.body, typeof id === 'string' ? id : undefined)));
  return {
    method,
    // Node's client sends latin1; the bytes are those of UTF-8.
    target: Buffer.from(`${target}${query === '' ? '' : `?${query}`}`.replaceAll(' ', '%20')).toString(
      'latin1',
    ),
    headers: { authorization: `Bearer ${key}`, ...draft.headers },
    body: draft.raw ?? json,
    path: Object.fromEntries(Object.entries(path).map(([name, value]) => [name, escaped(value)])),
  };
}

/** The last id and, before it, the ids of its parents. */
function pathOf(names: Readonly<Record<string, unknown>>, pool: Pool): Record<string, unknown> {
  const path: Record<string, unknown> = {};
  let parent: string | undefined;
  for (const [name, value] of Object.entries(names).reverse()) {
    if (value instanceof Pick) {
      const entry = pool.pick(value);
      path[name] = parent ?? entry.value;
      parent = entry.parent;
    } else path[name] = value;
  }
  return path;
}

/** One kept-alive connection after another to the program. */
export class Connection {
  private readonly agent = new Agent({ keepAlive: true, maxSockets: 1 });

  constructor(private readonly url: string) {}

  async send(wire: Wire): Promise<WireAnswer> {
    try {
      return await this.once(wire);
    } catch (error) {
      // The server may have closed an idle connection at the moment of the request.
      if ((error as { reused?: boolean }).reused === true) return this.once(wire);
      throw error;
    }
  }

  close(): void {
    this.agent.destroy();
  }

  private once({ method, target, headers, body }: Wire): Promise<WireAnswer> {
    return new Promise((resolve, reject) => {
      const { hostname, port } = new URL(this.url);
      const asked = request({
        ...{ hostname, port, method, path: target, agent: this.agent, timeout: 20_000 },
        headers: { ...(body && { 'content-length': body.length }), ...headers },
      });
      asked.on('response', (answer) => {
        const parts: Buffer[] = [];
        const done = (): void =>
          resolve({
            status: answer.statusCode ?? 0,
            headers: answer.headers,
            text: Buffer.concat(parts).toString('utf8'),
          });
        answer.on('data', (part: Buffer) => {
          parts.push(part);
          if (!answer.headers['content-type']?.startsWith('text/event-stream')) return;
          done(); // a stream has no end
          asked.destroy();
        });
        answer.on('end', done);
        answer.on('error', reject);
      });
      asked.on('timeout', () => asked.destroy(new Error('No answer within 30 seconds.')));
      asked.on('error', (error: Error & { reused?: boolean; code?: string }) => {
        error.reused = asked.reusedSocket && (error.code === 'ECONNRESET' || error.code === 'EPIPE');
        reject(error);
      });
      asked.end(body);
    });
  }
}
