import { Dispatcher, errors } from 'undici';
import { Chance, digestOf } from './chance.js';
import type { SimulatedProcess, WorldClock } from './stepping.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A request that reached a receiver, whatever its answer. */
export interface Arrival {
  readonly at: number;
  /** Counts the steps of the simulation. */
  readonly step: number;
  readonly endpoint: string;
  readonly id: string;
  /** When the attempt was claimed, in seconds: its `webhook-timestamp`. */
  readonly claimedAt: number;
  readonly body: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly process: SimulatedProcess;
  /** The sender's answer; null: none. */
  readonly status: number | null;
  /** The earliest step at which its sender began to work on it. */
  readonly claimStep: number;
}

type Weather = 'fine' | 'slow' | 'flapping' | 'failing' | 'silent' | 'cut' | 'busy' | 'gone';

/** The outcome of an attempt, and its duration. */
interface Answer {
  readonly afterMs: number;
  readonly status?: number;
  readonly retryAfter?: string;
  readonly error?: Error;
}

/** The duration of each: hours to weeks. Most of the time the receiver works. */
const WEATHER: readonly (readonly [weight: number, readonly [Weather, minMs: number, maxMs: number]])[] = [
  [40, ['slow', DAY, 20 * DAY]],
  [30, ['flapping', HOUR, 10 * DAY]],
  [15, ['failing', 10 * MINUTE, 4 * DAY]],
  [5, ['failing', 4 * DAY, 25 * DAY]],
  [15, ['silent', 10 * MINUTE, 2 * DAY]],
  [5, ['silent', 2 * DAY, 21 * DAY]],
  [10, ['cut', HOUR, 6 * DAY]],
  [15, ['busy', HOUR, 3 * DAY]],
  [5, ['gone', HOUR, 9 * DAY]],
];

/** A hospital's system, which works or fails by the seed; the only record of the messages that really arrived. */
export class Receiver {
  private weather: Weather = 'fine';
  private until = 0;
  /** From then on it always works. */
  healed = false;

  constructor(
    readonly url: string,
    private readonly chance: Chance,
    private readonly clock: WorldClock,
  ) {}

  answer(): Answer {
    const weather = this.now();
    const { chance } = this;
    if (weather === 'fine' || (weather === 'flapping' && chance.is(0.5))) return { afterMs: 0, status: 200 };
    if (weather === 'slow') return { afterMs: chance.between(1, 14) * 1000, status: 200 };
    if (weather === 'silent') return { afterMs: 15_000, error: new errors.HeadersTimeoutError() };
    if (weather === 'cut') return { afterMs: 0, error: new errors.SocketError('other side closed') };
    if (weather === 'busy')
      return { afterMs: 0, status: chance.of([429, 503]), retryAfter: String(chance.between(1, 7200)) };
    if (weather === 'gone') return { afterMs: 0, status: 410 };
    return { afterMs: 0, status: chance.of([500, 502, 302, 404]) };
  }

  private now(): Weather {
    if (this.healed) return 'fine';
    while (this.until <= this.clock.now) {
      const begins = this.until === 0 ? this.clock.now : this.until;
      const [next, min, max] =
        this.weather === 'fine' && this.until > 0
          ? this.chance.weighed(WEATHER)
          : (['fine', 2 * DAY, 60 * DAY] as const);
      this.weather = next;
      this.until = begins + this.chance.between(min, max);
    }
    return this.weather;
  }
}

/** All receivers, and their received messages. */
export class Receivers {
  readonly arrivals: Arrival[] = [];
  private readonly byUrl = new Map<string, Receiver>();

  constructor(
    private readonly seed: number,
    readonly clock: WorldClock,
    readonly stepOf: () => number,
  ) {}

  add(url: string): Receiver {
    const receiver = new Receiver(url, new Chance(digestOf(url, this.seed)), this.clock);
    this.byUrl.set(url, receiver);
    return receiver;
  }

  heal(): void {
    for (const receiver of this.byUrl.values()) receiver.healed = true;
  }

  /** The network of one process: each request and each answer is a step. */
  reachedBy(process: SimulatedProcess): Dispatcher {
    return new Network(process, (...given) => this.arrive(process, ...given), this);
  }

  private arrive(
    process: SimulatedProcess,
    url: string,
    headers: Record<string, string>,
    body: string,
    begunAt: number,
  ): Answer {
    const receiver = this.byUrl.get(url);
    if (!receiver) throw new Error(`Nobody is at ${url}.`);
    const answer = receiver.answer();
    this.arrivals.push({
      ...{
        at: this.clock.now,
        step: this.stepOf(),
        endpoint: url,
        path: new URL(url).pathname,
        process,
        body,
        headers,
      },
      id: headers['webhook-id'] ?? '',
      claimedAt: Number(headers['webhook-timestamp']),
      status: answer.status ?? null,
      claimStep: begunAt,
    });
    return answer;
  }
}

type Arrive = (url: string, headers: Record<string, string>, body: string, begunAt: number) => Answer;

/** undici's own request and reading of answers are unchanged: only the connection is replaced. */
class Network extends Dispatcher {
  constructor(
    private readonly process: SimulatedProcess,
    private readonly arrive: Arrive,
    private readonly world: Receivers,
  ) {
    super();
  }

  override dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): boolean {
    void this.exchange(options, handler as LegacyHandler);
    return true;
  }

  private async exchange(options: Dispatcher.DispatchOptions, handler: LegacyHandler): Promise<void> {
    const url = `${String(options.origin)}${options.path}`;
    const headers = options.headers as Record<string, string>;
    handler.onConnect(() => undefined);
    const { process, world } = this;
    const begunAt = world.stepOf() - CLAIMED_BEFORE;
    const answer = await process.step('request', () =>
      Promise.resolve(this.arrive(url, headers, options.body as string, begunAt)),
    );
    await process.step('answer', () => Promise.resolve(), { readyAt: world.clock.now + answer.afterMs });
    if (answer.error) {
      handler.onError(answer.error);
      return;
    }
    const fields = answer.retryAfter === undefined ? [] : ['retry-after', answer.retryAfter];
    handler.onHeaders(
      answer.status ?? 200,
      fields.map((text) => Buffer.from(text)),
      () => undefined,
      '',
    );
    handler.onComplete([]);
  }
}

/** Steps of all processes between the query for due work and the request, without pauses. */
const CLAIMED_BEFORE = 200;

/** The arguments that undici's `request` passes to a dispatcher. */
interface LegacyHandler {
  onConnect(abort: (error?: Error) => void): void;
  onHeaders(status: number, headers: Buffer[], resume: () => void, text: string): boolean;
  onComplete(trailers: string[]): void;
  onError(error: Error): void;
}
