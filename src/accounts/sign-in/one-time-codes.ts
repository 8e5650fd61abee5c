import { createHash, randomBytes } from 'node:crypto';

// Crockford's letters: none is mistaken for another when it is read aloud or copied by hand.
const LETTERS = '0123456789abcdefghjkmnpqrstvwxyz';

/** A code that a person types, with five random bits per letter; 16 letters are 80 bits: `k3vq-8f2m-zt0w-hn5c`. */
export function newCode(length = 16): string {
  const letters = [...randomBytes(length)].map((byte) => LETTERS.charAt(byte % 32)).join('');
  return letters.replace(/(.{4})(?=.)/g, '$1-');
}

/** SHA-256 of a code, independent of case, spaces, hyphens, and o, i or l for 0 and 1. */
export const hashOfCode = (typed: string): Buffer =>
  createHash('sha256')
    .update(typed.toLowerCase().replace(/[\s-]/g, '').replaceAll('o', '0').replace(/[il]/g, '1'))
    .digest();
