import { setTimeout as sleep } from 'node:timers/promises';
import { SmsGateway, VENDORS } from './sms-gateway.js';
import type { Arrival, ReceiverAnswer } from './webhook-receiver.js';

/** What the gateway does with one request. A lie takes the message and answers as if it had not. */
export type Deed =
  | 'take'
  | 'lie'
  | 'lie with 200'
  | 'take and cut'
  | 'take and stall'
  | 'cut'
  | 'stall'
  | 'throttle'
  | 'throttle with 429'
  | 'refuse';
/** Only a gateway that takes a number once can do this without harm: the answer is a clear refusal. */
export type OfDeduplicating = 'take and refuse' | 'take and throttle';

export interface Manners {
  /** Whether it takes a number once. Otherwise each request is an SMS. */
  readonly deduplicates: boolean;
  readonly next: (id: string) => Deed | OfDeduplicating | Promise<Deed | OfDeduplicating>;
  readonly stallMs: number;
}

/** All that is known of one message at the gateway. */
export interface KnownMessage {
  /** How many SMS the patient got. */
  taken: number;
  requests: number;
  /** Requests that were not answered yet. */
  inFlight: number;
  /** Requests after one whose answer left open what had happened, without a person who asked for a repetition. */
  repeatedBlindly: number;
  isOpen: boolean;
  lastAtMs: number;
}

/** A vendor's gateway with failures, which counts the SMS of each number. */
export class UnsteadyGateway {
  readonly known = new Map<string, KnownMessage>();
  readonly deeds = new Map<string, number>();

  private constructor(
    readonly server: SmsGateway,
    private readonly manners: Manners,
    private readonly nowMs: () => number,
  ) {
    server.answer = (arrival) => this.answerTo(arrival);
  }

  /** `nowMs`: the instant that is noted for each request. */
  static async start(manners: Manners, nowMs = () => performance.now()): Promise<UnsteadyGateway> {
    return new UnsteadyGateway(await SmsGateway.start('aliyun'), manners, nowMs);
  }

  /** What PUT /message-gateway says about it. */
  get settings(): object {
    const { deduplicates } = this.manners;
    return { ...this.server.settings, deduplicates, perMinute: 6000, repeated: [KNOWN] };
  }

  of(id: string): KnownMessage {
    const one = this.known.get(id) ?? {
      ...{ taken: 0, requests: 0, inFlight: 0, repeatedBlindly: 0, isOpen: false, lastAtMs: 0 },
    };
    this.known.set(id, one);
    return one;
  }

  /** A person knows that it was not taken, and asks for a repetition. */
  allowRepetition(id: string): void {
    this.of(id).isOpen = false;
  }

  private async answerTo({ body }: Arrival): Promise<ReceiverAnswer | undefined> {
    const { id } = VENDORS.aliyun.read(body);
    const one = this.of(id);
    one.requests++;
    one.inFlight++;
    one.lastAtMs = this.nowMs();
    if (one.isOpen) one.repeatedBlindly++;
    one.isOpen = true; // until the answer has left
    const deed = await this.manners.next(id);
    this.deeds.set(deed, (this.deeds.get(deed) ?? 0) + 1);
    const isKnown = this.manners.deduplicates && one.taken > 0;
    if (!isKnown && (deed.startsWith('take') || deed.startsWith('lie'))) one.taken++;
    const answer = await this.answerOf(deed, one, isKnown ? KNOWN : 'OK');
    one.inFlight--;
    return answer;
  }

  private async answerOf(
    deed: Deed | OfDeduplicating,
    one: KnownMessage,
    success: string,
  ): Promise<ReceiverAnswer | undefined> {
    switch (deed) {
      case 'take':
        return this.clear(one, success);
      case 'lie':
        return { status: 502, body: '<html>Bad Gateway</html>' };
      case 'lie with 200':
        return VENDORS.aliyun.answer('isp.SYSTEM_ERROR');
      case 'cut':
      case 'take and cut':
        return undefined;
      case 'stall':
      case 'take and stall':
        await sleep(this.manners.stallMs); // longer than the program waits
        return VENDORS.aliyun.answer(deed === 'stall' ? 'isv.AMOUNT_NOT_ENOUGH' : success);
      case 'throttle':
      case 'take and throttle':
        return this.clear(one, VENDORS.aliyun.throttled);
      case 'throttle with 429':
        one.isOpen = false;
        return { status: 429 };
      case 'refuse':
      case 'take and refuse':
        return this.clear(one, 'isv.AMOUNT_NOT_ENOUGH');
    }
  }

  private clear(one: KnownMessage, code: string): ReceiverAnswer {
    one.isOpen = false;
    return VENDORS.aliyun.answer(code);
  }
}

const KNOWN = 'DUPLICATE_OUT_ID';
