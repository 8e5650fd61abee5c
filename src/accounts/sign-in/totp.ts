import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

const STEP_SECONDS = 30;
const DIGITS = 6;
const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** 160 random bits, as RFC 4226 recommends. */
export const newTotpSecret = (): Buffer => randomBytes(20);

export const stepAt = (now: Date): number => Math.floor(now.getTime() / 1000 / STEP_SECONDS);

/** The code of one step (RFC 6238: RFC 4226 over the count of 30-second steps, SHA-1, six digits). */
export function codeOf(secret: Buffer, step: number, digits = DIGITS): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const mac = createHmac('sha1', secret).update(counter).digest();
  const value = mac.readUInt32BE((mac.at(-1) ?? 0) & 0xf) & 0x7fff_ffff;
  return String(value % 10 ** digits).padStart(digits, '0');
}

/**
 * The step of the given code: the current one, or one before or after it, because clocks differ. Undefined for a
 * wrong code, and for a step that is not after the last accepted one.
 */
export function stepOf(code: string, secret: Buffer, now: Date, lastStep: number | null): number | undefined {
  const given = Buffer.from(code.padStart(DIGITS).slice(0, DIGITS));
  const current = stepAt(now);
  return [current - 1, current, current + 1].find(
    (step) => step > (lastStep ?? 0) && timingSafeEqual(Buffer.from(codeOf(secret, step)), given),
  );
}

/** RFC 4648, without padding: 160 bits are 32 letters. */
export function base32(bytes: Buffer): string {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  return (bits.match(/.{1,5}/g) ?? [])
    .map((five) => BASE32.charAt(parseInt(five.padEnd(5, '0'), 2)))
    .join('');
}

/** The content of the QR code for an authenticator. */
export function otpauthUri(secret: Buffer, login: string, hospital: string): string {
  const label = encodeURIComponent(`nedwatch ${hospital}:${login}`);
  const issuer = encodeURIComponent(`nedwatch ${hospital}`);
  return `otpauth://totp/${label}?secret=${base32(secret)}&issuer=${issuer}&algorithm=SHA1&digits=6&period=30`;
}
