import { createHmac } from 'node:crypto';
import type { Robot } from '../../src/webhooks/sending/group-robots.js';
import type { TestApp } from './app.js';
import { type Arrival, type ReceiverAnswer, WebhookReceiver } from './webhook-receiver.js';

const SECRET = 'SEC-of-the-group';
const KEY = '9a8b7c6d-of-the-group';

/** A vendor's robot by its documentation: it checks key, signature and rate, and always answers 200. */
export class GroupRobot {
  /** The texts that it has posted to the group. */
  readonly texts: string[] = [];
  /** The codes that it answered. */
  readonly codes: number[] = [];
  private readonly taken: number[] = [];

  private constructor(
    private readonly t: Pick<TestApp, 'now'>,
    readonly kind: Robot,
    readonly receiver: WebhookReceiver,
  ) {
    receiver.answer = (arrival) => this.take(arrival);
  }

  static async start(t: Pick<TestApp, 'now'>, kind: Robot): Promise<GroupRobot> {
    return new GroupRobot(t, kind, await WebhookReceiver.start());
  }

  /** The values that a hospital copies from the vendor's settings. */
  get registration(): { kind: Robot; url: string; robotSecret?: string } {
    const { kind } = this;
    const base = this.receiver.url;
    if (kind === 'wecom') return { kind, url: `${base}?key=${KEY}` };
    const url = kind === 'dingtalk' ? `${base}?access_token=${KEY}` : `${base}/${KEY}`;
    return { kind, url, robotSecret: SECRET };
  }

  /** The values that must stay secret. */
  get secrets(): string[] {
    return [KEY, SECRET];
  }

  stop(): Promise<void> {
    return this.receiver.stop();
  }

  private async take(arrival: Arrival): Promise<ReceiverAnswer> {
    const now = (await this.t.now()).getTime();
    const code = this.fault(arrival, now);
    this.codes.push(code);
    if (code === 0) this.taken.push(this.kind === 'feishu' ? beganAt(arrival) : now);
    // Some answers repeat the request.
    const errmsg = code === 0 ? 'ok' : `refused: ${arrival.path}`;
    const body = this.kind === 'feishu' ? { code, msg: errmsg, data: {} } : { errcode: code, errmsg };
    return { status: 200, body: JSON.stringify(body) };
  }

  private fault({ path, headers, body }: Arrival, now: number): number {
    const url = new URL(path, 'http://robot');
    const message = JSON.parse(body) as Record<string, never>;
    const within = (ms: number): number => this.taken.filter((at) => at > now - ms).length;
    const hmac = (key: string, text: string): string =>
      createHmac('sha256', key).update(text).digest('base64');
    if (headers['content-type'] !== 'application/json') return 40_035;
    if (this.kind === 'feishu') {
      const { timestamp, sign, msg_type, content } = message as unknown as {
        [field in 'timestamp' | 'sign' | 'msg_type']: string;
      } & { content: { text: string } };
      if (!url.pathname.endsWith(`/${KEY}`)) return 19_001;
      if (Math.abs(now - Number(timestamp) * 1000) > 3_600_000) return 19_021;
      if (sign !== hmac(`${timestamp}\n${SECRET}`, '')) return 19_021;
      // By the start of the message: on a slow machine the messages of two seconds can arrive in one.
      const began = beganAt({ body });
      if (within(60_000) >= 100 || this.taken.filter((at) => at === began).length >= 5) return 11_232;
      if (msg_type !== 'text') return 9499;
      this.texts.push(content.text);
      return 0;
    }
    const { msgtype, text } = message as unknown as { msgtype: string; text: { content: string } };
    if (this.kind === 'wecom') {
      if (url.searchParams.get('key') !== KEY) return 93_000;
      if (within(60_000) >= 20) return 45_009;
    } else {
      const timestamp = url.searchParams.get('timestamp') ?? '';
      if (url.searchParams.get('access_token') !== KEY) return 300_005;
      if (Math.abs(now - Number(timestamp)) > 3_600_000) return 310_000;
      if (url.searchParams.get('sign') !== hmac(SECRET, `${timestamp}\n${SECRET}`)) return 310_000;
      if (within(60_000) >= 20) return 130_101;
    }
    if (msgtype !== 'text' || Buffer.byteLength(text.content) > 2048) return 40_008;
    this.texts.push(text.content);
    return 0;
  }
}

/** Feishu messages contain it, in whole seconds. */
const beganAt = ({ body }: Pick<Arrival, 'body'>): number =>
  Number((JSON.parse(body) as { timestamp: string }).timestamp) * 1000;
