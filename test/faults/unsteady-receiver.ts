import { setTimeout as sleep } from 'node:timers/promises';
import { WebhookReceiver, type Arrival, type ReceiverAnswer } from '../support/webhook-receiver.js';

/** The possible behaviours of a receiver; each bad one affects some of the requests. */
export const MANNERS = ['steady', 'failing', 'slow', 'stalling', 'flapping'] as const;
export type Manner = (typeof MANNERS)[number];

/** A hospital's system with failures. It has accepted the messages that it answered with 200. */
export class UnsteadyReceiver {
  manner: Manner = 'steady';
  /** Few enough that attempts pile up, so that each kill hits the maximum in flight. */
  answeredPerSecond = 120;
  readonly taken: { readonly arrival: Arrival; readonly atMs: number }[] = [];
  private readonly ids = new Set<string>();
  private nextTurn = 0;

  private constructor(
    readonly server: WebhookReceiver,
    private readonly random: () => number,
  ) {
    server.answer = (arrival) => this.answerTo(arrival);
  }

  static async start(random: () => number): Promise<UnsteadyReceiver> {
    return new UnsteadyReceiver(await WebhookReceiver.start(), random);
  }

  /** Different accepted messages, deduplicated by `webhook-id`. */
  get distinct(): number {
    return this.ids.size;
  }

  private async answerTo(arrival: Arrival): Promise<ReceiverAnswer | undefined> {
    await this.turn();
    const chance = this.random();
    if (this.manner === 'failing' && chance < 0.3) return { status: chance < 0.1 ? 503 : 500 };
    if (this.manner === 'stalling' && chance < 0.02) return new Promise(() => undefined);
    if (this.manner === 'slow' && chance < 0.2) await sleep(1500 * this.random());
    // Half a second up, a fifth of one down.
    if (this.manner === 'flapping' && performance.now() % 700 > 500) return undefined;
    this.taken.push({ arrival, atMs: performance.now() });
    this.ids.add(arrival.headers['webhook-id'] ?? '');
    return { status: 200 };
  }

  private async turn(): Promise<void> {
    const now = performance.now();
    const turn = Math.max(this.nextTurn, now);
    this.nextTurn = turn + 1000 / this.answeredPerSecond;
    await sleep(turn - now);
  }
}
