import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import addFormats from 'ajv-formats';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { Webhook } from 'standardwebhooks';
import { EVENT_CATALOGUE } from '../../src/webhooks/messages/event-catalogue.js';

/** One received request, with the exact bytes of its body. */
export interface Arrival {
  /** Path and query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface ReceivedMessage {
  readonly id: string;
  readonly type: string;
  readonly timestamp: string;
  readonly sequence: number;
  readonly data: Readonly<Record<string, string>>;
}

export interface ReceiverAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/**
 * A hospital's system: a real HTTP server that stores the received requests. It answers 200 unless a test changes
 * that.
 */
export class WebhookReceiver {
  readonly arrivals: Arrival[] = [];
  /** Undefined: no answer, the connection is cut. */
  answer: (arrival: Arrival) => Promise<ReceiverAnswer | undefined> | ReceiverAnswer | undefined = () => ({
    status: 200,
  });

  private readonly server = createServer((request, response) => {
    void bodyOf(request).then(async (body) => {
      const arrival = { path: request.url ?? '', headers: request.headers as Record<string, string>, body };
      this.arrivals.push(arrival);
      const answer = await this.answer(arrival);
      if (answer) response.writeHead(answer.status, answer.headers).end(answer.body ?? '');
      else request.socket.destroy();
    });
  });

  static async start(): Promise<WebhookReceiver> {
    const receiver = new WebhookReceiver();
    await new Promise<void>((listening) => receiver.server.listen(0, '127.0.0.1', listening));
    return receiver;
  }

  /** It does not keep the process running. */
  unref(): this {
    this.server.unref();
    return this;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/hook`;
  }

  /** All received messages, each verified by an independent implementation of Standard Webhooks. */
  messages(secret: string): ReceivedMessage[] {
    return this.arrivals.map((arrival) => verified(arrival, secret));
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((closed) => this.server.close(closed));
  }
}

const ajv = new Ajv2020({ strict: false });
addFormats.default(ajv);
// Compiled at first use: most test files receive few types of events, or none.
const compiled = new Map<string, ValidateFunction>();

function validatorOf(type: string): ValidateFunction | undefined {
  const schema = EVENT_CATALOGUE.find((event) => event.type === type)?.schema;
  if (schema && !compiled.has(type)) compiled.set(type, ajv.compile(schema));
  return compiled.get(type);
}

/** Throws unless the message matches the catalogue of events. */
export function refuseUndocumented(message: ReceivedMessage): void {
  const isDocumented = validatorOf(message.type);
  if (!isDocumented?.(message))
    throw new Error(`Not as catalogued: ${message.type} ${JSON.stringify(isDocumented?.errors)}`);
}

/** Throws unless the signature is right by an independent implementation of Standard Webhooks. */
export function refuseForged({ headers, body }: Arrival, secret: string): void {
  // The receiver's clock is the program's: the library would refuse messages that are five minutes off.
  const machine = Date.now;
  Date.now = () => Number(headers['webhook-timestamp']) * 1000;
  try {
    new Webhook(secret).verify(body, { ...headers }, { jsonParse: false });
  } finally {
    Date.now = machine;
  }
}

/** Throws unless the signature is right and the message is as documented. */
export function verified(arrival: Arrival, secret: string): ReceivedMessage {
  refuseForged(arrival, secret);
  const message = JSON.parse(arrival.body) as ReceivedMessage;
  refuseUndocumented(message);
  return message;
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

/** Waits for a condition, 50 seconds by default; the error shows the last value. */
export async function until<T>(
  read: () => Promise<T> | T,
  holds: (value: T) => boolean,
  withinMs = 50_000,
): Promise<T> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    const value = await read();
    if (holds(value)) return value;
    if (performance.now() > deadline) throw new Error(`Still ${JSON.stringify(value).slice(0, 2000)}`);
    await new Promise((again) => setTimeout(again, 20));
  }
}
