import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { request } from 'undici';
import type { OpenedNetwork } from './outbound-address.js';
import { type ClientTls, VettedAgents, type WayOut } from './vetted-agents.js';

/** What is read of an answer; a longer one is cut off. */
export const ANSWER_BYTES = 64 * 1024;

/** The longest that a request takes, answer included, unless its caller gives another limit. */
export const REQUEST_TIMEOUT_MS = 5000;

/** A request, and what it may reach. */
export interface OutboundRequest {
  readonly url: string;
  readonly method: 'GET' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Private networks that the operator opened for the hospital on whose behalf it is sent. */
  readonly networks: readonly OpenedNetwork[];
  readonly tls?: ClientTls | undefined;
}

export interface OutboundAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** `ANSWER_BYTES` at most. */
  readonly body: Buffer;
  /** Why the body is not whole; undefined: it is. */
  readonly broken: Error | undefined;
  /** When the certificate ends that the server showed; null: none was seen. */
  readonly certificateUntil: Date | null;
}

/** The answer is one that this client does not read. */
export class AnswerRefused extends Error {
  override readonly name = 'AnswerRefused';
}

export class TimedOut extends Error {
  override readonly name = 'TimeoutError';

  constructor(milliseconds: number) {
    super(`no answer within ${milliseconds / 1000} s`);
  }
}

/**
 * Sends every request of this program that leaves it: to allowed addresses alone, along no redirect, through the operator's
 * proxy if there is one. Reads 64 kB of an answer at most, and nothing that is compressed.
 */
@Injectable()
export class OutboundClient implements OnApplicationShutdown {
  private readonly agents: VettedAgents;

  constructor(way: WayOut) {
    this.agents = new VettedAgents(way);
  }

  /** Any status is an answer, a redirect's too. Throws where none comes before the `signal`. */
  async send(
    { url, method, headers, body, networks, tls }: OutboundRequest,
    signal: AbortSignal,
  ): Promise<OutboundAnswer> {
    const dispatcher = this.agents.for(networks, tls);
    const response = await request(url, {
      method,
      headers: { 'accept-encoding': 'identity', ...headers },
      ...(body !== undefined && { body }),
      dispatcher,
      signal,
    });
    const read = await beginningOf(response.body, response.headers['content-encoding']);
    return {
      ...{ status: response.statusCode, headers: response.headers, ...read },
      certificateUntil: dispatcher.certificates.endAt(url),
    };
  }

  /** As `send`, within `REQUEST_TIMEOUT_MS`. Throws also where the body is not whole, and at a redirect. */
  async ask(wanted: OutboundRequest, outer?: AbortSignal): Promise<OutboundAnswer> {
    const answer = await within(REQUEST_TIMEOUT_MS, (signal) => this.send(wanted, signal), outer);
    if (answer.broken) throw answer.broken;
    if (answer.status >= 300 && answer.status < 400)
      throw new AnswerRefused(`answered ${answer.status}: redirects are not followed`);
    return answer;
  }

  /** `ask` in the form that libraries take in place of the global `fetch`. */
  fetchWithin(networks: readonly OpenedNetwork[]): (url: string, options: object) => Promise<Response> {
    return async (url, options) => {
      const { signal, ...init } = options as RequestInit;
      const wanted = new Request(url, init);
      const body = wanted.method === 'POST' ? await wanted.text() : undefined;
      const { status, headers, ...answer } = await this.ask(
        {
          ...{ url, method: wanted.method === 'POST' ? 'POST' : 'GET', networks },
          headers: Object.fromEntries(wanted.headers),
          ...(body !== undefined && { body }),
        },
        signal ?? undefined,
      );
      const fields = Object.entries(headers).flatMap(([name, value]) =>
        [value ?? []].flat().map((text): [string, string] => [name, text]),
      );
      const empty = status === 204 || status === 205;
      return new Response(empty ? null : new Uint8Array(answer.body), { status, headers: fields });
    };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.agents.close();
  }
}

/**
 * Runs `work` with a signal that ends it after so many milliseconds, or with `outer`. Not `AbortSignal.timeout`, whose timers
 * live on after the work: thousands a second of them.
 */
export async function within<T>(
  milliseconds: number,
  work: (signal: AbortSignal) => Promise<T>,
  outer?: AbortSignal,
): Promise<T> {
  const ending = new AbortController();
  const timer = setTimeout(() => ending.abort(new TimedOut(milliseconds)), milliseconds);
  const end = (): void => ending.abort(outer?.reason);
  if (outer?.aborted === true) end();
  outer?.addEventListener('abort', end, { once: true });
  try {
    return await work(ending.signal);
  } finally {
    clearTimeout(timer);
    outer?.removeEventListener('abort', end);
  }
}

type Body = AsyncIterable<Buffer> & {
  destroy(error?: Error): unknown;
  on(event: 'error', then: () => void): unknown;
};

async function beginningOf(
  body: Body,
  encoding: string | string[] | undefined,
): Promise<Pick<OutboundAnswer, 'body' | 'broken'>> {
  if (encoding !== undefined && String(encoding).toLowerCase() !== 'identity') {
    body.on('error', () => undefined); // of being destroyed
    body.destroy();
    return {
      body: Buffer.alloc(0),
      broken: new AnswerRefused(`its answer is compressed (${String(encoding).slice(0, 50)})`),
    };
  }
  const chunks: Buffer[] = [];
  let size = 0;
  let broken: Error | undefined;
  try {
    for await (const chunk of body) {
      chunks.push(chunk.subarray(0, ANSWER_BYTES - size));
      size += chunk.length;
      if (size <= ANSWER_BYTES) continue;
      broken = new AnswerRefused(`its answer is longer than ${ANSWER_BYTES / 1024} kB`);
      break;
    }
  } catch (error) {
    broken = error as Error;
  }
  return { body: Buffer.concat(chunks), broken };
}
