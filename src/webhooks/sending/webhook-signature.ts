import { createHmac, createPrivateKey, generateKeyPairSync, randomBytes, sign } from 'node:crypto';

/** The prefix of a shared secret. */
export const SHARED = 'whsec_';
const PRIVATE = 'whsk_';
const PUBLIC = 'whpk_';

/** How an endpoint's messages are signed: with a shared secret, or with a private key that only this program has. */
export const SIGNATURES = ['hmac', 'ed25519'] as const;
export type Signature = (typeof SIGNATURES)[number];

/** The signing key, and the verification key if it differs, in the notation of Standard Webhooks 1.0. */
export interface SigningKey {
  readonly secret: string;
  readonly publicKey: string | null;
}

/** A new one: 256 random bits, or a key pair whose private part is its 32-byte seed and the public key. */
export function newSigningKey(signature: Signature): SigningKey {
  if (signature === 'hmac') return { secret: SHARED + randomBytes(32).toString('base64'), publicKey: null };
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const seed = privateKey.export({ format: 'der', type: 'pkcs8' }).subarray(-32);
  const raw = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32);
  return {
    secret: PRIVATE + Buffer.concat([seed, raw]).toString('base64'),
    publicKey: PUBLIC + raw.toString('base64'),
  };
}

/** The signed content: exactly these bytes are sent. */
export interface SignedContent {
  readonly id: string;
  /** Unix seconds. */
  readonly timestamp: number;
  readonly body: string;
}

/**
 * The `webhook-signature` header of Standard Webhooks 1.0: one signature, `v1` or `v1a`, for each secret, separated
 * by spaces.
 */
export function signatureHeader({ id, timestamp, body }: SignedContent, secrets: readonly string[]): string {
  const content = Buffer.from(`${id}.${timestamp}.${body}`, 'utf8');
  return secrets
    .map((secret) =>
      secret.startsWith(PRIVATE) ? `v1a,${signed(secret, content)}` : `v1,${authenticated(secret, content)}`,
    )
    .join(' ');
}

function authenticated(secret: string, content: Buffer): string {
  const key = Buffer.from(secret.startsWith(SHARED) ? secret.slice(SHARED.length) : secret, 'base64');
  return createHmac('sha256', key).update(content).digest('base64');
}

// The fixed prefix of PKCS#8 for Ed25519 (RFC 8410); the seed follows.
const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex');

function signed(secret: string, content: Buffer): string {
  const seed = Buffer.from(secret.slice(PRIVATE.length), 'base64').subarray(0, 32);
  const key = createPrivateKey({ key: Buffer.concat([PKCS8, seed]), format: 'der', type: 'pkcs8' });
  return sign(null, content, key).toString('base64');
}
