import { Inject, Injectable, Logger } from '@nestjs/common';
import { CONFIG, type Config } from '../platform/config.js';
import type { Message } from '../guideline/message.js';
import { msg } from '../platform/messages/dictionary.js';
import { portOf, PRIVATE_RANGES } from '../platform/outbound/outbound-address.js';
import { OutboundClient } from '../platform/outbound/outbound-client.js';

/**
 * About a day of minutes. Older ones are dispensable: each hour a line contains the newest seals of all hospitals.
 */
const LINES_KEPT = 1500;
const LINES_AT_ONCE = 100;

type Where = Pick<Config, 'anchorUrl' | 'anchorToken'>;

/**
 * Sends each line of the anchor to the operator's append-only receiver, if one is configured. Lines that it does not
 * accept are sent again with the next ones.
 */
@Injectable()
export class AnchorReceiver {
  private readonly log = new Logger('AuditAnchor');
  private readonly waiting: string[] = [];
  private sending: Promise<void> | undefined;
  /** The error of the newest attempt; undefined: it succeeded. */
  private failure: string | undefined;

  constructor(
    @Inject(CONFIG) private readonly where: Where,
    private readonly client: OutboundClient,
  ) {}

  /** Keeps the line until it is sent; does nothing without a receiver. */
  add(line: string): void {
    if (this.where.anchorUrl === undefined) return;
    this.waiting.push(line);
    if (this.waiting.length > LINES_KEPT) this.waiting.shift();
  }

  /** Sends the waiting lines. Never throws; resolves once they are sent, or the attempt has failed. */
  async send(): Promise<void> {
    this.sending ??= this.sendAll().finally(() => {
      this.sending = undefined;
    });
    await this.sending;
  }

  /** The problem with the receiver; undefined: none. */
  fault(): Message | undefined {
    const { failure, waiting } = this;
    return failure === undefined
      ? undefined
      : msg('anchor-not-received', { detail: failure, lines: waiting.length });
  }

  private async sendAll(): Promise<void> {
    const { anchorUrl: url, anchorToken: token } = this.where;
    try {
      while (url !== undefined && this.waiting.length > 0) {
        const lines = this.waiting.slice(0, LINES_AT_ONCE);
        const { status } = await this.client.ask({
          ...{ url: url.href, method: 'POST', body: lines.join('') },
          headers: {
            'content-type': 'application/x-ndjson',
            ...(token !== undefined && { authorization: `Bearer ${token}` }),
          },
          // The operator configures the receiver, which may be in a private network.
          networks: PRIVATE_RANGES.map((range) => ({ range, port: portOf(url.port, url.protocol) })),
        });
        if (status < 200 || status > 299) throw new Error(`answered ${status}`);
        this.waiting.splice(0, this.waiting.indexOf(lines.at(-1) ?? '') + 1);
      }
      this.failure = undefined;
    } catch (error) {
      if (this.failure === undefined) this.log.warn(`The receiver of anchors: ${(error as Error).message}`);
      this.failure = (error as Error).message;
    }
  }
}
