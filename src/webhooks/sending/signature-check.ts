import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Message } from '../../guideline/message.js';
import { SIGNATURE_FINDING_MESSAGES } from '../../platform/messages/signature-findings.js';
import { SHARED, signatureHeader } from './webhook-signature.js';

/** The data that a receiver received or computed, each as its original text. */
export interface CheckedMessage {
  readonly webhookId: string;
  readonly webhookTimestamp: string;
  readonly webhookSignature: string;
  readonly body: string;
}

/** The stored data of the endpoint and of the message. */
export interface SignatureFacts {
  readonly secret: string;
  /** The previous secret; null: there was none. */
  readonly previousSecret: string | null;
  /** Whether messages are still signed with the previous secret too. */
  readonly previousSecretHolds: boolean;
  /** The bytes of the sent message; null: no message with this id was sent to the endpoint. */
  readonly sentBody: string | null;
  readonly now: Date;
}

export type SignatureFinding = keyof typeof SIGNATURE_FINDING_MESSAGES;
export const SIGNATURE_FINDINGS = Object.keys(SIGNATURE_FINDING_MESSAGES) as SignatureFinding[];

export interface SignatureVerdict {
  readonly valid: boolean;
  readonly findings: readonly { readonly code: SignatureFinding; readonly message: Message }[];
}

const TOLERANCE_MS = 5 * 60_000;

/**
 * Why a signature is valid or not (Standard Webhooks 1.0). `valid` is about the signature alone. Reveals nothing from
 * which the caller could make a signature.
 */
export function checkSignature(message: CheckedMessage, facts: SignatureFacts): SignatureVerdict {
  const scheme = schemeOf(facts.secret);
  const { valid, why } = judge(message, facts, scheme);
  const codes = [why, ...aboutMessage(message, facts)].filter((code) => code !== null);
  return {
    valid,
    findings: [...new Set(codes)].map((code) => ({
      code,
      message: { key: code, params: { scheme } },
    })),
  };
}

const schemeOf = (secret: string): 'v1' | 'v1a' => (secret.startsWith(SHARED) ? 'v1' : 'v1a');

function judge(
  message: CheckedMessage,
  facts: SignatureFacts,
  scheme: string,
): { valid: boolean; why: SignatureFinding | null } {
  const entries = message.webhookSignature.split(' ').filter((entry) => /^v1a?,\S+$/.test(entry));
  if (entries.length === 0) return { valid: false, why: 'signature-malformed' };
  const given = entries.filter((entry) => entry.startsWith(`${scheme},`));
  if (given.length === 0) return { valid: false, why: 'other-scheme' };
  const isOf = (secret: string, body: string): boolean =>
    given.some((entry) => same(entry, headerOf(message, body, secret)));
  const { secret, previousSecret, previousSecretHolds, sentBody } = facts;

  const holding = previousSecret !== null && previousSecretHolds ? [secret, previousSecret] : [secret];
  if (holding.some((one) => isOf(one, message.body))) return { valid: true, why: 'signature-verifies' };
  const bodies = sentBody === null ? [message.body] : [message.body, sentBody];
  if (previousSecret !== null && bodies.some((body) => isOf(previousSecret, body)))
    return { valid: false, why: previousSecretHolds ? null : 'previous-secret' };
  if (sentBody !== null && isOf(secret, sentBody)) return { valid: false, why: null }; // the findings about the body report it
  for (const body of bodies)
    for (const one of holding) {
      const mistake = mistakeIn(given, { ...message, body }, one);
      if (mistake) return { valid: false, why: mistake };
    }
  return { valid: false, why: 'unknown-key' };
}

function aboutMessage(
  { webhookTimestamp, body }: CheckedMessage,
  { sentBody, now }: SignatureFacts,
): (SignatureFinding | null)[] {
  const seconds = secondsIn(webhookTimestamp);
  const isFar = seconds !== null && Math.abs(seconds * 1000 - now.getTime()) > TOLERANCE_MS;
  return [
    seconds === null ? 'timestamp-malformed' : isFar ? 'timestamp-old' : null,
    sentBody === null ? 'unknown-id' : null,
    sentBody === null || sentBody === body
      ? null
      : saysTheSame(sentBody, body)
        ? 'body-rewritten'
        : 'body-differs',
  ];
}

const secondsIn = (timestamp: string): number | null =>
  /^\d{1,12}$/.test(timestamp) ? Number(timestamp) : null;

const headerOf = ({ webhookId, webhookTimestamp }: CheckedMessage, body: string, secret: string): string =>
  signatureHeader({ id: webhookId, timestamp: secondsIn(webhookTimestamp) ?? NaN, body }, [secret]);

/** A known mistake of receivers, if it produces this signature. Only a shared secret can be misused. */
function mistakeIn(
  given: readonly string[],
  { webhookId, webhookTimestamp, body }: CheckedMessage,
  secret: string,
): SignatureFinding | null {
  if (!secret.startsWith(SHARED)) return null;
  const bare = secret.slice(SHARED.length);
  const right = Buffer.from(bare, 'base64');
  const wrongKeys = [Buffer.from(secret), Buffer.from(bare), Buffer.from(secret, 'base64')];
  const whole = `${webhookId}.${webhookTimestamp}.${body}`;
  const parts = [body, `${webhookTimestamp}.${body}`, `${webhookId}.${body}`];
  const is = (key: Buffer, content: string): boolean =>
    (['base64', 'base64url', 'hex'] as const).some((encoding) =>
      given.some((entry) => same(entry, `v1,${createHmac('sha256', key).update(content).digest(encoding)}`)),
    );
  if (is(right, whole)) return 'other-encoding';
  if (parts.some((part) => [right, ...wrongKeys].some((key) => is(key, part)))) return 'without-id-and-time';
  if (wrongKeys.some((key) => is(key, whole))) return 'secret-not-decoded';
  return null;
}

/** In constant time. */
function same(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}

/**
 * Whether both are the same JSON, whatever the order of names; for HL7 v2 the same segments, whatever their line
 * ends.
 */
function saysTheSame(one: string, other: string): boolean {
  const read = other.replace(/^\uFEFF/, '');
  if (one.startsWith('MSH|')) return segmentsOf(one) === segmentsOf(read);
  try {
    return inOrder(JSON.parse(one)) === inOrder(JSON.parse(read));
  } catch {
    return false;
  }
}

const segmentsOf = (message: string): string =>
  message
    .split(/[\r\n]+/)
    .filter(Boolean)
    .join('\r');

const inOrder = (value: unknown): string =>
  JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
