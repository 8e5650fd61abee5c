import { createPublicKey } from 'node:crypto';
import { z } from 'zod';
import { issue } from '../platform/messages/issues.js';

/** What SMART App Launch 2.2 requires of a server. */
export const SIGNATURES = ['RS384', 'ES384'] as const;

const MOST_KEYS = 10;
const MOST_CHARACTERS = 2000;
const LEAST_RSA_BITS = 2048;

const kid = z.string().min(1).max(200).describe('The header of each assertion names it');
const number = z
  .string()
  .max(MOST_CHARACTERS)
  .regex(/^[\w-]+$/);

/** A private key is refused, so that its owner notices. Members that are not named here are not kept. */
const noPrivateKey = z.never({ error: issue('key-set-private') }).optional();
const PublicJwk = z
  .discriminatedUnion('kty', [
    z.object({ kty: z.literal('RSA'), kid, n: number, e: number, d: noPrivateKey }),
    z.object({ kty: z.literal('EC'), crv: z.literal('P-384'), kid, x: number, y: number, d: noPrivateKey }),
  ])
  .refine(isStrongKey, issue('key-set-weak'));

/** Where a machine's public keys are: in `keys`, or at an address that it serves. */
export const KeySetInput = z
  .strictObject({
    keys: z
      .array(PublicJwk)
      .min(1)
      .max(MOST_KEYS)
      .refine((keys) => new Set(keys.map((key) => key.kid)).size === keys.length, issue('key-ids-once'))
      .optional(),
    url: z
      .url({ protocol: /^https?$/ })
      .max(500)
      .optional()
      .describe('An address that answers a JSON Web Key Set'),
  })
  .refine(({ keys, url }) => (keys === undefined) !== (url === undefined), issue('keys-or-url'));
export type KeySet = z.output<typeof KeySetInput>;

export const KeySetView = z.object({
  url: z.string().nullable().describe('Where the machine serves its public keys'),
  keyIds: z.array(z.string()).max(MOST_KEYS).describe('The keys that are stored here'),
});

export const keySetView = ({ url, keys = [] }: KeySet): z.input<typeof KeySetView> => ({
  url: url ?? null,
  keyIds: keys.map((key) => key.kid),
});

/** Whether the numbers are a key that OpenSSL reads, of at least 2048 bits where it is RSA. */
function isStrongKey(key: object): boolean {
  try {
    const { asymmetricKeyType, asymmetricKeyDetails } = createPublicKey({ key: { ...key }, format: 'jwk' });
    return asymmetricKeyType !== 'rsa' || (asymmetricKeyDetails?.modulusLength ?? 0) >= LEAST_RSA_BITS;
  } catch {
    return false;
  }
}
