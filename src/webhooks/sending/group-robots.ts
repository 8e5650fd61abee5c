import { createHmac } from 'node:crypto';
import type { FieldFault } from '../../platform/domain-error.js';
import type { Message } from '../../guideline/message.js';
import { msg } from '../../platform/messages/dictionary.js';

/** The maximum number of attempts at an endpoint per minute, and per second where that is limited too. */
export interface RateLimit {
  readonly perMinute: number;
  readonly perSecond?: number | undefined;
}

/** Robots that post messages to a chat group. */
export const ROBOTS = ['dingtalk', 'wecom', 'feishu'] as const;
export type Robot = (typeof ROBOTS)[number];

/** The kind of an endpoint: a system that receives our messages unchanged, or a robot. */
export const ENDPOINT_KINDS = ['webhook', ...ROBOTS] as const;
export type EndpointKind = (typeof ENDPOINT_KINDS)[number];

/** By the vendors' documentation of custom robots. All of them answer 200, and report the result in the body. */
interface Vendor {
  /** The vendor's rate limit; above it the robot is blocked for a while. */
  readonly limit: RateLimit;
  /** The location of the code in the answer; 0 means that the message was accepted. */
  readonly code: readonly string[];
  readonly tooFast: readonly number[];
  /** The pause after the rate limit was exceeded. */
  readonly silentMs: number;
  readonly signs: boolean;
}

const MINUTE_MS = 60_000;

const VENDORS: Readonly<Record<Robot, Vendor>> = {
  dingtalk: {
    limit: { perMinute: 20 },
    code: ['errcode'],
    tooFast: [130101, 410100],
    silentMs: 10 * MINUTE_MS, // DingTalk itself refuses everything for this long
    signs: true,
  },
  wecom: {
    limit: { perMinute: 20 },
    code: ['errcode'],
    tooFast: [45009],
    silentMs: MINUTE_MS,
    signs: false,
  },
  feishu: {
    limit: { perMinute: 100, perSecond: 5 },
    code: ['code', 'StatusCode'], // the second in answers of older installations
    tooFast: [9499, 11232], // the first also means that the message could not be parsed
    silentMs: MINUTE_MS,
    signs: true,
  },
};

const MOST_PER_MINUTE = 6000;

/** The largest possible limit of attempts a minute at an endpoint. */
export const ceilingOf = (kind: EndpointKind): number =>
  kind === 'webhook' ? MOST_PER_MINUTE : VENDORS[kind].limit.perMinute;

/** The rate limit of an endpoint, its own or the vendor's. */
export const rateOf = (kind: EndpointKind, perMinute: number): RateLimit => ({
  perMinute,
  perSecond: kind === 'webhook' ? undefined : VENDORS[kind].limit.perSecond,
});

/** Problems of an endpoint's settings that depend on its kind. */
export function kindFaults(
  kind: EndpointKind,
  given: { rateLimit?: { perMinute: number } | null; robotSecret?: string; signature?: string },
): FieldFault[] {
  const { rateLimit, robotSecret, signature } = given;
  const faults: FieldFault[] = [];
  const fault = (pointer: string, code: string, message: Message): void =>
    void faults.push({ pointer, code, message });
  const ceiling = ceilingOf(kind);
  if (rateLimit && rateLimit.perMinute > ceiling)
    fault('/rateLimit/perMinute', 'out-of-range', msg('robot-rate', { kind, limit: ceiling }));
  if (robotSecret !== undefined && (kind === 'webhook' || !VENDORS[kind].signs))
    fault('/robotSecret', 'not-allowed', msg('robot-secret'));
  if (kind !== 'webhook' && signature === 'ed25519')
    fault('/signature', 'not-allowed', msg('robot-signature'));
  return faults;
}

const HIDDEN = '***';

/** The visible part of the address: neither its query nor, for Feishu, the end of its path. */
export function shownUrl(kind: EndpointKind, url: string): string {
  if (kind === 'webhook') return url;
  const shown = new URL(url);
  const query = [...shown.searchParams.keys()].map((name) => `${encodeURIComponent(name)}=${HIDDEN}`);
  const path = kind === 'feishu' ? shown.pathname.replace(/[^/]+\/?$/, HIDDEN) : shown.pathname;
  return shown.origin + path + (query.length > 0 ? `?${query.join('&')}` : '');
}

/**
 * Removes from a text, such as an answer that repeats the request, the credentials that permit posting in the group.
 */
export function withoutSecrets(robot: Robot, url: string, secret: string, text: string): string {
  const { searchParams, pathname } = new URL(url);
  const inPath = robot === 'feishu' ? [pathname.split('/').findLast((part) => part !== '') ?? ''] : [];
  return [...searchParams.values(), ...inPath, secret]
    .flatMap((value) => [value, encodeURIComponent(value)])
    .filter((value) => value.length >= 4) // a word such as "1" is no key, and removing it would garble the rest
    .reduce((left, value) => left.replaceAll(value, HIDDEN), text);
}

/**
 * The request that makes the robot post `text`; `timestamp` in Unix seconds, the secret empty where it does not sign.
 */
export function robotRequest(
  robot: Robot,
  { url, secret, text, timestamp }: { url: string; secret: string; text: string; timestamp: number },
): { readonly url: string; readonly body: string } {
  if (robot === 'feishu') {
    const signed = secret === '' ? {} : { timestamp: String(timestamp), sign: feishuSign(secret, timestamp) };
    return { url, body: JSON.stringify({ ...signed, msg_type: 'text', content: { text } }) };
  }
  const body = JSON.stringify({ msgtype: 'text', text: { content: text } });
  if (robot === 'wecom' || secret === '') return { url, body };
  const signed = new URL(url);
  signed.searchParams.set('timestamp', String(timestamp * 1000));
  signed.searchParams.set('sign', dingtalkSign(secret, timestamp * 1000));
  return { url: signed.href, body };
}

/** DingTalk, "custom robot security settings": signs milliseconds and secret, with the secret as key. */
const dingtalkSign = (secret: string, timestampMs: number): string =>
  createHmac('sha256', secret).update(`${timestampMs}\n${secret}`).digest('base64');

/** Feishu, "custom bot guide": signs an empty text, with seconds and secret as key. */
const feishuSign = (secret: string, timestamp: number): string =>
  createHmac('sha256', `${timestamp}\n${secret}`).digest('base64');

/** Why the robot did not post it; null: it did. */
export interface RobotRefusal {
  readonly error: string;
  /** How long to pause, if the rate limit was exceeded. */
  readonly silentMs: number | null;
}

/** Reads the result of a message from the status and body of an answer. */
export function robotRefusal(robot: Robot, status: number, answer: string): RobotRefusal | null {
  const { code: fields, tooFast, silentMs } = VENDORS[robot];
  const [field, code] = codeIn(answer, fields);
  if (code !== null && tooFast.includes(code))
    return { error: `answered ${status} with ${field} ${code}: too fast`, silentMs };
  if (status < 200 || status > 299) return { error: `answered ${status}`, silentMs: null };
  if (code === 0) return null;
  const what = code === null ? `without ${field}: this is no answer of a robot` : `with ${field} ${code}`;
  return { error: `answered ${status} ${what}`, silentMs: null };
}

function codeIn(answer: string, fields: readonly string[]): [field: string, code: number | null] {
  const parsed = parsedObject(answer);
  const found = fields.find((field) => typeof parsed[field] === 'number');
  return found === undefined ? [fields.join(' or '), null] : [found, parsed[found] as number];
}

function parsedObject(text: string): Readonly<Record<string, unknown>> {
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === 'object' && parsed !== null ? (parsed as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
