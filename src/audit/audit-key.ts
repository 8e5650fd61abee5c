import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto';
import { link, mkdir, readFile, unlink, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { CHECKOUT } from '../platform/checkout.js';
import type { Config } from '../platform/config.js';
import { canonical } from '../tenancy/audit-entry.js';

/** The key file with which this installation signs its audit trails: outside the database. */
export type AuditKeyPlace = Pick<Config, 'dataDirectory'>;

export const auditKeyFile = ({ dataDirectory }: AuditKeyPlace): string =>
  join(resolve(CHECKOUT, dataDirectory), 'keys', 'audit-ed25519.pem');

/** ed25519 over the canonical JSON of the content, in base64. The key is generated at first use. */
export async function signed(place: AuditKeyPlace, content: unknown): Promise<string> {
  const key = (await keyAt(place)) ?? (await newKey(place));
  return sign(null, Buffer.from(canonical(content)), key).toString('base64');
}

/** The key for verification; undefined when there is none, because verification creates nothing. */
export async function auditPublicKey(place: AuditKeyPlace): Promise<KeyObject | undefined> {
  const key = await keyAt(place);
  return key && createPublicKey(key);
}

export const isSigned = (key: KeyObject | undefined, content: unknown, signature: unknown): boolean =>
  key !== undefined &&
  typeof signature === 'string' &&
  verify(null, Buffer.from(canonical(content)), key, Buffer.from(signature, 'base64'));

/** 32 bytes in base64, the usual format of ed25519 tools. */
export const printedKey = (key: KeyObject): string =>
  Buffer.from(key.export({ format: 'jwk' }).x ?? '', 'base64url').toString('base64');

async function keyAt(place: AuditKeyPlace): Promise<KeyObject | undefined> {
  try {
    return createPrivateKey(await readFile(auditKeyFile(place)));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** If several processes generate a key at once, all use the first. */
async function newKey(place: AuditKeyPlace): Promise<KeyObject> {
  const file = auditKeyFile(place);
  const draft = `${file}.${process.pid}`;
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const { privateKey } = generateKeyPairSync('ed25519');
  await writeFile(draft, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
  try {
    await link(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    await unlink(draft);
  }
  return createPrivateKey(await readFile(file));
}
