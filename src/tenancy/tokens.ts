import { createHash, randomBytes } from 'node:crypto';

/** 256 random bits after a prefix by which people and secret scanners recognize the token. */
export const newToken = (prefix: string): string => `${prefix}${randomBytes(32).toString('base64url')}`;

/**
 * A new token that names its hospital behind the prefix. A proxy in front of several databases finds the database of a
 * request by it, before anybody looks the token up. The name stays when the hospital moves, and so does the token.
 */
export const newTokenOf = (hospitalId: string, prefix: string): string =>
  newToken(`${prefix}${nameInTokens(hospitalId)}`);

/** The 128 bits of the hospital's id, in 22 characters of base64url. */
export const nameInTokens = (hospitalId: string): string =>
  Buffer.from(hospitalId.replaceAll('-', ''), 'hex').toString('base64url');

/** Tokens are stored as their SHA-256 alone. */
export const hashOfToken = (token: string): Buffer => createHash('sha256').update(token).digest();
