import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { Inject, Injectable } from '@nestjs/common';
import { CHECKOUT } from '../platform/checkout.js';
import { CONFIG, type Config } from '../platform/config.js';

const VERSION = 1;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * Encrypts secrets that the program itself has to read again, such as those of authenticators: AES-256-GCM with a key
 * outside the database. `context` is the secret's location; it opens nowhere else.
 */
@Injectable()
export class SecretBox {
  private cached: Buffer | undefined;

  constructor(@Inject(CONFIG) private readonly config: Pick<Config, 'masterKey' | 'dataDirectory'>) {}

  seal(plain: Buffer, context: string): Buffer {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.key(), nonce).setAAD(Buffer.from(context));
    const sealed = Buffer.concat([cipher.update(plain), cipher.final()]);
    return Buffer.concat([Buffer.from([VERSION]), nonce, cipher.getAuthTag(), sealed]);
  }

  /** Throws where the value was changed, is in another context, or was sealed with another key. */
  open(sealed: Buffer, context: string): Buffer {
    if (sealed[0] !== VERSION) throw new Error('A secret of an unknown version.');
    const tagAt = 1 + NONCE_BYTES;
    const textAt = tagAt + TAG_BYTES;
    const decipher = createDecipheriv('aes-256-gcm', this.key(), sealed.subarray(1, tagAt))
      .setAAD(Buffer.from(context))
      .setAuthTag(sealed.subarray(tagAt, textAt));
    return Buffer.concat([decipher.update(sealed.subarray(textAt)), decipher.final()]);
  }

  /** Whether a key exists, or the first use would generate one. */
  get hasKey(): boolean {
    return this.config.masterKey !== undefined || existsSync(keyFileIn(this.config.dataDirectory));
  }

  private key(): Buffer {
    this.cached ??= this.config.masterKey ?? keyIn(this.config.dataDirectory);
    return this.cached;
  }
}

/** The key file if the environment names none. */
export const keyFileIn = (dataDirectory: string): string =>
  join(resolve(CHECKOUT, dataDirectory), 'keys', 'secrets.key');

/** Generated at first use, by the first process. */
function keyIn(dataDirectory: string): Buffer {
  const file = keyFileIn(dataDirectory);
  const draft = `${file}.${randomBytes(6).toString('hex')}`;
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  try {
    return readFileSync(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  writeFileSync(draft, randomBytes(32), { mode: 0o600 });
  try {
    linkSync(draft, file); // unlike a rename, a link fails if the file exists
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  rmSync(draft);
  return readFileSync(file);
}
