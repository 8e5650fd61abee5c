import { createHmac, randomBytes } from 'node:crypto';

const PREFIX = 'whsec_';

/** A new signing secret with 256 random bits, written as Standard Webhooks 1.0 has it. */
export const newSecret = (): string => PREFIX + randomBytes(32).toString('base64');

/** What is signed: exactly these bytes are sent. */
export interface SignedContent {
  readonly id: string;
  /** Unix seconds. */
  readonly timestamp: number;
  readonly body: string;
}

/** The `webhook-signature` header of Standard Webhooks 1.0: one `v1` signature for each secret, apart by spaces. */
export function signatureHeader({ id, timestamp, body }: SignedContent, secrets: readonly string[]): string {
  return secrets.map((secret) => `v1,${sign(secret, `${id}.${timestamp}.${body}`)}`).join(' ');
}

function sign(secret: string, content: string): string {
  const key = Buffer.from(secret.startsWith(PREFIX) ? secret.slice(PREFIX.length) : secret, 'base64');
  return createHmac('sha256', key).update(content, 'utf8').digest('base64');
}
