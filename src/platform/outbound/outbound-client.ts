import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { type Dispatcher, request } from 'undici';
import type { OpenedNetwork } from './outbound-address.js';
import { type ClientTls, type Connected, VettedAgents, type WayOut } from './vetted-agents.js';

/** How much of an answer is read; the rest is cut off. */
export const ANSWER_BYTES = 64 * 1024;

/** The longest duration of a request including its answer, unless its caller sets another limit. */
export const REQUEST_TIMEOUT_MS = 5000;

/** A request and its permitted destinations. */
export interface OutboundRequest {
  readonly url: string;
  readonly method: 'GET' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Private networks that the operator opened for the hospital that sends the request. */
  readonly networks: readonly OpenedNetwork[];
  readonly tls?: ClientTls | undefined;
  /**
   * Called when the request begins to leave; a request that failed before has not reached the server. Such a request has a
   * connection of its own: one that the server is about to close would leave open whether it arrived.
   */
  readonly onLeaving?: () => void;
}

export interface OutboundAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** At most `ANSWER_BYTES`. */
  readonly body: Buffer;
  /** Why the body is incomplete; undefined: it is complete. */
  readonly broken: Error | undefined;
  /** When the server's certificate expires; null: the connection had none. */
  readonly certificateUntil: Date | null;
}

/** The answer has a form that this client does not read. */
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
 * Sends every outgoing request of this program: only to allowed addresses, without following redirects, through the
 * operator's proxy if there is one. Reads at most 64 kB of an answer, and no compressed answer.
 */
@Injectable()
export class OutboundClient implements OnApplicationShutdown {
  private readonly agents: VettedAgents;

  constructor(way: WayOut) {
    this.agents = new VettedAgents(way);
  }

  /** Returns any status, also a redirect. Throws where no answer comes before the `signal`. */
  async send(
    { url, method, headers, body, networks, tls, onLeaving }: OutboundRequest,
    signal: AbortSignal,
  ): Promise<OutboundAnswer> {
    const dispatcher = this.agents.for(networks, tls);
    const response = await request(url, {
      method,
      headers: { 'accept-encoding': 'identity', ...headers },
      ...(body !== undefined && { body }),
      dispatcher: onLeaving ? dispatcher.compose(noting(onLeaving)) : dispatcher,
      reset: onLeaving !== undefined,
      signal,
    });
    const read = await beginningOf(response.body, response.headers['content-encoding']);
    return {
      ...{ status: response.statusCode, headers: response.headers, ...read },
      certificateUntil: dispatcher.certificates.endAt(url),
    };
  }

  /**
   * Opens a connection for a protocol other than HTTP, to the host and port of an http or, with TLS, https address. The
   * `signal` destroys it, whenever it aborts.
   */
  async connect(
    { url, networks, tls }: Pick<OutboundRequest, 'url' | 'networks' | 'tls'>,
    signal: AbortSignal,
  ): Promise<Connected> {
    const connected = await this.agents.connect(url, networks, tls);
    const { socket } = connected;
    const end = (): void => void socket.destroy(signal.reason as Error);
    socket.on('error', () => socket.destroy());
    if (signal.aborted) end();
    signal.addEventListener('abort', end, { once: true });
    socket.once('close', () => signal.removeEventListener('abort', end));
    signal.throwIfAborted();
    return connected;
  }

  /** Like `send`, within `REQUEST_TIMEOUT_MS`. Also throws for an incomplete body and for a redirect. */
  async ask(wanted: OutboundRequest, outer?: AbortSignal): Promise<OutboundAnswer> {
    const answer = await within(REQUEST_TIMEOUT_MS, (signal) => this.send(wanted, signal), outer);
    if (answer.broken) throw answer.broken;
    if (answer.status >= 300 && answer.status < 400)
      throw new AnswerRefused(`answered ${answer.status}: redirects are not followed`);
    return answer;
  }

  /** `ask` in the form that libraries accept in place of the global `fetch`. */
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

/** Calls `onLeaving` when a request is written to an open connection. */
const noting =
  (onLeaving: () => void): Dispatcher.DispatcherComposeInterceptor =>
  (dispatch) =>
  (options, handler) =>
    dispatch(options, {
      onRequestStart: (controller, context) => {
        handler.onRequestStart?.(controller, context);
        if (!controller.aborted) onLeaving();
      },
      onResponseStart: (...answer) => handler.onResponseStart?.(...answer),
      onResponseData: (...part) => handler.onResponseData?.(...part),
      onResponseEnd: (...end) => handler.onResponseEnd?.(...end),
      onResponseError: (...failure) => handler.onResponseError?.(...failure),
    });

/**
 * Runs `work` with a signal that aborts it after the given milliseconds, or with `outer`. Not `AbortSignal.timeout`,
 * whose timers outlive the work: thousands a second.
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
    body.on('error', () => undefined); // the reason of the destruction
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
